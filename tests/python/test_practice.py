"""Whole runs in scenarios: who runs a job, the user's own rate, and what is wrong with either."""

import json

import pytest

from program import chipmix, small, write

INPUT = 3


def asked(tmp_path, job=None, option=None):
    scenario = small()
    scenario["job"] = {key: value for key, value in scenario["job"].items() if key != "practice"} | (job or {})
    scenario["options"][0] |= option or {}
    return write(tmp_path / "s.json", scenario)


def answer(path):
    return json.loads(chipmix("compare", path, "--format", "json").stdout)["options"][0]


def test_a_run_is_typical_unless_said_otherwise_and_the_floor_is_the_same(tmp_path):
    usual = answer(asked(tmp_path))
    named = {name: answer(asked(tmp_path, {"practice": name})) for name in ("ideal", "tuned", "typical", "first")}
    assert usual["practice"] == "typical" and usual["days"] == named["typical"]["days"]
    days = [named[name]["days"] for name in ("ideal", "tuned", "typical", "first")]
    costs = [named[name]["cost"]["total"] for name in ("ideal", "tuned", "typical", "first")]
    assert days == sorted(days) and costs == sorted(costs) and days[0] < days[1]
    for one in named.values():
        assert one["best_plan"]["days"] == pytest.approx(named["ideal"]["days"])
        assert one["best_plan"]["cost"] == pytest.approx(named["ideal"]["cost"]["total"])


def test_the_users_own_share_of_peak_and_own_step_set_the_steady_rate(tmp_path):
    own = answer(asked(tmp_path, option={"mfu": 0.3}))
    assert own["mfu"] == pytest.approx(0.3)
    step = own["step_time_s"] * own["best_plan"]["mfu"] / 0.3
    measured = answer(asked(tmp_path, option={"measured": {"step": f"{step} s", "model": "llama-3.1-8b"}}))
    assert measured["days"] == pytest.approx(own["days"])
    usual = answer(asked(tmp_path))
    assert own["days_p90"] / own["days_p10"] < usual["days_p90"] / usual["days_p10"]


def test_a_plan_above_every_published_run_says_so(tmp_path):
    text = " ".join(chipmix("compare", "scenarios/deepseek_v3_h800.json").stdout.split())
    for words in ("of peak; no published run like it passes", "At the steady rate it is"):
        assert words in text


WRONG = {
    "a practice that is none": ({"practice": "typicl"}, {}, ["did you mean 'typical'?"]),
    "a share of peak above 1": ({}, {"mfu": 1.4}, ["'mfu' must be a share above 0 and at most 1"]),
    "a step without a unit": ({}, {"measured": {"step": "12"}}, ["has no unit"]),
    "two rates": ({}, {"mfu": 0.4, "measured": {"step": "12 s"}}, ["both 'mfu' and 'measured'"]),
    "a step of another job": ({}, {"measured": {"step": "12 s", "model": "qwen3-8b", "devices": 8}},
                              ["measured with 'qwen3-8b', the job trains 'llama-3.1-8b'", "measured on 8 devices"]),
}


@pytest.mark.parametrize("case", WRONG)
def test_faults_are_shown_at_their_place(case, tmp_path):
    job, option, words = WRONG[case]
    run = chipmix("compare", asked(tmp_path, job, option))
    assert run.returncode == INPUT and run.stdout == ""
    for word in words:
        assert word in run.stderr, run.stderr
    assert run.stderr.count("^") == len(words) and "s.json:" in run.stderr
