"""Whole runs in scenarios: who runs a job, the user's own rate, and what is wrong with either."""

import csv
import json
import math

import pytest

from program import ROOT, chipmix, small, write

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
    text = " ".join(chipmix("compare", "scenarios/deepseek_v3_h800.json", "--details").stdout.split())
    for words in ("of peak; no published run like it passes", "At the steady rate it is"):
        assert words in text


WRONG = {
    "a practice that is none": ({"practice": "typicl"}, {}, ["did you mean 'typical'?"]),
    "a share of peak above 1": ({}, {"mfu": 1.4}, ["'mfu' must be a share above 0 and at most 1"]),
    "a step without a unit": ({}, {"measured": {"step": "12"}}, ["has no unit"]),
    "a rate and who runs it": ({}, {"mfu": 0.4, "practice": "tuned"}, ["both 'practice' and 'mfu'"]),
    "a step and who runs it": ({}, {"measured": {"step": "12 s"}, "practice": "first"}, ["both 'practice' and 'measured'"]),
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


def test_faults_of_a_whole_run_are_all_shown_at_once(tmp_path):
    scenario = small(job__deadline="2026-01-01") | {"start": "2026-02-01"}
    scenario["job"] = {key: value for key, value in scenario["job"].items() if key not in ("practice", "tokens")}
    scenario["job"]["stages"] = [{"tokens": "1T", "name": "short"}, {"name": "long", "sequence_length": 32768}]
    first = scenario["options"][0]
    scenario["options"] = [first | {"name": "a", "mfu": 1.4},
                           first | {"name": "b", "measured": {"step": "12 s", "model": "qwen3-8b"}}]
    scenario["published"] = [{"label": "x", "source": "a test", "device_hours": -1, "scope": "bill"}]
    run = chipmix("compare", write(tmp_path / "s.json", scenario))
    assert run.returncode == INPUT and run.stdout == ""
    found = [line for line in run.stderr.splitlines() if line.startswith(str(tmp_path)) or "s.json:" in line]
    for words in ("missing key 'tokens'", "is not after the start 2026-02-01", "'mfu' must be a share above 0 and at most 1",
                  "measured with 'qwen3-8b', the job trains 'llama-3.1-8b'", "'device_hours' must be", "did you mean 'billed'?"):
        assert words in run.stderr, run.stderr
    assert len(found) == run.stderr.count("^") >= 6


def test_hours_of_a_record_say_what_they_include(tmp_path):
    record = json.loads((ROOT / "published_runs" / "whole" / "runs.json").read_text())[0]
    measured = {key: value for key, value in record["measured"].items() if key != "scope"}
    rows = [record | {"id": "silent", "measured": measured}, record | {"id": "odd", "measured": measured | {"scope": "most"}},
            record | {"id": "sound"}]
    run = chipmix("validate", "--runs", write(tmp_path / "runs.json", rows), "--format", "json")
    assert run.returncode == INPUT and "hours need 'measured.scope'" in run.stderr
    assert "must be 'rate' (or steady), 'training', 'billed' or 'published total'" in run.stderr
    status = {one["id"]: one["status"] for one in json.loads(run.stdout)["runs"]}
    assert status["sound"] == "ok", status


def test_a_rate_goes_with_the_run_without_losses(tmp_path):
    own = answer(asked(tmp_path, option={"mfu": 0.3, "practice": "ideal"}))
    assert own["mfu"] == pytest.approx(0.3) and own["days"] < answer(asked(tmp_path, option={"mfu": 0.3}))["days"]


def test_a_project_stands_beside_its_final_run_and_in_no_total(tmp_path):
    path = asked(tmp_path)
    whole = json.loads(chipmix("compare", path, "--format", "json").stdout)
    project = whole["project_over_final_run"]
    assert project["low"] < project["value"] < project["high"] and "SmolLM3" in project["source"]
    words = " ".join(chipmix("compare", path).stdout.split())
    assert "All figures are for the final run; a whole project" in words and "1.6 to 4.2 times its device-hours" in words
    assert "All figures are for the final run" in " ".join(chipmix("estimate", path, "--option", "a").stdout.split())
    assert "All figures are for the final run" not in chipmix("compare", asked(tmp_path, {"practice": "ideal"})).stdout


def test_published_hours_are_compared_with_the_same_part_of_the_run(tmp_path):
    scenario = small()
    scenario["job"].pop("practice")
    scenario["published"] = [{"label": scope, "option": "a", "device_hours": 1e6, "scope": scope, "source": "a test"}
                             for scope in ("steady", "training", "billed")]
    scenario["published"].append({"label": "cost", "option": "a", "cost_per_1t_tokens": "1e6 USD", "source": "a test"})
    path = write(tmp_path / "s.json", scenario)
    got = json.loads(chipmix("compare", path, "--format", "json").stdout)
    option = got["options"][0]
    steady, training, billed, cost = (one["predicted"][0] for one in got["published"])
    rows = {scope: 1.0 for scope in ("steady", "training", "billed")}
    for row in option["account"]:
        rows[row["scope"]] *= row["factor"]
    assert billed["device_hours"] == pytest.approx(option["device_hours"])
    assert training["device_hours"] == pytest.approx(billed["device_hours"] / rows["billed"])
    assert steady["device_hours"] == pytest.approx(training["device_hours"] / rows["training"])
    assert steady["cost_per_1t_tokens"] == pytest.approx(2 * steady["device_hours"])
    assert cost["cost_per_1t_tokens"] == pytest.approx(option["cost"]["per_1t_tokens"])
    assert "Published device-hours and predictions" in chipmix("compare", path).stdout


@pytest.mark.parametrize("figures", [{}, {"device_hours": 1e6, "cost_per_1t_tokens": "1 USD"}])
def test_a_published_figure_is_a_cost_or_hours(figures, tmp_path):
    scenario = small() | {"published": [{"label": "x", "source": "a test"} | figures]}
    run = chipmix("compare", write(tmp_path / "s.json", scenario))
    assert run.returncode == INPUT and "a published figure is a cost or hours" in run.stderr and "s.json:" in run.stderr


def test_plans_are_held_to_the_billed_run(tmp_path):
    path = asked(tmp_path)
    plans = json.loads(chipmix("plan", path, "--option", "a", "--format", "json").stdout)["plans"]
    usual = answer(path)
    assert plans[0]["days"] == pytest.approx(usual["days"]) and plans[0]["cost"] == pytest.approx(usual["cost"]["total"])
    between = (usual["days"] + usual["best_plan"]["days"]) / 2
    late = chipmix("plan", path, "--option", "a", "--deadline", between)
    assert "Infeasible: the nearest plan takes" in late.stdout
    assert "Infeasible" not in chipmix("plan", path, "--option", "a", "--deadline", usual["days"] * 1.01).stdout


def test_estimate_says_what_each_figure_is_of(tmp_path):
    path = asked(tmp_path)
    rows = list(csv.DictReader(chipmix("estimate", path, "--option", "a", "--format", "csv").stdout.split("\n\n")[0].splitlines()))
    of = [(row["figure"], row["of"]) for row in rows]
    assert ("step time, best plan", "best plan's steps") in of and ("step time, steady", "steady rate") in of
    steps = {"best plan's steps": "best plan", "steady rate": "steady"}
    for basis, at in steps.items():  # the three stand side by side, of one rate
        assert [name for name, of_what in of if of_what == basis] == [
            f"step time, {at}", f"tokens per second, {at}", f"share of peak (MFU), {at}"]
    assert [name for name, of_what in of if of_what == "billed run"][:2] == ["tokens per second", "tokens per second and device"]
    one = answer(path)
    tokens, value = 256 * 4096, {(row["figure"], row["of"]): float(row["value"]) for row in rows}
    for basis, at in steps.items():
        assert value[f"step time, {at}", basis] * value[f"tokens per second, {at}", basis] == pytest.approx(tokens, rel=1e-6)
    assert value["share of peak (MFU), steady", "steady rate"] == pytest.approx(one["mfu"])
    assert value["share of peak (MFU), best plan", "best plan's steps"] == pytest.approx(one["best_plan"]["mfu"])
    assert value["tokens per second", "billed run"] == pytest.approx(one["tokens_per_s"])
    assert value["tokens per second", "billed run"] < value["tokens per second, steady", "steady rate"]
    assert one["basis"]["mfu"] == "steady" and one["basis"]["tokens_per_s"] == "billed"
    steady = one["step_time_s"] * one["best_plan"]["mfu"] / one["mfu"]
    assert one["steady_step_time_s"] == pytest.approx(steady)


def test_the_nearest_whole_runs_stand_beside_an_option(tmp_path):
    path = asked(tmp_path)
    near = answer(path)["published_evidence"]["nearest_whole_runs"]
    assert len(near) == 3 and near[0]["comparable"] and near[0]["device_hours"] > 0 and near[0]["error"] is not None
    assert near[0]["device"].startswith("h") and near == sorted(near, key=lambda run: (not run["comparable"], run["distance"]))
    assert near[0]["id"] in chipmix("compare", path, "--details").stdout


def test_a_die_without_whole_runs_is_less_sure(tmp_path):
    def width(device, **cluster):
        one = answer(asked(tmp_path, {"dtype": "bf16"}, {"cluster": {"device": device, "devices": 64,
                                                                     "fabric": "rail-optimised-non-blocking"} | cluster}))
        return one["days_p90"] / one["days"]
    profile = json.loads((ROOT / "hardware_profiles/practice/published-runs.json").read_text())
    least = (1.2816**2 * (profile["spread"]["value"] ** 2 + profile["unseen_die"]["value"] ** 2)) ** 0.5
    assert math.log(width("mi300x")) >= least * 0.999
    words = " ".join(chipmix("compare", asked(tmp_path, option={"cluster": {"device": "mi300x", "devices": 64, "fabric":
                                                                             "rail-optimised-non-blocking"}})).stdout.split())
    assert "the interval is widened by the spread between chip designs" in words


def reliability(mtbf):
    figure = lambda text: {"value": text, "grade": "assumed", "source": "a test"}
    return {"device_mtbf": figure(mtbf), "recovery": figure("10 min"), "storage": figure("2 TB/s")}


def test_a_run_without_progress_is_an_answer(tmp_path):
    path = asked(tmp_path, option={"reliability": reliability("0.01 h")})
    run = chipmix("compare", path)
    assert run.returncode == 1 and "no progress between interruptions" in run.stdout and "nan" not in run.stdout
    one = answer(path)
    assert not one["feasible"] and one["constraint"] == "progress" and one["cost"] is None
    row = chipmix("sweep", path, "--vary", "job.tokens=1T", "--format", "csv").stdout
    assert "no progress between interruptions" in row


def test_a_step_above_peak_is_not_of_this_job(tmp_path):
    one = answer(asked(tmp_path, option={"measured": {"step": "0.01 s"}}))
    assert not one["feasible"] and one["constraint"] == "rate" and "of the devices' peak" in one["reason"]


def test_an_ideal_run_at_the_users_own_rate_is_that_rate_without_losses(tmp_path):
    own = answer(asked(tmp_path, {"practice": "ideal"}, {"mfu": 0.2}))
    assert own["mfu"] == pytest.approx(0.2)
    assert own["days"] == pytest.approx(own["best_plan"]["days"] * own["best_plan"]["mfu"] / 0.2)


def test_a_rate_above_the_best_plan_found_is_pointed_at(tmp_path):
    text = " ".join(chipmix("compare", asked(tmp_path, option={"mfu": 0.9}), "--details").stdout.split())
    assert "the steady rate is your own, 90 % of peak" in text and "check how it counts FLOPs" in text
    assert "check how it counts" not in chipmix("compare", asked(tmp_path, option={"mfu": 0.1}), "--details").stdout


def test_a_measured_step_is_of_one_stage(tmp_path):
    stages = {"stages": [{"tokens": "9e11"}, {"tokens": "1e11", "sequence_length": 8192, "global_batch": 128}]}
    job = {key: value for key, value in small()["job"].items() if key not in ("practice", "tokens")} | stages
    scenario = small() | {"job": job}
    scenario["options"][0] |= {"measured": {"step": "12 s"}}
    run = chipmix("compare", write(tmp_path / "s.json", scenario))
    assert run.returncode == INPUT and "a measured step in a job of stages" in run.stderr


def test_a_later_deadline_carries_the_users_rate_to_more_devices(tmp_path):
    usual = answer(asked(tmp_path))
    step = usual["step_time_s"] * 1.2
    path = asked(tmp_path, {"deadline": f"{usual['days'] * 0.6} d"}, {"measured": {"step": f"{step} s", "devices": 64}})
    enough = answer(path)["deadline"]["devices_needed"]
    assert enough["devices"] > 64 and 0.5 <= enough["probability"] <= 1


def test_a_sweep_and_an_estimate_agree_on_energy(tmp_path):
    tariff = {"value": "0.1 USD/kWh", "grade": "assumed", "source": "a test"}
    electricity = {"pue": {"value": 1.2, "grade": "assumed", "source": "a test"}, "tariff": tariff}
    scenario = small() | {"electricity": electricity}
    path = write(tmp_path / "s.json", scenario)
    one = answer(path)


    row = next(csv.DictReader(chipmix("sweep", path, "--vary", "job.global_batch=256", "--format", "csv").stdout.splitlines()))
    assert float(row["energy_kwh"]) == pytest.approx(one["energy_kwh"], rel=1e-6)
    assert float(row["cost_usd"]) == pytest.approx(one["cost"]["total"], rel=1e-6)


def test_stages_show_the_way_to_the_bill_and_shares_of_peak_that_bracket_the_whole():
    text = " ".join(chipmix("compare", "scenarios/qwen3_235b_stages.json", "--details").stdout.split())
    assert "From the best plan to the bill" in text and "nobody reaches them" not in text
    assert "No published whole run on" in text and 'practice "typical"' in text
    options = json.loads(chipmix("compare", "scenarios/qwen3_235b_stages.json", "--format", "json").stdout)["options"]
    for option in options:
        shares = [stage["mfu"] for stage in option["stages"]]
        assert min(shares) <= option["mfu"] <= max(shares)
