"""Purchases with known right answers: small cases on which a wrong model buys, sells or counts wrongly."""

import pytest

from program import BAD_INPUT, NO_ANSWER, chipmix
from purchases import figure, owned, scenario_of, supply, answer


def cheap_answer(path):
    found = answer(path)
    assert found["feasible"]
    return found["decision"]


def one_month(jobs: int) -> dict:
    rents = {"months": 1, "supplies": [supply("a", rent={})]}
    rents["jobs"] = [{"name": f"job {i}"} for i in range(jobs)]
    return scenario_of(rents, tokens="100G")


def test_do_three_jobs_run_beside_one_another_and_cost_three_times_one(scenario):
    one, three = (cheap_answer(scenario(one_month(jobs)))["cost"] for jobs in (1, 3))
    assert three == pytest.approx(3 * one, rel=1e-6)


def bought_for(months: int, **more) -> dict:
    buys = {"months": months, "discount": 0.08, "supplies": [supply("a", buy={"own": owned(2e4)})]}
    return {**buys, "jobs": [{"name": "job", "by_month": 4}], **more}


def test_do_months_after_the_last_deadline_change_nothing(scenario):
    costs = [cheap_answer(scenario(scenario_of(bought_for(months), tokens="300G")))["cost"] for months in (4, 12, 36)]
    assert costs == pytest.approx([costs[0]] * 3, rel=1e-6)


def test_is_nothing_bought_for_a_vendors_share_that_does_not_work(scenario):
    content = scenario_of(bought_for(4), tokens="300G")
    content["procurement"]["supplies"].append(supply("b", vendor="other", buy={"own": owned(3e4)}))
    content["procurement"]["limits"] = {"vendor_share": 0.7}
    found = answer(scenario(content))
    decision, clusters = found["decision"], found["problem"]["clusters"]
    for k in range(2):
        for month, arrived in enumerate(decision["arrived"][k]):
            later = [shift for shifts in decision["shifts"][month:] for shift in shifts]
            assert not arrived or any(clusters[shift["cluster"]]["devices"][k] for shift in later)
    work = [sum(s["share"] * clusters[s["cluster"]]["devices"][k] for m in decision["shifts"] for s in m) for k in (0, 1)]
    assert max(work) <= 0.7 * sum(work) * (1 + 1e-6)


def test_does_a_device_that_nobody_buys_cost_all_of_its_price(scenario):
    content = scenario_of(bought_for(4), tokens="300G")
    content["procurement"]["supplies"][0]["buy"]["own"]["residual"] = figure(0)
    found = answer(scenario(content))
    assert sum(found["decision"]["proceeds"]) == 0
    assert found["decision"]["cost"] == pytest.approx(found["decision"]["spent"], rel=0.02)
    del content["procurement"]["supplies"][0]["buy"]["own"]["residual"]
    buy = answer(scenario(content))["problem"]["kinds"][0]["buy"]
    assert buy["residual"] == pytest.approx(10 ** (-0.14 * 5))


def test_is_the_cost_of_money_that_of_what_can_be_bought_if_nothing_else_is_said(scenario):
    content = scenario_of(bought_for(4), tokens="300G")
    said = cheap_answer(scenario(content))["cost"]
    del content["procurement"]["discount"]
    assert cheap_answer(scenario(content))["cost"] == pytest.approx(said, rel=1e-9)


def test_do_ranges_that_a_purchase_does_not_use_leave_its_cost_sure(scenario):
    content = scenario_of(bought_for(4), tokens="300G")
    own = content["procurement"]["supplies"][0]["buy"]["own"]
    own["utilisation"].update(low=0.5, high=0.9)
    own["discount"].update(low=0.02, high=0.2)
    found = answer(scenario(content))
    assert found["price_p10"] == pytest.approx(found["decision"]["cost"], rel=1e-9)
    assert found["price_p90"] == pytest.approx(found["decision"]["cost"], rel=1e-9)


@pytest.mark.parametrize(
    "key, low, high",
    [("device", "15000 USD", "30000 USD"), ("server", 1.2, 2), ("network", 0.1, 0.3), ("life", 3, 6),
     ("residual", 0.05, 0.3), ("maintenance", 0.01, 0.1)],
)
def test_does_every_range_that_a_purchase_uses_count(scenario, key, low, high):
    content = scenario_of(bought_for(4), tokens="300G")
    content["procurement"]["supplies"][0]["buy"]["own"][key].update(low=low, high=high)
    found = answer(scenario(content))
    assert found["price_p10"] < found["decision"]["cost"] * 0.9999
    assert found["price_p90"] > found["decision"]["cost"] * 1.0001


def test_are_probabilities_above_one_and_caps_below_any_cluster_refused_at_once(scenario):
    content = scenario_of(bought_for(4), tokens="300G")
    content["procurement"]["supplies"][0]["buy"]["cap"] = 5
    content["procurement"]["limits"] = {"vendor_share": 0.7, "budget": "5 JPY"}
    case = {"probability": 0.8, "set": {"procurement.supplies.0.buy.lead_months": 1}}
    content["assumptions"] = [{"assumed": "x", "cases": [{"label": "one", **case}, {"label": "two", **case}]}]
    run = chipmix("procure", scenario(content))
    assert run.returncode == BAD_INPUT
    for words in ("probabilities add to 1.6", "smallest cluster has 8", "1 vendor of at most 70 %", "JPY"):
        assert words in run.stderr


def test_is_a_price_beyond_the_worlds_product_refused(scenario):
    content = scenario_of({"months": 4, "supplies": [supply("a", rent={"price": figure("1e308 USD/h")})]}, tokens="100G")
    content["options"][1]["rent"]["value"] = "1e308 USD/h"
    run = chipmix("procure", scenario(content))
    assert run.returncode == BAD_INPUT and run.stderr.count("a price of 1e+15 USD and more") == 2


def test_is_no_price_interval_below_nothing(scenario):
    price = {**figure("7.9e-6 USD/h"), "low": "6e-9 USD/h", "high": "3e-3 USD/h"}
    content = scenario_of(bought_for(4), tokens="100G")
    content["procurement"]["supplies"].append(supply("b", rent={"price": price}))
    found = answer(scenario(content))
    assert 0 < found["price_p10"] <= found["price_p50"] <= found["price_p90"]


def test_are_two_limits_in_conflict_named_together(scenario):
    buys = bought_for(4, limits={"power": "5 kW", "budget": "1000 USD"})
    run = chipmix("procure", scenario(scenario_of(buys, tokens="300G")))
    assert run.returncode == NO_ANSWER
    assert "Without the budget and the limit of power the jobs can be done" in run.stdout
    assert "Without the budget the jobs can be done" not in run.stdout


def test_is_a_late_order_late_in_the_world_where_it_is(scenario):
    buys = bought_for(4, jobs=[{"name": "job", "from_month": 1, "by_month": 4}])
    buys["supplies"][0]["buy"]["lead_months"] = 1
    content = scenario_of(buys, tokens="10G")
    cluster = answer(scenario(content))["problem"]["clusters"][-1]
    content["job"]["tokens"] = 2.9 * cluster["tokens_per_month"][0]  # on the largest cluster, in all three months
    late = {"label": "late", "probability": 0.3, "set": {"procurement.supplies.0.buy.lead_months": 2}}
    content["assumptions"] = [{"assumed": "in time", "cases": [late]}]
    risk = answer(scenario(content))["risk"]
    assert risk["decisions"][0]["cost"][1] is None and risk["decisions"][0]["expected"] is None
