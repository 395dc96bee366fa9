"""What to buy and rent: the same optimum as another solver on another formulation, and limits that are named."""

import random

import numpy
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_matrix

from program import BAD_INPUT, NO_ANSWER, USAGE, chipmix, small
from purchases import answer, figure, owned, scenario_of, supply, worth


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
    assert "Without the limit of power the jobs can be done" in run.stdout and "MW" in run.stdout


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
