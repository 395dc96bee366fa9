"""Do training logs stand beside the predictions of their runs, fit the stack, and get refused where they cannot be?"""

import json

import pytest

from program import ANSWER, BAD_INPUT, NO_ANSWER, ROOT, USAGE, chipmix, write
from training_logs import STACK, iteration, log, option, scenario_of

RUNS = {"t1": {}, "t2": {"tensor": 2}, "t4": {"tensor": 4}, "t8": {"tensor": 8, "devices": 16},
        "t4p2": {"tensor": 4, "pipeline": 2}}
OVERLAP, PROMISED = 0.3, 0.6  # of the stack that made the logs, and of the profile beside the scenario


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A scenario, and a log of each of its options as a stack with less overlap would have written it."""
    folder = tmp_path_factory.mktemp("runs")
    options = [option(name, **how) for name, how in RUNS.items()]
    slow = folder / "slow" / "s.json"
    write(slow, scenario_of(*options))
    profile = json.loads((ROOT / "hardware_profiles" / "stacks" / f"{STACK}.json").read_text(encoding="utf-8"))
    for place, overlap in (("slow", OVERLAP), (".", PROMISED)):
        profile["tensor_overlap"] = {"value": overlap, "grade": "assumed", "source": "made up"}
        write(folder / place / "stacks" / f"{STACK}.json", profile)
    answers = json.loads(chipmix("compare", slow, "--format", "json").stdout)["options"]
    scenario = write(folder / "s.json", scenario_of(*options))
    logs = {}
    for answer in answers:
        how = RUNS[answer["name"]]
        text = log(answer["step_time_s"], peak_mb=40000, world_size=how.get("devices", 64),
                   tensor_model_parallel_size=how.get("tensor", 1),
                   pipeline_model_parallel_size=how.get("pipeline", 1))
        logs[answer["name"]] = write(folder / f"{answer['name']}.log", text)
    return scenario, logs, {answer["name"]: answer["step_time_s"] for answer in answers}


def calibrate(scenario, logs, *words):
    names = [word for name in logs for word in ("--option", name)]
    return chipmix("calibrate", *logs.values(), "--stack", STACK, "--scenario", scenario, *names, *words)


def found(run):
    assert run.returncode in (ANSWER, NO_ANSWER), run.stderr
    return json.loads(run.stdout)


def faults(run):
    assert run.returncode == BAD_INPUT and run.stdout == "", run.stdout + run.stderr
    return run.stderr


def test_do_logs_of_several_runs_find_the_stack_that_made_them(runs):
    scenario, logs, truth = runs
    data = found(calibrate(scenario, logs, "--format", "json"))
    fitted = {figure["figure"]: figure for figure in data["figures"] if figure["identified"]}
    overlap = fitted["stack.tensor_overlap"]
    assert overlap["value"] == pytest.approx(OVERLAP, rel=0.1)
    assert overlap["interval_95"][0] <= OVERLAP <= overlap["interval_95"][1]
    for one in data["logs"]:
        assert one["steps"] == 7 and one["warm_up_steps"] == 2
        assert one["measured_s"] == pytest.approx(truth[one["option"]], rel=1e-3)
        assert one["measured_80_s"][0] < one["measured_s"] < one["measured_80_s"][1]
        assert abs(one["fitted_error"]) < 0.01
    slow = next(one for one in data["logs"] if one["option"] == "t8")
    assert slow["profile_error"] < -0.03  # the profile promises more than ran


def test_is_the_fitted_stack_one_that_a_scenario_can_use(runs, tmp_path):
    scenario, logs, truth = runs
    assert calibrate(scenario, logs, "--profiles", tmp_path).returncode == ANSWER
    profile = tmp_path / "stacks" / f"{STACK}.json"
    assert "t8.log" in json.loads(profile.read_text(encoding="utf-8"))["tensor_overlap"]["source"]
    beside = write(tmp_path / "s.json", scenario.read_text(encoding="utf-8"))
    answer = json.loads(chipmix("estimate", beside, "--option", "t8", "--format", "json").stdout)
    assert answer["step_time_s"] == pytest.approx(truth["t8"], rel=0.01)


def test_does_one_log_stand_beside_its_prediction_and_identify_nothing(runs, tmp_path):
    scenario, logs, _ = runs
    one = {"t2": logs["t2"]}
    data = found(calibrate(scenario, one, "--format", "json"))
    assert not any(figure["identified"] for figure in data["figures"])
    assert "1 run determines no figure" in " ".join(data["remarks"])
    row = data["logs"][0]
    assert row["fitted_s"] == row["profile_s"] and row["profile_error"] < 0
    answer = json.loads(chipmix("estimate", scenario, "--option", "t2", "--format", "json").stdout)
    assert row["profile_s"] == pytest.approx(answer["step_time_s"])
    assert row["peak_bytes"] == 40000 * 2**20
    assert row["peak_error"] == pytest.approx(row["predicted_peak_bytes"] / row["peak_bytes"] - 1)
    text = calibrate(scenario, one, "--profiles", tmp_path / "p")
    assert text.returncode == NO_ANSWER and "1 run\n" in text.stdout and not (tmp_path / "p").exists()


def test_are_all_contradictions_told_at_once_with_their_places(runs, tmp_path):
    scenario, _, _ = runs
    path = write(tmp_path / "x.log", log(1.5, batch=512, world_size=8, seq_length=2048, tensor_model_parallel_size=4,
                                         num_layers=80))
    text = faults(chipmix("calibrate", path, "--stack", STACK, "--scenario", scenario, "--option", "t1"))
    for words in ("x.log:2:53: error: tensor_model_parallel_size is 4", "x.log:3:53: error: world_size is 8",
                  "x.log:4:53: error: seq_length is 2048", "x.log:5:53: error: global_batch_size is 512",
                  "num_layers is 80", "global batch size is 512"):
        assert words in text
    assert text.count("error:") == 6 and text.count("hint:") == 6
    assert "has 64 ranks" in text and "world_size" in text.split("^")[1]


def test_is_a_batch_that_grows_refused(runs, tmp_path):
    scenario, _, _ = runs
    text = "".join(iteration(number, 1.0, batch) for number, batch in enumerate((64, 64, 128, 256, 256), 1))
    path = write(tmp_path / "x.log", text)
    assert "global batch size is 128" in faults(
        chipmix("calibrate", path, "--stack", STACK, "--scenario", scenario, "--option", "t1"))


def test_must_the_plan_that_ran_be_known(runs, tmp_path):
    scenario, logs, _ = runs
    without = option("t1")
    del without["plan"]
    open_plan = write(tmp_path / "s.json", scenario_of(without))
    words = ("calibrate", logs["t1"], "--stack", STACK, "--scenario", open_plan, "--option", "t1", "--format", "json")
    assert "no plan: which one ran?" in faults(chipmix(*words))
    stages = [{"data": 64}]
    plan = write(tmp_path / "plan.json", {"lanes": [{"micro_batch": 1, "micro_batches": 4, "stages": stages}]})
    told = found(chipmix(*words, "--plan", plan))
    assert told["logs"][0]["plan"].startswith("TP1 PP1 DP64")


def test_is_an_option_of_another_stack_refused(runs):
    scenario, logs, _ = runs
    run = chipmix("calibrate", logs["t1"], "--stack", "nanotron", "--scenario", scenario, "--option", "t1")
    assert f"runs under '{STACK}', and 'nanotron'" in faults(run)


@pytest.mark.parametrize("words, message", [
    (("--stack", STACK), "say which run wrote it"),
    (("--stack", STACK, "--scenario", "S", "--option", "t0"), "no option 't0'"),
    (("--stack", STACK, "--scenario", "S", "--option", "t1", "--option", "t2"), "1 training log and 2"),
    (("--device", "h100", "--scenario", "S", "--option", "t1"), "to training logs, which fit a stack"),
])
def test_is_a_wrong_command_line_a_usage_error(runs, words, message):
    scenario, logs, _ = runs
    run = chipmix("calibrate", logs["t1"], *(scenario if word == "S" else word for word in words))
    assert run.returncode == USAGE and message in run.stderr


def test_is_a_cut_log_refused_with_its_line(runs, tmp_path):
    scenario, _, _ = runs
    path = write(tmp_path / "x.log", log(1.5)[:-90])
    text = faults(chipmix("calibrate", path, "--stack", STACK, "--scenario", scenario, "--option", "t1"))
    assert "x.log:15:1: error: an iteration cut in the middle" in text


def test_do_a_log_and_a_table_of_runs_fit_together(runs, tmp_path):
    scenario, logs, _ = runs
    table = write(tmp_path / "runs.json", [])
    run = chipmix("calibrate", logs["t1"], table, "--stack", STACK, "--scenario", scenario, "--option", "t1")
    assert run.returncode == NO_ANSWER and "0 runs of the tables fitted" in run.stdout


def test_does_a_log_without_arguments_need_none(runs, tmp_path):
    scenario, _, _ = runs
    path = write(tmp_path / "x.log", "".join(iteration(number, 1.5) for number in range(1, 6)))
    run = chipmix("calibrate", path, "--stack", STACK, "--scenario", scenario, "--option", "t1", "--format", "json")
    assert found(run)["logs"][0]["measured_s"] == pytest.approx(1.5)
