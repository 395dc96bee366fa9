"""Does the JSON output keep its promise: these keys, and ledgers that add up?"""

import json
import math

import pytest

from program import SCENARIOS, chipmix

COMPARE = {"schema_version", "scenario", "currency", "targets", "recommendation", "options", "published", "assumptions",
           "project_over_final_run"}
OPTION = {"name", "label", "feasible", "reason", "plan", "stages", "deadline", "budget", "devices", "step_time_s", "tokens_per_s", "mfu", "days",
          "device_hours", "device_hours_per_1t_tokens", "cost", "energy_kwh", "energy_boundary", "carbon_t", "memory", "relative_cost",
          "pareto", "beyond_measured", "evidence", "published_evidence", "basis", "steady_step_time_s"}
COST = {"total", "p10", "p50", "p90", "per_1t_tokens", "ledger"}
LEDGER = {"account", "amount", "currency", "why"}
MEMORY = {"stage", "device", "peak_gib", "capacity_gib"}
PLAN = {"tensor", "pipeline", "data", "context", "expert", "interleave", "micro_batch", "micro_batches", "recompute",
        "zero"}
PUBLISHED = {"device", "family", "kind", "comparable_runs", "projects", "runs_on_device", "runs_of_family",
             "runs_with_error", "median_error", "half_within", "error_p10", "error_p90", "sentence", "nearest", "nearest_whole_runs"}
NEAR = {"id", "project", "device", "stack", "model", "kind", "devices", "error", "error_as_shipped", "distance",
        "comparable"}
GRADES = {"measured", "fitted", "datasheet", "scaled", "assumed"}


def ask(*words):
    run = chipmix(*words, "--format", "json")
    assert run.stderr == ""
    return json.loads(run.stdout, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))


@pytest.fixture(scope="module", params=SCENARIOS, ids=lambda path: path.stem)
def compared(request):
    return request.param, json.loads(request.param.read_text()), ask("compare", request.param)


def runs(answer) -> list[dict]:
    return [option for option in answer["options"] if option["feasible"]]


def test_has_compare_its_keys(compared):
    _, scenario, answer = compared
    assert answer["schema_version"] == 1 and COMPARE <= answer.keys()
    assert (answer["scenario"], answer["currency"]) == (scenario["name"], scenario["currency"])
    assert [option["name"] for option in answer["options"]] == [option["name"] for option in scenario["options"]]
    for option in answer["options"]:
        assert OPTION <= option.keys()
        assert option["feasible"] == (option["reason"] is None)
    assert runs(answer)


def test_does_every_option_say_which_published_runs_are_like_it(compared):
    for option in compared[2]["options"]:
        weakest = option["published_evidence"]
        for one in weakest.get("by_device", [weakest]):
            assert PUBLISHED <= one.keys()
            assert 1 <= len(one["nearest"]) <= 5 and all(NEAR <= near.keys() for near in one["nearest"])
            assert sum(near["comparable"] for near in one["nearest"]) == min(5, one["comparable_runs"])
            assert one["projects"] <= one["comparable_runs"] <= one["runs_of_family"]
            assert (one["comparable_runs"] == 0) == ("nothing comparable" in one["sentence"])
            assert (one["median_error"] is None) == (one["runs_with_error"] == 0)
            assert weakest["projects"] <= one["projects"]


def count(text) -> float:
    """Tokens as scenarios write them: 1e12, "1T", "300B"."""
    number, unit = (text[:-1], text[-1]) if isinstance(text, str) else (text, "")
    return float(number) * {"": 1, "B": 1e9, "T": 1e12}[unit]


def lanes(plan) -> list:
    """The pipelines of a plan; one on one cluster has no list of them."""
    return plan.get("lanes", [plan])


def sequences(lane) -> int:
    data = lane["stages"][0]["data"] if "stages" in lane else lane["data"]
    return lane["micro_batch"] * lane["micro_batches"] * data


def test_are_the_figures_of_an_option_those_of_one_run(compared):
    _, scenario, answer = compared
    job = scenario["job"]
    for option in runs(answer):
        tokens = option["tokens_per_s"] * option["days"] * 86400
        assert tokens == pytest.approx(count(job["tokens"]), rel=1e-9)
        assert option["device_hours_per_1t_tokens"] == pytest.approx(option["device_hours"] * 1e12 / tokens, rel=1e-9)
        assert 0 < option["mfu"] < 1 and option["evidence"] in GRADES
        assert option["days_p10"] <= option["days"] <= option["days_p90"]
        if option["plan"] is None:
            assert sum(part["share"] for part in option["phases"] or option["stages"]) == pytest.approx(1)
            continue
        assert PLAN <= option["plan"].keys()
        step = job["sequence_length"] * job["global_batch"] / option["step_time_s"]
        slower = math.prod(row["factor"] for row in option["account"])  # a billed run than its best plan's steps
        assert slower >= 1 and all(row["source"] for row in option["account"])
        assert option["tokens_per_s"] == pytest.approx(step / slower, rel=1e-9)
        assert option["best_plan"]["days"] == pytest.approx(option["days"] / slower, rel=1e-9)
        assert option["device_hours"] == pytest.approx(option["devices"] * option["days"] * 24, rel=1e-9)
        assert sum(sequences(lane) for lane in lanes(option["plan"])) == job["global_batch"]
        assert len(option["plan"]["layers_per_stage"]) == option["plan"]["pipeline"]


def test_do_the_ledgers_of_money_add_up(compared):
    _, _, answer = compared
    for option in runs(answer):
        cost = option["cost"]
        assert COST <= cost.keys() and all(LEDGER <= entry.keys() for entry in cost["ledger"])
        assert math.fsum(entry["amount"] for entry in cost["ledger"]) == pytest.approx(cost["total"], rel=1e-12)
        assert {entry["currency"] for entry in cost["ledger"]} == {answer["currency"]}
        assert all(entry["why"] for entry in cost["ledger"])
        assert cost["p10"] <= cost["p50"] <= cost["p90"] and cost["p50"] == cost["total"]


def test_is_the_rent_the_price_times_the_device_hours(compared):
    _, scenario, answer = compared
    rates = {(rate["from"], rate["to"]): rate["rate"] for rate in scenario.get("exchange_rates", [])}
    for spec, option in zip(scenario["options"], answer["options"]):
        if not option["feasible"] or "rent" not in spec:
            continue
        price, unit = spec["rent"]["value"].split()
        currency = unit.split("/")[0]
        there, back = (currency, answer["currency"]), (answer["currency"], currency)
        rate = 1 if there == back else rates.get(there) or 1 / rates[back]
        rent = math.fsum(entry["amount"] for entry in option["cost"]["ledger"] if entry["account"].startswith("rent"))
        gone = option["goodput"]["not_held_s"] / 3600 * option["devices"] if option["goodput"] else 0  # spot: not paid
        assert rent == pytest.approx(float(price) * rate * (option["device_hours"] - gone), rel=1e-9)


def test_does_relative_cost_refer_to_the_baseline(compared):
    _, scenario, answer = compared
    costs = {option["name"]: option["cost"]["total"] for option in runs(answer)}
    baseline = scenario.get("baseline", scenario["options"][0]["name"])
    for option in runs(answer):
        if baseline in costs:
            assert option["relative_cost"] == pytest.approx(costs[option["name"]] / costs[baseline], rel=1e-12)
        better = [other for other in runs(answer) if other is not option and other["days"] <= option["days"]
                  and costs[other["name"]] <= costs[option["name"]]
                  and (other["days"], costs[other["name"]]) != (option["days"], costs[option["name"]])]
        assert option["pareto"] == (not better)


def test_does_memory_fit_and_its_ledger_add_up(compared):
    _, _, answer = compared
    for option in runs(answer):
        assert bool(option["memory"]) == (option["plan"] is not None)
        for stage in option["memory"]:
            assert MEMORY <= stage.keys() and 0 < stage["peak_gib"] <= stage["capacity_gib"]
            assert math.fsum(entry["gib"] for entry in stage["ledger"]) == pytest.approx(stage["peak_gib"], rel=1e-12)


def test_does_estimate_say_what_compare_says_and_where_the_time_goes(compared):
    path, _, answer = compared
    for option in answer["options"]:
        estimate = ask("estimate", path, "--option", option["name"])
        assert estimate["schema_version"] == 1
        for key in OPTION - {"relative_cost", "pareto", "deadline", "budget"}:
            assert estimate[key] == option[key], key
        if not option["feasible"] or option["plan"] is None:
            continue
        assert all({"account", "seconds", "why"} <= entry.keys() for entry in estimate["time"])
        seconds = math.fsum(entry["seconds"] for entry in estimate["time"])
        assert seconds == pytest.approx(estimate["step_time_s"], rel=1e-12)
        assert all(entry["seconds"] > 0 and entry["why"] for entry in estimate["time"])
        accounts = [entry["account"] for entry in estimate["time"]]
        assert len(accounts) == len(set(accounts))


def test_are_plans_sorted_and_the_first_one_that_compare_takes(compared):
    path, scenario, answer = compared
    for spec, option in zip(scenario["options"], answer["options"]):
        if "phases" in spec or "plan" in spec or "stages" in scenario["job"] or not option["feasible"]:
            continue
        found = ask("plan", path, "--option", option["name"], *([] if "mix" in spec else ["--top", "5"]))
        times = [plan["step_time_s"] for plan in found["plans"]]
        assert times == sorted(times)
        assert 2 <= len(times) <= 4 if "mix" in spec else len(times) == 5
        assert found["plans"][0]["plan"] == option["plan"]
        assert times[0] == pytest.approx(option["step_time_s"], rel=1e-12)
        if "commitment" not in spec:  # a term may be longer than the run
            assert found["plans"][0]["cost"] == pytest.approx(option["cost"]["total"], rel=1e-9)
        assert {"considered", "evaluated", "seconds", "jobs"} <= found["search"].keys()
        assert found["search"]["considered"] >= found["search"]["evaluated"] >= 5


def test_does_the_recommendation_name_the_cheapest(compared):
    _, _, answer = compared
    cheapest = min(runs(answer), key=lambda option: option["cost"]["total"])
    targets = any(target is not None for target in answer["targets"].values())
    assert answer["recommendation"].startswith(
        ("Of the options", "No option is done") if targets else f"{cheapest['label']} is cheapest")
    assert f"{cheapest['label']} is cheapest" in answer["recommendation"]


def test_does_explain_show_every_account_of_an_estimate(compared):
    path, _, answer = compared
    option = next((option for option in runs(answer) if option["plan"] is not None), None)
    if option is None:
        assert answer["options"][0]["stages"]
        return  # an account is of one step
    estimate = ask("estimate", path, "--option", option["name"])
    for entry in estimate["time"]:
        page = ask("explain", path, "--option", option["name"], "--account", entry["account"])
        assert page["account"] == entry["account"] and page["entries"][0]["amount"] == entry["seconds"]
