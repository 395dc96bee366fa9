"""What to buy and rent: the same optimum as another solver on another formulation, and limits that are named."""

import json
import random

import numpy
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_matrix

from program import ANSWER, BAD_INPUT, NO_ANSWER, USAGE, chipmix, small


def figure(value) -> dict:
    return {"value": value, "grade": "assumed", "source": "test"}


def owned(price: float) -> dict:
    return {
        "device": figure(f"{price} USD"),
        "server": figure(1.5),
        "network": figure(0.2),
        "life": figure(5),
        "residual": figure(0.1),
        "discount": figure(0.08),
        "utilisation": figure(0.8),
        "maintenance": figure(0.02),
    }


def scenario_of(procurement: dict, tokens="2T") -> dict:
    """Options a and b on 8 devices, plan fixed, so that nothing is searched for long."""
    content = small()
    content["job"]["tokens"] = tokens
    plan = {"tensor": 2, "recompute": "full"}
    content["options"] = [
        {
            "name": name,
            "cluster": {"device": device, "devices": 8, "fabric": "rail-optimised-non-blocking"},
            "plan": plan,
            "rent": figure("2 USD/h"),
        }
        for name, device in (("a", "h100-sxm5-80gb"), ("b", "a100-sxm4-80gb"))
    ]
    content["procurement"] = procurement
    return content


def supply(option: str, **other) -> dict:
    return {"option": option, "sizes": [8, 16, 32], **other}


def answer(path, *words):
    run = chipmix("procure", path, "--format", "json", *words)
    assert run.returncode in (ANSWER, NO_ANSWER) and run.stderr == "", run
    return json.loads(run.stdout)


class Program:
    """Rows and columns of a mixed-integer program for HiGHS."""

    def __init__(self):
        self.cost, self.low, self.high, self.whole = [], [], [], []
        self.entries, self.bounds = [], []

    def variable(self, cost=0.0, high=1.0, whole=False) -> int:
        self.cost.append(cost)
        self.low.append(0.0)
        self.high.append(high)
        self.whole.append(int(whole))
        return len(self.cost) - 1

    def row(self, terms, low=-numpy.inf, high=numpy.inf):
        self.entries += [(len(self.bounds), column, value) for column, value in terms]
        self.bounds.append((low, high))

    def least(self):
        rows, columns, values = zip(*self.entries)
        matrix = coo_matrix((values, (rows, columns)), shape=(len(self.bounds), len(self.cost))).tocsr()
        low, high = zip(*self.bounds)
        scale = max(1.0, max(abs(one) for one in self.cost))
        result = milp(
            numpy.array(self.cost) / scale,
            constraints=LinearConstraint(matrix, low, high),
            bounds=Bounds(self.low, self.high),
            integrality=self.whole,
            options={"mip_rel_gap": 0.0},
        )
        return result.fun * scale if result.success else None


def worth(buy: dict, age: int) -> float:
    """What a device that was bought at the full price sells for at so many months of age."""
    if buy["worth"] == "straight line":
        left = max(buy["residual"], 1 - (1 - buy["residual"]) * age / buy["life_months"])
    else:
        left = buy["residual"] ** (age / buy["life_months"]) if buy["residual"] > 0 else 0
    return buy["price"] * buy["resale"] * (1 - buy["sale_cost"]) * left


def optimum(problem: dict):
    """Lots counted by month of arrival and of sale; nothing arrives once something was sold; lot m works where m are
    there: not the formulation that chipmix solves."""
    months, discount = problem["months"], lambda month: (1 + problem["monthly_discount"]) ** -month
    program = Program()
    jobs, clusters = problem["jobs"], problem["clusters"]
    last = max(job["by_month"] for job in jobs)
    shares = {
        (c, t): program.variable()
        for c, cluster in enumerate(clusters)
        for t in range(months)
        if any(
            tokens > 0 and job["from_month"] <= t < job["by_month"]
            for tokens, job in zip(cluster["tokens_per_month"], jobs)
        )
    }
    for t in range(months):
        program.row([(shares[c, t], 1) for c in range(len(clusters)) if (c, t) in shares], high=1)
    for j, job in enumerate(jobs):
        done = [
            (z, clusters[c]["tokens_per_month"][j] / job["tokens"])
            for (c, t), z in shares.items()
            if job["from_month"] <= t < job["by_month"]
        ]
        program.row(done, low=1)
    power, cash = {t: [] for t in range(last)}, []
    for k, kind in enumerate(problem["kinds"]):
        lot, buy, rent = kind["lot"], kind["buy"], kind["rent"]
        needed = [cluster["devices"][k] // lot for cluster in clusters]
        most = max(needed)
        holdings = {}
        for t in range(buy["lead_months"] if buy else last, last):
            for end in range(t + 1, last + 1):
                upkeep = sum(discount(s) * buy["upkeep_per_month"] for s in range(t, end))
                price = discount(t - buy["lead_months"]) * buy["price"] - discount(end) * worth(buy, end - t) + upkeep
                assert not buy["volume"]
                holdings[t, end] = program.variable(price * lot, most, True)
                cash.append((holdings[t, end], lot * (buy["price"] + (end - t) * buy["upkeep_per_month"])))
        there = [[(one, -1) for (a, end), one in holdings.items() if a <= t < end] for t in range(last)]
        if buy and buy["cap"] is not None and holdings:
            program.row([(one, 1) for one in holdings.values()], high=buy["cap"] // lot)
        if holdings:  # first bought, then sold
            before = None
            for t in range(last):
                selling = program.variable(whole=True)
                program.row([(v, 1) for (a, e), v in holdings.items() if a == t] + [(selling, most)], high=most)
                program.row([(v, 1) for (a, e), v in holdings.items() if e == t] + [(selling, -most)], high=0)
                if before is not None:
                    program.row([(before, 1), (selling, -1)], high=0)
                before = selling
        if buy and buy["monthly"] is not None:  # what has come by a month, and what makes lots of it
            come, before = [], None
            for t in range(buy["lead_months"], last):
                come.append((program.variable(high=buy["monthly"]), 1))
                lots = [(one, -lot) for (a, _), one in holdings.items() if a <= t]
                program.row(come + lots, low=0, high=lot - 1)
        for t in range(last):
            power[t] += [(one, -sign * kind["kilowatts"] * lot) for one, sign in there[t]]
            is_owned = {}
            for m in range(1, most + 1):
                is_owned[m] = program.variable(whole=True)
                program.row([(is_owned[m], m)] + there[t], high=0)
            for m in range(1, most + 1):
                need = [(shares[c, t], 1) for c in range(len(clusters)) if (c, t) in shares and needed[c] >= m]
                held = [(is_owned[m], -1)]
                if rent and t >= rent["from_month"]:
                    held.append((program.variable(discount(t) * rent["price_per_month"] * lot), -1))
                    cash.append((held[-1][0], rent["price_per_month"] * lot))
                program.row(need + held, high=0)
                if rent and rent["cap"] is not None and m > rent["cap"] // lot:
                    short = [(is_owned[m - rent["cap"] // lot], -1)]
                    program.row(need + short, high=0)
    if problem["limits"]["kilowatts"] is not None:
        for terms in power.values():
            if terms:
                program.row(terms, high=problem["limits"]["kilowatts"])
    if problem["limits"]["budget"] is not None:
        program.row(cash, high=problem["limits"]["budget"])
    return program.least()


def question(seed: int) -> dict:
    dice = random.Random(seed)
    supplies = []
    for option in ("a", "b"):
        ways = {}
        if dice.random() < 0.8:
            ways["buy"] = {"own": owned(dice.uniform(5e3, 3e4)), "lead_months": dice.randint(0, 2)}
            if dice.random() < 0.5:
                ways["buy"]["cap"] = dice.choice([8, 16, 32])
            if dice.random() < 0.5:
                ways["buy"]["monthly"] = dice.choice([8, 16])
        if not ways or dice.random() < 0.6:
            ways["rent"] = {"price": figure(f"{dice.uniform(0.5, 4)} USD/h")}
            if dice.random() < 0.5:
                ways["rent"]["cap"] = dice.choice([8, 16, 32])
        supplies.append(supply(option, **ways))
    months = dice.randint(3, 6)
    procurement = {"months": months, "discount": dice.choice([0, 0.1]), "supplies": supplies, "limits": {}}
    procurement["worth"] = dice.choice(["market", "straight line"])
    if dice.random() < 0.3:
        procurement["limits"]["power"] = f"{dice.uniform(10, 60)} kW"
    if dice.random() < 0.2:
        procurement["limits"]["budget"] = f"{dice.uniform(2e5, 2e6)} USD"
    if dice.random() < 0.3:
        late = {"name": "second", "tokens": dice.uniform(1e10, 2e11), "from_month": dice.randint(0, months - 1)}
        procurement["jobs"] = [{"name": "first"}, late]
    return scenario_of(procurement, tokens=dice.uniform(1e11, 8e11))


def test_is_the_optimum_that_of_another_solver_on_200_random_problems(scenario):
    solved = 0
    for seed in range(200):
        found = answer(scenario(question(seed)))
        expected = optimum(found["problem"])
        assert found["feasible"] == (expected is not None), seed
        if expected is not None:
            assert found["decision"]["cost"] == pytest.approx(expected, rel=1e-6, abs=1.0), seed
            solved += 1
    assert 100 < solved < 200


def test_does_the_decision_do_the_jobs_on_devices_that_are_there(scenario):
    found = next(one for one in (answer(scenario(question(seed))) for seed in range(20)) if one["feasible"])
    problem, decision = found["problem"], found["decision"]
    for j, job in enumerate(problem["jobs"]):
        done = sum(
            shift["share"] * problem["clusters"][shift["cluster"]]["tokens_per_month"][j]
            for month in range(job["from_month"], job["by_month"])
            for shift in decision["shifts"][month]
        )
        assert done >= job["tokens"] * (1 - 1e-6)
    for month, shifts in enumerate(decision["shifts"]):
        assert sum(shift["share"] for shift in shifts) <= 1 + 1e-6
        for k in range(len(problem["kinds"])):
            owned_now = sum(decision["arrived"][k][: month + 1]) - sum(decision["sold"][k][:month])
            used = sum(shift["share"] * problem["clusters"][shift["cluster"]]["devices"][k] for shift in shifts)
            assert used <= owned_now + decision["rented"][k][month] + 1e-3


def test_are_limits_in_conflict_named_with_what_would_do(scenario):
    buys = {"months": 4, "supplies": [supply("a", buy={"own": owned(2e4)})], "limits": {"power": "5 kW"}}
    run = chipmix("procure", scenario(scenario_of(buys, tokens="300G")))
    assert run.returncode == NO_ANSWER
    assert "Without the limit of power it can be done" in run.stdout and "MW" in run.stdout


def test_are_all_faults_told_at_once(scenario):
    wrong = {
        "months": 6,
        "supplies": [supply("c", rent={}), supply("a"), supply("b", buy={"lead_months": -1})],
        "jobs": [{"name": "late", "from_month": 5, "by_month": 3}],
        "limits": {"budget": "5 JPY"},
    }
    run = chipmix("procure", scenario(scenario_of(wrong)))
    assert run.returncode == BAD_INPUT
    assert "'lead_months' must be between 0" in run.stderr
    wrong["supplies"][2]["buy"]["lead_months"] = 1
    run = chipmix("procure", scenario(scenario_of(wrong)))
    assert run.returncode == BAD_INPUT
    told = ("unknown option 'c'", "neither 'buy' nor 'rent'", "nothing says what it costs to buy", "from month 5", "JPY")
    for words in told:
        assert words in run.stderr


def test_is_a_scenario_without_procurement_told_so(scenario):
    run = chipmix("procure", scenario(small()))
    assert run.returncode == USAGE and "procurement" in run.stderr


def test_is_an_order_weighed_in_worlds_where_something_else_comes(scenario):
    buys = {"months": 6, "supplies": [supply("a", buy={"own": owned(2e4)}), supply("b", buy={"own": owned(1e4)}, rent={})]}
    content = scenario_of(buys, tokens="300G")
    late = {"label": "b late", "probability": 0.25, "set": {"procurement.supplies.1.buy.lead_months": 3}}
    content["assumptions"] = [{"assumed": "b comes at once", "cases": [late]}]
    risk = answer(scenario(content))["risk"]
    assert risk["worlds"] == ["as planned", "b late"] and risk["probability"] == [0.75, 0.25]
    for i, decision in enumerate(risk["decisions"]):
        known = [other["cost"][i] for other in risk["decisions"] if other["cost"][i] is not None]
        assert decision["cost"][i] == pytest.approx(min(known), rel=1e-6)
        if None not in decision["cost"]:
            assert decision["expected"] == pytest.approx(0.75 * decision["cost"][0] + 0.25 * decision["cost"][1])
            assert decision["worst"] == max(decision["cost"])
        else:
            assert decision["expected"] is None


def test_does_more_confidence_cost_more_and_plan_with_slower_clusters(scenario):
    rents = {"months": 6, "supplies": [supply("a", rent={}), supply("b", rent={})]}
    central = answer(scenario(scenario_of(rents, tokens="200G")))
    sure = answer(scenario(scenario_of({**rents, "confidence": 0.9}, tokens="200G")))
    assert sure["decision"]["cost"] > central["decision"]["cost"]
    speeds = [found["problem"]["clusters"][0]["tokens_per_month"][0] for found in (central, sure)]
    assert 0.5 < speeds[1] / speeds[0] < 1


def test_is_the_price_interval_that_of_the_rents_range(scenario):
    price = {**figure("2 USD/h"), "low": "1 USD/h", "high": "4 USD/h"}
    found = answer(scenario(scenario_of({"months": 4, "supplies": [supply("a", rent={"price": price})]}, tokens="100G")))
    cost = found["decision"]["cost"]
    assert found["price_p50"] == pytest.approx(cost, rel=0.03)
    assert found["price_p10"] == pytest.approx(cost / 2, rel=0.03)
    assert found["price_p90"] == pytest.approx(2 * cost, rel=0.03)


def test_do_spares_cost_what_the_devices_beside_them_do(scenario):
    content = scenario_of({"months": 4, "supplies": [supply("a", rent={})]}, tokens="100G")
    content["reliability"] = {"device_mtbf": figure("1e9 h"), "recovery": figure("1 s"), "blocking": figure("1 ms")}
    before = answer(scenario(content))["decision"]["cost"]
    content["reliability"]["spares"] = 0.1
    assert answer(scenario(content))["decision"]["cost"] == pytest.approx(1.1 * before, rel=1e-6)


def test_is_a_commitment_not_taken_for_a_price_by_the_month(scenario):
    content = scenario_of({"months": 4, "supplies": [supply("a", rent={})]}, tokens="100G")
    content["options"][0]["commitment"] = {"discount": figure(0.3), "term": "365 d"}
    run = chipmix("procure", scenario(content))
    assert run.returncode == BAD_INPUT and "whose term a purchase plan does not keep" in run.stderr


def test_is_an_unknown_device_one_fault_and_not_two(scenario):
    content = scenario_of({"months": 4, "supplies": [supply("a", rent={})]})
    content["options"][0]["cluster"]["device"] = "h100-sxm5-80bg"
    run = chipmix("procure", scenario(content))
    assert run.returncode == BAD_INPUT and run.stderr.count("error:") == 1


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
    assert "Without the budget and the limit of power it can be done" in run.stdout
    assert "Without the budget it can be done" not in run.stdout


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
