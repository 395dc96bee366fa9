"""The rows a buyer asks for, rent by contract, fleets that are there already, and mixes among the clusters of a purchase."""

import re

import pytest

from program import ANSWER, BAD_INPUT, ROOT, chipmix
from purchases import answer, figure, mixed, owned, scenario_of, supply, worth


def ways(path) -> dict:
    return {way["way"]: way for way in answer(path)["ways"]}


def test_do_the_ways_stand_side_by_side_and_is_the_best_no_dearer_than_any(scenario):
    both = {"months": 6, "supplies": [supply("a", buy={"own": owned(2e4)}, rent={"price": figure("2 USD/h")})]}
    found = ways(scenario(scenario_of(both, tokens="300G")))
    assert list(found) == ["rent only", "buy only", "best mix of both", "no new devices"]
    best = found["best mix of both"]
    for name in ("rent only", "buy only"):
        assert best["cost"] <= found[name]["cost"] * (1 + 1e-9)
        assert 0 < found[name]["finish_months"] <= 6
        assert found[name]["price_p10"] <= found[name]["cost"] * (1 + 1e-9)
    assert found["rent only"]["bought"] == [0] and found["buy only"]["rented_device_months"] == [0]
    assert found["no new devices"]["cost"] is None


def test_does_a_fleet_do_the_work_as_today_and_cost_less_than_to_buy_it(scenario):
    content = {"months": 6, "supplies": [supply("a", buy={"own": owned(2e4)}, fleet={"devices": 32, "age_months": 24})]}
    found = ways(scenario(scenario_of(content, tokens="300G")))
    del content["supplies"][0]["fleet"]
    without = ways(scenario(scenario_of(content, tokens="300G")))
    assert found["no new devices"]["bought"] == [0]
    assert 0 < found["no new devices"]["cost"] < without["best mix of both"]["cost"]
    assert found["best mix of both"]["cost"] <= found["no new devices"]["cost"] * (1 + 1e-9)


def test_is_rent_by_contract_paid_by_the_month_and_longer_than_the_jobs_refused(scenario):
    rents = {"months": 6, "supplies": [supply("a", rent={"price": figure("2 USD/h")})]}
    hourly = answer(scenario(scenario_of(rents, tokens="200G")))["decision"]["cost"]
    costs = []
    for term in (1, 3, 6):
        rents["supplies"][0]["rent"]["term_months"] = term
        costs.append(answer(scenario(scenario_of(rents, tokens="200G")))["decision"]["cost"])
    assert [hourly, *costs] == sorted([hourly, *costs])
    rents["supplies"][0]["rent"]["term_months"] = 12
    run = chipmix("procure", scenario(scenario_of(rents, tokens="200G")))
    assert run.returncode == BAD_INPUT and "a contract of 12 months" in run.stderr


def test_does_a_tier_of_rent_make_what_lies_beyond_it_cheaper(scenario):
    rents = {"months": 2, "supplies": [{**supply("a", rent={"price": figure("2 USD/h"), "term_months": 1}), "sizes": [8]}]}
    full = answer(scenario(scenario_of(rents, tokens="200G")))["decision"]["cost"]
    rents["supplies"][0]["rent"]["volume"] = [{"from": 4, "discount": 0.5}]
    tiered = answer(scenario(scenario_of(rents, tokens="200G")))["decision"]["cost"]
    assert tiered == pytest.approx(full * (4 + 4 * 0.5) / 8)


def test_does_a_job_run_on_two_kinds_together_when_neither_alone_is_fast_enough(scenario):
    content = mixed()
    clusters = answer(scenario(content))["problem"]["clusters"]
    speed = {tuple(one["devices"]): one["tokens_per_month"][0] for one in clusters}
    alone, together = max(speed[8, 0], speed[0, 8]), speed[8, 8]
    assert together > alone
    content["job"]["tokens"] = 2 * (alone + together) / 2  # in two months
    found = answer(scenario(content))
    assert found["feasible"]
    del content["procurement"]["mixes"]
    assert not answer(scenario(content))["feasible"]


@pytest.mark.parametrize(
    "change, words",
    [
        ({"option": "a"}, "no option 'a' with a 'mix'"),
        ({"supplies": ["b", "a"]}, "name the supplies in the order of the islands"),
        ({"supplies": ["a"]}, "1 supply for 2 islands"),
        ({"sizes": [[8]]}, "sizes that are not 2 counts of devices"),
    ],
)
def test_is_a_mix_that_does_not_fit_its_supplies_refused(scenario, change, words):
    content = mixed()
    content["procurement"]["mixes"][0].update(change)
    run = chipmix("procure", scenario(content))
    assert run.returncode == BAD_INPUT and words in run.stderr


@pytest.fixture(scope="module")
def china():
    path = ROOT / "scenarios" / "china_purchase.json"
    text = chipmix("procure", path)
    assert text.returncode == ANSWER and text.stderr == ""
    return " ".join(text.stdout.split()), answer(path)


def test_says_the_headline_how_likely_its_dates_are_kept(china):
    text, found = china
    planned = found["risk"]["decisions"][0]
    kept = sum(p for p, cost in zip(found["risk"]["probability"], planned["cost"]) if cost is not None)
    assert planned["probability_in_time"] == pytest.approx(kept) and kept < 1
    assert f"It keeps its dates with a probability of {100 * kept:.0f} %: not in the case of '910B two months late' (30 %)." in text


def test_stands_the_robust_order_beside_it_with_what_it_buys(china):
    text, found = china
    risk = found["risk"]
    whole = [one for one in risk["decisions"] if one["expected"] is not None]
    best = min(whole, key=lambda one: one["expected"])
    assert risk["robust"] == best["ordered_as_if"] != "as planned" and best["probability_in_time"] == pytest.approx(1)
    names = [kind["name"] for kind in found["problem"]["kinds"]]
    buys = ", ".join(f"{count:,} {name}" for name, count in zip(names, best["bought"]) if count)
    assert f"Robust order, made as if '{risk['robust']}': buy {buys}; rent " in text


def test_is_resale_told_once_and_as_the_curve_has_it(china):
    text, found = china
    assert text.count("sells for") == 2 and "of their price after a year" not in text
    kinds = {kind["name"]: kind for kind in found["problem"]["kinds"]}
    held = found["decision"]["sold"][1].index(512) + 1 - found["decision"]["arrived"][1].index(512)
    share = worth(kinds["910b"]["buy"], held) / kinds["910b"]["buy"]["price"]
    assert f"910b sells for {100 * share:.3g} % after {held} months" in text
    assert "h800 sells for nothing at any age" in text


def test_is_a_purchase_for_some_months_explained(china):
    text, found = china
    assert "The scenario has no offer to rent them." in text
    more = float(re.search(r"Without buying them all costs ([\d.]+) M CNY more", text)[1])
    assert more > 1  # and so it is no decoy
    kind, months = 1, found["problem"]["months"]
    there = [sum(found["decision"]["arrived"][kind][: m + 1]) - sum(found["decision"]["sold"][kind][:m]) for m in range(months)]
    assert f"512 910b are held for {sum(there):,} device-months only" in text


@pytest.mark.parametrize("name", ["china_purchase", "sovereign_cluster", "university_amd", "ant_fleet"])
def test_does_all_that_is_bought_work_in_every_month_but_the_last(name):
    """A purchase without use is never part of an optimum: devices work in the month in which they come, and in that in
    which they are sold."""
    found = answer(ROOT / "scenarios" / f"{name}.json")
    decision, clusters = found["decision"], found["problem"]["clusters"]
    for kind, (arrived, sold) in enumerate(zip(decision["arrived"], decision["sold"])):
        for month, devices in [*enumerate(arrived), *enumerate(sold)]:
            fleet = found["problem"]["kinds"][kind].get("fleet")
            if devices == 0 or fleet:
                continue
            assert any(clusters[shift["cluster"]]["devices"][kind] > 0 and shift["share"] > 0
                       for shift in decision["shifts"][month]), (kind, month)
