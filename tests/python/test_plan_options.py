"""Do the options of `plan` and `explain --neighbour` do what they say, and refuse what makes no sense?"""

import json
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest

from program import ANSWER, NO_ANSWER, PROGRAM, RENT, ROOT, USAGE, chipmix, small, write

INTERRUPTED = 130

ELECTRICITY = {
    "load": {"value": 0.75, "grade": "assumed", "source": "a round figure"},
    "pue": {"value": 1.25, "grade": "assumed", "source": "a round figure"},
    "tariff": {"value": "0.1 USD/kWh", "grade": "assumed", "source": "a round figure"},
}
RATES = [{"from": "EUR", "to": "USD", "rate": 1.1, "date": "2026-01-01", "source": "a round figure"}]

WRONG = {
    ("--objective", "speed"): "one of: time, cost, energy",
    ("--objective", "energie"): "did you mean 'energy'?",
    ("--objective", "energy"): "says nothing about electricity",
    ("--deadline", "-3"): "a number of days above 0, not '-3'",
    ("--deadline", "0"): "above 0",
    ("--deadline", "inf"): "above 0",
    ("--deadline", "soon"): "above 0",
    ("--deadline", "3 days"): "above 0",
    ("--budget", "1e6"): "--budget",
    ("--budget", "-1 USD"): "above 0",
    ("--budget", "5 GiB"): "--budget",
    ("--budget", "5 JPY"): "no rate to USD",
    ("--time-limit", "-1"): "a number of seconds above 0",
    ("--time-limit", "nan"): "above 0",
    ("--diverse=yes",): "--diverse takes no value",
}

CHANGES = {
    "tensor": "of the form KEY=VALUE",
    "tensr=2": "did you mean 'tensor'?",
    "tensor=two": "tensor: 'two' is not a whole number",
    "tensor=0": "from 1",
    "recompute=some": "one of none, selective, full",
    "sequence_parallel=1": "true or false",
    "schedule=zbx": "one of 1f1b, interleaved, gpipe, zb-h1, zb-h2, zb-v, dualpipe, dualpipe-v",
}


@pytest.fixture
def question(tmp_path):
    """A file with the small scenario, changed."""
    return lambda **changes: write(tmp_path / "s.json", {**small(**changes)})


def plans(path, *words):
    run = chipmix("plan", path, "--option", "a", "--format", "json", *words)
    return run.returncode, json.loads(run.stdout)


@pytest.mark.parametrize("words", WRONG, ids=" ".join)
def test_is_a_wish_that_makes_no_sense_refused(words, question):
    run = chipmix("plan", question(), "--option", "a", *words)
    assert (run.returncode, run.stdout) == (USAGE, ""), run
    assert WRONG[words] in run.stderr


def test_does_a_cost_need_a_rent(question):
    scenario = {**small(), "public_prices": False}
    del scenario["options"][0]["rent"]
    scenario["public_prices"] = False
    path = write(question().parent / "free.json", scenario)
    for words in (("--objective", "cost"), ("--budget", "1 USD")):
        run = chipmix("plan", path, "--option", "a", *words)
        assert run.returncode == USAGE and "has no rent" in run.stderr


def test_are_deadline_and_budget_kept_or_the_shortfall_told(question):
    path = question(exchange_rates=RATES)
    code, free = plans(path)
    assert code == ANSWER and free["search"]["complete"] and free["search"]["gap"] == 0
    best = free["plans"][0]
    assert best["pareto"] and best["loses_on"] == []
    assert all(not plan["pareto"] for plan in free["plans"][1:] if plan["step_time_s"] > best["step_time_s"])
    code, kept = plans(path, "--deadline", best["days"] * 1.001, "--budget", f"{best['cost'] * 1.001} USD")
    assert code == ANSWER and kept["plans"][0]["plan"] == best["plan"]
    assert len(kept["plans"]) < len(free["plans"])
    code, late = plans(path, "--deadline", best["days"] / 2)
    assert code == NO_ANSWER and late["plans"] == []
    assert late["shortfall"]["days"] == pytest.approx(best["days"] / 2) and late["shortfall"]["cost"] == 0
    code, dear = plans(path, "--objective", "cost", "--budget", f"{best['cost'] / 2.2} EUR")
    assert code == NO_ANSWER and dear["shortfall"]["cost"] == pytest.approx(best["cost"] / 2)
    text = chipmix("plan", path, "--option", "a", "--deadline", best["days"] / 2).stdout
    assert "Infeasible: the nearest plan takes" in text and "more than the deadline of" in text


def test_is_the_cost_of_a_plan_that_of_its_estimate(question):
    path = question(electricity=ELECTRICITY)
    _, listed = plans(path, "--objective", "energy")
    estimate = json.loads(chipmix("estimate", path, "--option", "a", "--format", "json").stdout)
    best = listed["plans"][0]
    assert listed["objective"] == "energy"
    assert best["plan"] == estimate["plan"]
    assert best["days"] == pytest.approx(estimate["days"])
    assert best["cost"] == pytest.approx(estimate["cost"]["total"])
    assert best["energy_kwh"] == pytest.approx(estimate["energy_kwh"])


def test_do_losses_add_up_to_the_slowdown(question):
    _, listed = plans(question())
    best = listed["plans"][0]["step_time_s"]
    for plan in listed["plans"]:
        assert sum(loss["share"] for loss in plan["loses_on"]) == pytest.approx(plan["step_time_s"] / best - 1, abs=1e-9)


def test_are_diverse_plans_of_different_degrees(question):
    _, listed = plans(question(), "--diverse", "--top", "8")
    degrees = [tuple(plan["plan"][key] for key in ("tensor", "pipeline", "context", "expert")) for plan in listed["plans"]]
    assert len(set(degrees)) == len(degrees) == 8


def test_is_the_list_the_same_for_any_number_of_threads(question):
    path = question(options__0__search={"schedule": ["1f1b", "interleaved", "zb-h1", "dualpipe"],
                                        "sequence_parallel": [True, False]})
    lists = []
    for jobs in (1, 2, 3):
        _, listed = plans(path, "--jobs", jobs, "--top", "20")
        listed["search"].pop("seconds"), listed["search"].pop("jobs")
        lists.append(listed)
    assert lists[0] == lists[1] == lists[2]


def test_do_schedule_and_sequence_parallelism_reach_the_plan(question):
    search = {"schedule": "zb-h2", "sequence_parallel": False, "tensor": 2, "pipeline": 4}
    _, listed = plans(question(options__0__search=search))
    for plan in listed["plans"]:
        assert plan["plan"]["schedule"] == "zb-h2" and plan["plan"]["sequence_parallel"] is False
    fixed = {"pipeline": 4, "schedule": "dualpipe", "tensor": 2, "micro_batch": 1}
    run = chipmix("estimate", question(options__0__plan=fixed), "--option", "a", "--format", "json")
    assert json.loads(run.stdout)["plan"]["schedule"] == "dualpipe"
    fixed = {"pipeline": 4, "schedule": "interleaved"}
    run = chipmix("check", question(options__0__plan=fixed))
    assert "does not work with interleave 1" in run.stderr


@pytest.mark.parametrize("batch", [2, 4, 8, 14, 16])
@pytest.mark.parametrize("schedule", ["zb-v", "dualpipe-v"])
def test_does_compare_answer_what_plan_ranks_first(schedule, batch, question):
    """Under 2P - 1 micro-batches ZB-V fills its pipeline no more, and DualPipeV does not run."""
    path = question(job__global_batch=batch, options__0__search={"schedule": ["1f1b", schedule], "pipeline": [4, 8]})
    code, listed = plans(path)
    best = listed["plans"][0]
    run = chipmix("compare", path, "--format", "json")
    assert code == run.returncode == ANSWER, run
    assert json.loads(run.stdout)["options"][0]["step_time_s"] == pytest.approx(best["step_time_s"], rel=1e-9)
    for plan in listed["plans"]:
        if plan["plan"]["schedule"] == "dualpipe-v":
            assert plan["plan"]["micro_batches"] >= 2 * plan["plan"]["pipeline"]
    fixed = {"pipeline": 8, "schedule": schedule, "interleave": 2, "tensor": 4, "micro_batch": 1}
    run = chipmix("compare", question(job__global_batch=batch, options__0__plan=fixed))
    if schedule == "dualpipe-v" and batch // 2 < 16:
        assert run.returncode == NO_ANSWER and "two micro-batches a stage" in run.stdout, run
    else:
        assert run.returncode == ANSWER, run


@pytest.mark.parametrize("changes", CHANGES)
def test_is_a_neighbour_that_makes_no_sense_refused(changes, question):
    run = chipmix("explain", question(), "--option", "a", "--neighbour", changes)
    assert (run.returncode, run.stdout) == (USAGE, ""), run
    assert CHANGES[changes] in run.stderr


def test_does_explain_take_an_account_or_a_neighbour_and_not_both(question):
    run = chipmix("explain", question(), "--option", "a", "--neighbour", "tensor=2", "--account", "rent")
    assert run.returncode == USAGE and "either --account A or --neighbour" in run.stderr


def neighbour(path, changes):
    return json.loads(chipmix("explain", path, "--option", "a", "--neighbour", changes, "--format", "json").stdout)


def test_is_a_neighbour_illegal_too_big_or_slower(question):
    path = question()
    illegal = neighbour(path, "tensor=3,expert=2")["neighbour"]
    assert not illegal["legal"] and len(illegal["faults"]) >= 3
    big = neighbour(path, "tensor=1,pipeline=1,interleave=1,zero=none,recompute=none,micro_batch=4")["neighbour"]
    assert big["legal"] and not big["fits"] and big["short_gib"] > 0
    slower = neighbour(path, "recompute=full")
    assert slower["neighbour"]["fits"] and slower["neighbour"]["loses_on"][0]["account"] == "recomputation"
    assert slower["neighbour"]["step_time_s"] > slower["best"]["step_time_s"]


BIG = {
    "job": {"model": "deepseek-v3", "sequence_length": 4096, "global_batch": 98304, "tokens": "14.8T"},
    "options": [{
        "name": "a",
        "cluster": {"device": "h800", "devices": 98304, "fabric": "rail-optimised-non-blocking"},
        "rent": RENT,
        "search": {"schedule": ["1f1b", "interleaved", "zb-h1", "zb-h2", "dualpipe"], "sequence_parallel": [True, False]},
    }],
}


def test_does_a_time_limit_end_a_search_with_what_may_be_better(tmp_path):
    path = write(tmp_path / "big.json", {**small(), **BIG})
    begin = time.monotonic()
    code, listed = plans(path, "--time-limit", "0.3")
    assert time.monotonic() - begin < 20
    assert code in (ANSWER, NO_ANSWER) and not listed["search"]["complete"]
    if listed["plans"]:
        assert 0 < listed["search"]["gap"] < 1
        assert listed["search"]["bound_s"] < listed["plans"][0]["step_time_s"]
        run = chipmix("plan", path, "--option", "a", "--time-limit", "0.3")
        assert "Stopped early: a plan not examined could take at most" in run.stdout


def catches(process, number) -> bool:
    """Whether the process has a handler of the signal."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return bool(int(re.search(r"SigCgt:\s*(\w+)", status)[1], 16) & 1 << (number - 1))


def test_does_control_c_show_the_best_so_far(tmp_path):
    path = write(tmp_path / "big.json", {**small(), **BIG})
    process = subprocess.Popen([PROGRAM, "plan", path, "--option", "a", "--jobs", "1"], cwd=ROOT,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
    while not catches(process, signal.SIGINT):  # the search that begins then takes a second or more
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    shown, faults = process.communicate(timeout=60)
    assert process.returncode == INTERRUPTED
    assert "Stopped before" in shown and faults == ""
