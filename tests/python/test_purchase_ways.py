"""The rows a buyer asks for, rent by contract, fleets that are there already, and mixes among the clusters of a purchase."""

import pytest

from program import BAD_INPUT, chipmix
from purchases import answer, figure, owned, scenario_of, supply


def ways(path) -> dict:
    return {way["way"]: way for way in answer(path)["ways"]}


def test_do_the_ways_stand_side_by_side_and_is_the_best_no_dearer_than_any(scenario):
    both = {"months": 6, "supplies": [supply("a", buy={"own": owned(2e4)}, rent={"price": figure("2 USD/h")})]}
    found = ways(scenario(scenario_of(both, tokens="300G")))
    assert list(found) == ["rent all", "buy all", "the best of both", "as today"]
    best = found["the best of both"]
    for name in ("rent all", "buy all"):
        assert best["cost"] <= found[name]["cost"] * (1 + 1e-9)
        assert 0 < found[name]["finish_months"] <= 6
        assert found[name]["price_p10"] <= found[name]["cost"] * (1 + 1e-9)
    assert found["rent all"]["bought"] == [0] and found["buy all"]["rented_device_months"] == [0]
    assert found["as today"]["cost"] is None


def test_does_a_fleet_do_the_work_as_today_and_cost_less_than_to_buy_it(scenario):
    content = {"months": 6, "supplies": [supply("a", buy={"own": owned(2e4)}, fleet={"devices": 32, "age_months": 24})]}
    found = ways(scenario(scenario_of(content, tokens="300G")))
    del content["supplies"][0]["fleet"]
    without = ways(scenario(scenario_of(content, tokens="300G")))
    assert found["as today"]["bought"] == [0]
    assert 0 < found["as today"]["cost"] < without["the best of both"]["cost"]
    assert found["the best of both"]["cost"] <= found["as today"]["cost"] * (1 + 1e-9)


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


def mixed() -> dict:
    supplies = [
        {**supply("a", rent={"price": figure("4 USD/h"), "cap": 8}), "sizes": [8]},
        {**supply("b", rent={"price": figure("2 USD/h"), "cap": 8}), "sizes": [8]},
    ]
    mixes = [{"option": "both", "supplies": ["a", "b"], "sizes": [[8, 8]]}]
    content = scenario_of({"months": 2, "supplies": supplies, "mixes": mixes}, tokens="100G")
    island = {"devices": 8, "fabric": "rail-optimised-non-blocking", "rent": figure("2 USD/h")}
    content["options"].append(
        {
            "name": "both",
            "mix": {
                "islands": [
                    {"name": "one", "device": "h100-sxm5-80gb", **island},
                    {"name": "other", "device": "a100-sxm4-80gb", **island},
                ],
                "links": [{"between": ["one", "other"], "link": "rdma-mixed-200", "count": 8}],
                "ways": ["data"],
            },
        }
    )
    return content


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
        ({"supplies": ["a"]}, "1 supplies for 2 islands"),
        ({"sizes": [[8]]}, "sizes that are not 2 counts of devices"),
    ],
)
def test_is_a_mix_that_does_not_fit_its_supplies_refused(scenario, change, words):
    content = mixed()
    content["procurement"]["mixes"][0].update(change)
    run = chipmix("procure", scenario(content))
    assert run.returncode == BAD_INPUT and words in run.stderr
