"""Stages, deadline and budget on the command line."""

import json

import pytest

from program import ANSWER, NO_ANSWER, USAGE, chipmix, small

STAGES = [{"name": "short", "tokens": "900B"},
          {"name": "long", "tokens": "100B", "sequence_length": 16384, "global_batch": 64}]
PLAN = {"tensor": 4, "recompute": "full"}


def ask(*words):
    run = chipmix(*words, "--format", "json")
    assert run.stderr == "" and run.returncode == ANSWER, run
    return json.loads(run.stdout)


def test_do_stages_add_up_to_the_option_and_does_estimate_say_the_same(scenario):
    path = scenario(small(job__stages=STAGES, options__0__plan=PLAN))
    option, = ask("compare", path)["options"]
    assert option["plan"] is None and option["phases"] is None
    assert [stage["name"] for stage in option["stages"]] == ["short", "long"]
    assert sum(stage["days"] for stage in option["stages"]) == pytest.approx(option["days"], rel=1e-12)
    assert sum(stage["cost"]["total"] for stage in option["stages"]) == pytest.approx(option["cost"]["total"], rel=1e-12)
    assert sum(stage["share"] for stage in option["stages"]) == pytest.approx(1)
    assert option["stages"][1]["sequence_length"] == 16384 and option["stages"][0]["global_batch"] == 256
    assert all(stage["days_p10"] <= stage["days"] <= stage["days_p90"] for stage in option["stages"])
    assert ask("estimate", path, "--option", "a")["stages"] == option["stages"]


def test_are_deadline_and_budget_answered(scenario):
    days = ask("compare", scenario(small(options__0__plan=PLAN)))["options"][0]["days"]
    answer = ask("compare", scenario(
        small(options__0__plan=PLAN, job__deadline=f"{days / 2} days", job__budget="1 USD")))
    option, = answer["options"]
    assert answer["targets"] == {"deadline_days": pytest.approx(days / 2), "budget": 1}
    deadline, needed = option["deadline"], option["deadline"]["devices_needed"]
    assert not deadline["met"] and deadline["days_late"] == pytest.approx(days / 2)
    assert 0 <= deadline["probability"] < 0.5
    assert needed["days"] <= days / 2 and needed["largest_that_misses"] < needed["devices"]
    assert not option["budget"]["met"] and option["budget"]["over"] == pytest.approx(option["cost"]["total"] - 1)
    assert answer["recommendation"].startswith("No option is done within")
    again, = ask("compare", scenario(small(
        options__0__plan=PLAN, job__deadline=f"{days / 2} days", options__0__cluster__devices=needed["devices"])))[
            "options"]
    assert again["deadline"]["met"] and again["cost"]["total"] == pytest.approx(needed["cost"])
    cheaper = needed["cheaper"]
    assert cheaper is None or (cheaper["devices"] > needed["devices"] and cheaper["cost"] < needed["cost"])


def test_are_there_no_targets_where_none_are_asked(scenario):
    answer = ask("compare", scenario(small(options__0__plan=PLAN)))
    assert answer["targets"] == {"deadline_days": None, "budget": None}
    assert answer["options"][0]["deadline"] is None and answer["options"][0]["budget"] is None
    assert answer["options"][0]["stages"] is None


def test_is_the_total_cost_before_that_of_1t_tokens(scenario):
    header = chipmix("compare", scenario(small(options__0__plan=PLAN)), "--format", "csv").stdout.splitlines()
    names = next(line for line in header if line.startswith("option,")).split(",")
    assert names.index("cost_USD".lower() if "cost_usd" in names else "cost_USD") < names.index(
        "cost_per_1t_tokens_usd" if "cost_usd" in names else "cost_per_1t_tokens_USD")


def test_does_what_is_about_one_step_say_how_to_ask_for_a_stage(scenario):
    path = scenario(small(job__stages=STAGES, options__0__plan=PLAN))
    for words in (("plan", path, "--option", "a"), ("explain", path, "--option", "a", "--account", "attention")):
        run = chipmix(*words)
        assert run.returncode == USAGE and "job.stages=[]" in run.stderr, run
    one = chipmix("plan", path, "--option", "a", "--set", "job.stages=[]", "--set", "job.tokens=9e11")
    assert one.returncode in (ANSWER, NO_ANSWER), one


def test_does_a_sweep_answer_for_all_stages(scenario):
    path = scenario(small(job__stages=STAGES, options__0__plan=PLAN))
    whole, = ask("compare", path)["options"]
    run = chipmix("sweep", path, "--vary", "options.a.rent.value=2 USD/h,4 USD/h", "--format", "csv")
    assert run.returncode == ANSWER, run
    header, first, *_ = (line.split(",") for line in run.stdout.splitlines())
    assert float(dict(zip(header, first))["days"]) == pytest.approx(whole["days"], rel=1e-9)
