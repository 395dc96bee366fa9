"""One measured step of your own: --measured, --measured-plan, --measured-on."""

import gzip
import json
import math

import pytest

from program import BAD_INPUT, ROOT, USAGE, chipmix, small, write
from training_logs import arguments, iteration, log, option, scenario_of

KINSHIP = {name: part["value"] for name, part in
           json.loads((ROOT / "hardware_profiles/practice/published-runs.json").read_text())["kinship"].items()}


def asked(tmp_path, *options):
    return write(tmp_path / "s.json", scenario_of(*(options or (option(),))))


def compared(path, *words):
    done = chipmix("compare", path, "--format", "json", *words)
    assert done.returncode == 0, done.stderr
    return {one["name"]: one for one in json.loads(done.stdout)["options"]}


def refused(path, *words):
    done = chipmix("compare", path, *words)
    assert done.returncode == BAD_INPUT and not done.stdout, done.stderr
    return " ".join(done.stderr.split())


def test_the_very_step_measured_takes_the_time_measured(tmp_path):
    path = asked(tmp_path)
    plain = compared(path)["a"]
    step = plain["step_time_s"]
    moved = compared(path, "--measured", f"{1.05 * step}s")["a"]
    anchored = moved["anchored"]
    assert "anchored" not in plain
    assert anchored["correlation"] == pytest.approx(1 - KINSHIP["run"], rel=1e-6)
    assert anchored["factor"] == pytest.approx(1.05, rel=1e-4)
    assert anchored["width_left"] == pytest.approx(math.sqrt(1 - (1 - KINSHIP["run"]) ** 2), rel=1e-4)
    assert moved["step_time_s"] == step  # the plan's steps as the laws have them
    assert moved["days"] == pytest.approx(plain["days"] * anchored["factor"])
    width = math.log(moved["days_p90"] / moved["days_p10"])
    assert width == pytest.approx(math.log(plain["days_p90"] / plain["days_p10"]) * anchored["width_left"], rel=1e-3)


def test_what_was_expected_moves_nothing_and_narrows_all_the_same(tmp_path):
    path = asked(tmp_path)
    plain = compared(path)["a"]
    moved = compared(path, "--measured", f"{plain['step_time_s']}s")["a"]
    assert moved["days"] == pytest.approx(plain["days"])
    assert moved["days_p90"] < plain["days_p90"]


def test_other_options_take_what_they_share(tmp_path):
    near, far = option("near", devices=128), option("far", devices=64)
    far["cluster"] = {"device": "mi300x", "devices": 64, "fabric": "rail-optimised-non-blocking"}
    path = asked(tmp_path, option(), near, far)
    step = compared(path)["a"]["step_time_s"]
    moved = {name: one["anchored"] for name, one in
             compared(path, "--measured", f"{1.2 * step}s", "--measured-on", "a").items()}
    assert moved["a"]["factor"] > moved["near"]["factor"] > moved["far"]["factor"] > 1
    assert moved["a"]["width_left"] < moved["near"]["width_left"] < moved["far"]["width_left"] < 1
    assert moved["far"]["correlation"] < 0.2 < 0.5 < moved["near"]["correlation"]


def test_a_second_measured_step_narrows_further(tmp_path):
    path = asked(tmp_path, option(), option("b", tensor=2), option("c", devices=32))
    steps = {name: f"{1.1 * one['step_time_s']}s" for name, one in compared(path).items()}
    one = compared(path, "--measured", steps["c"], "--measured-on", "c")
    two = compared(path, "--measured", steps["c"], "--measured-on", "c", "--measured", steps["b"], "--measured-on", "b")
    assert two["a"]["anchored"]["width_left"] < one["a"]["anchored"]["width_left"]
    assert len(two["a"]["anchored"]["on"]) == 2
    assert two["a"]["anchored"]["factor"] > 1


def test_a_log_is_its_median_after_the_warm_up(tmp_path):
    path = asked(tmp_path)
    step = compared(path)["a"]["step_time_s"]
    run = write(tmp_path / "run.log", log(1.1 * step))
    from_log = compared(path, "--measured", run)["a"]["anchored"]
    assert from_log["on"][0]["measured_s"] == pytest.approx(1.1 * step, rel=1e-3)
    assert "7 steps of run.log after 2 of warm-up" in from_log["on"][0]["name"]


def test_two_numbers_a_line_marks_of_launchers_and_timestamps(tmp_path):
    path = asked(tmp_path)
    step = compared(path)["a"]["step_time_s"]
    marks = {"mpirun": "[1,0]<stdout>:", "srun": "12: ", "stamp": "2031-01-02T03:04:05.678901Z "}
    lines = log(1.1 * step).splitlines()
    for name, mark in marks.items():
        run = write(tmp_path / f"{name}.log", "\n".join(mark + line for line in lines) + "\n")
        assert compared(path, "--measured", run)["a"]["anchored"]["on"][0]["measured_s"] == pytest.approx(1.1 * step, rel=1e-3)
    pairs = "".join(f" iteration {10 * i}/ 100 | elapsed time per iteration (ms): {1000 * step:.1f}/{900 * step:.1f} | "
                    f"tokens per GPU (tokens/s/GPU): 11200.0/11290.0 |\n" for i in range(1, 5))
    two = compared(path, "--measured", write(tmp_path / "two.log", pairs))["a"]["anchored"]
    assert two["on"][0]["measured_s"] == pytest.approx(step, rel=1e-3)


def trace(step, device="NVIDIA H100 80GB HBM3", steps=4):
    """A first step that is twice as long, then steps of products, attention, an exposed collective and a gap."""
    events, at = [], 1000.0
    for number in range(1, steps + 1):
        length = 1e6 * step * (2 if number == 1 else 1)
        events.append({"ph": "X", "cat": "user_annotation", "name": f"ProfilerStep#{number}", "ts": at, "dur": length})
        kernels = [("sm90_xmma_gemm_bf16", 0, 0.5), ("flash_fwd_kernel", 0.5, 0.1), ("ncclDevKernel_AllReduce", 0.55, 0.25),
                   ("elementwise_kernel", 0.8, 0.1)]
        for name, begin, share in kernels:
            events.append({"ph": "X", "cat": "kernel", "name": name, "ts": at + begin * length, "dur": share * length})
        at += length
    return json.dumps({"deviceProperties": [{"id": 0, "name": device}], "traceEvents": events})


def test_a_trace_is_its_median_step_and_a_table_beside_the_prediction(tmp_path):
    path = asked(tmp_path)
    step = 1.1 * compared(path)["a"]["step_time_s"]
    packed = tmp_path / "t.json.gz"
    packed.write_bytes(gzip.compress(trace(step).encode()))
    for file in (write(tmp_path / "t.json", trace(step)), packed):
        anchor = compared(path, "--measured", file)["a"]["anchored"]["on"][0]
        assert anchor["measured_s"] == pytest.approx(step)
        assert "3 steps of " + file.name + " after 1 of warm-up" in anchor["name"]
        traced = {part["work"]: part["measured_s"] / step for part in anchor["traced"]}
        assert traced == {"matrix products": pytest.approx(0.5), "experts": 0, "attention": pytest.approx(0.1),
                          "elementwise": pytest.approx(0.1), "optimizer": 0,
                          "exposed communication": pytest.approx(0.2), "no kernel": pytest.approx(0.1)}
        assert [part["work"] for part in anchor["beside"]] == ["communication in all"]
        assert anchor["beside"][0]["measured_s"] == pytest.approx(0.25 * step)
        assert sum(part["predicted_s"] for part in anchor["traced"]) == pytest.approx(anchor["predicted_s"])
    text = chipmix("estimate", path, "--option", "a", "--measured", file).stdout
    assert "Traced step and its prediction" in text and "exposed communication" in text


NO_TRACES = {
    "another device": (trace(1, device="AMD Instinct MI300X"), "comes from 'AMD Instinct MI300X'"),
    "empty": (json.dumps({"traceEvents": []}), "no step is marked in this trace"),
    "no kernels": (json.dumps({"traceEvents": [{"cat": "user_annotation", "name": "ProfilerStep#1", "ts": 0, "dur": 5}]}),
                   "no kernels"),
    "a time below zero": (trace(1).replace('"dur": 1000000.0', '"dur": -1', 1), "microseconds"),
    "cut": (trace(1)[:-40], "the file ends inside"),
}


@pytest.mark.parametrize("name", NO_TRACES)
def test_traces_that_are_none(tmp_path, name):
    content, said = NO_TRACES[name]
    assert said in refused(asked(tmp_path), "--measured", write(tmp_path / "t.json", content))


def test_a_compressed_log_is_read_and_one_that_is_cut_is_named(tmp_path):
    path = asked(tmp_path)
    step = compared(path)["a"]["step_time_s"]
    packed, cut = tmp_path / "run.log.gz", tmp_path / "cut.log.gz"
    packed.write_bytes(gzip.compress(log(step).encode()))
    cut.write_bytes(packed.read_bytes()[:-20])
    assert compared(path, "--measured", packed)["a"]["anchored"]["on"][0]["measured_s"] == pytest.approx(step, rel=1e-3)
    assert "the compressed file is truncated" in refused(path, "--measured", cut)


def test_the_answer_says_what_it_is_anchored_on_and_what_that_assumes(tmp_path):
    path = asked(tmp_path)
    step = compared(path)["a"]["step_time_s"]
    for words in ([], ["--details"]):
        text = " ".join(chipmix("compare", path, "--measured", f"{1.27 * step}s", *words).stdout.split())
        assert "Anchored on" in text and "x1.27 the predicted time of its plan's steps" in text
        assert "specific to each run" in text and "what errors of published steps share" in text
    text = " ".join(chipmix("estimate", path, "--option", "a", "--measured", f"{3 * step}s").stdout.split())
    assert "Further off than any published run" in text


def test_places_in_words_and_plans_in_words_or_files(tmp_path):
    path = asked(tmp_path)
    words = ["--measured", "9s", "--measured-plan", "TP2 mbs2", "--measured-on"]
    here = compared(path, *words, "16xh100 batch=128")["a"]["anchored"]
    assert "on 16 x" in here["on"][0]["name"] and "TP2" in here["on"][0]["name"]
    searched = write(tmp_path / "searched.json", small())
    listed = json.loads(chipmix("plan", searched, "--option", "a", "--top", "1", "--format", "json").stdout)["plans"][0]
    file = write(tmp_path / "plan.json", listed["plan_file"])
    from_file = compared(path, "--measured", f"{listed['step_time_s']}s", "--measured-plan", file, "--measured-on", "64xh100")
    assert from_file["a"]["anchored"]["on"][0]["ratio"] == pytest.approx(1, rel=1e-3)
    other = write(tmp_path / "other" / "o.json", scenario_of(option("there", tensor=2)))
    there = compared(path, "--measured", "9s", "--measured-on", f"{other}:there")["a"]["anchored"]
    assert "TP2" in there["on"][0]["name"]
    again = compared(path, "--measured", "9s", "--measured-plan", "TP4 mbs4", "--measured-on", "a")["a"]["anchored"]
    assert "TP4" in again["on"][0]["name"]


def test_ask_and_plan_take_it_too():
    words = ["--measured", "2.9s", "--measured-plan", "TP2 mbs1", "--measured-on", "16xH100 batch=128"]
    done = chipmix("ask", "llama-3.1-8b", "1T", "64xH100@2USD/h", "--format", "json", *words)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["options"][0]["anchored"]["factor"] != 1


def test_plans_are_listed_by_what_is_left_after_the_anchor(tmp_path):
    path = write(tmp_path / "s.json", small())
    words = ["--option", "a", "--top", "3", "--format", "json"]
    plain = json.loads(chipmix("plan", path, *words).stdout)["plans"]
    done = chipmix("plan", path, *words, "--measured", "20s", "--measured-plan", "TP2 mbs2", "--measured-on", "16xh100 batch=128")
    assert done.returncode == 0, done.stderr
    moved = json.loads(done.stdout)["plans"]
    days = {json.dumps(one["plan"]): one["days"] for one in plain}
    for one in moved:
        assert one["days"] == pytest.approx(days[json.dumps(one["plan"])] * one["anchored"]["factor"])
    assert [one["days"] for one in moved] == sorted(one["days"] for one in moved)


def test_what_is_wrong_is_said_of_all_measured_steps_at_once(tmp_path):
    searched = option("searched")
    del searched["plan"]
    path = asked(tmp_path, option(), searched)
    step = compared(path)["a"]["step_time_s"]
    other = write(tmp_path / "other.log", "using NVIDIA A100-SXM4-80GB devices\n" + log(step))
    wrong = write(tmp_path / "wrong.log", log(step, world_size=32))
    few = write(tmp_path / "few.log", arguments(world_size=64) + iteration(1, step))
    table = write(tmp_path / "nccl.log", "# nThread 1 nGpus 8\n#       size         count      type   redop\n")
    text = refused(path, *(word for item in ("12.4", other, wrong, few, table, "gone.log") for word in ("--measured", item)),
                   "--measured-on", "a")
    for said in ("'12.4' is neither the time of a step nor a file", "the log is from another device than h100-sxm5-80gb",
                 "--measured-on COUNTxa100", "world_size is 32 in this log", "1 iteration is too few",
                 "is not a training log", "'gone.log' is neither"):
        assert said in text
    both = refused(path, "--measured", "12.4", "--measured-on", "b", "--measured-plan", "gone.json")
    for said in ("'12.4' is neither", "one of: a, searched", "gone.json: no such plan file"):
        assert said in both
    assert "which plan ran on searched?" in refused(path, "--measured", "9s", "--measured-on", "searched")
    assert "where was it measured?" in refused(path, "--measured", "9s")
    assert "one of: a, searched" in refused(path, "--measured", "9s", "--measured-on", "b")
    assert "unknown device" in refused(path, "--measured", "9s", "--measured-on", "64xh1000", "--measured-plan", "TP2")
    assert "cannot have run" in refused(path, "--measured", "9s", "--measured-on", "8xh100 batch=4096",
                                        "--measured-plan", "TP1 mbs64")


@pytest.mark.parametrize("words, said", [
    (["--measured-on", "a"], "--measured-on needs --measured"),
    (["--measured", "1s", "--measured-on", "a", "--measured-on", "a"], "1 measured steps and 2 --measured-on"),
])
def test_options_that_do_not_go_together(tmp_path, words, said):
    done = chipmix("compare", asked(tmp_path), *words)
    assert done.returncode == USAGE and said in done.stderr


def test_faults_of_a_plan_file_stand_in_the_plan_file(tmp_path):
    path = asked(tmp_path)
    plan = write(tmp_path / "plan.json", '{\n "model": "llama-3.1-9b",\n "global_batch": 0,\n "lanes": []\n}\n')
    for place in ("64xh100", "64xh100 batch=-1"):
        fault = refused(path, "--measured", "9s", "--measured-plan", plan, "--measured-on", place)
        assert f"{plan}:2:11: error" in fault and "--measured-on:" not in fault.replace("--measured-on: error", "")
    assert "--measured-plan: error:" in refused(path, "--measured", "9s", "--measured-plan", "TP2 TP4", "--measured-on",
                                                "64xh100")


def test_steps_that_contradict_each_other_widen_and_are_named(tmp_path):
    path = asked(tmp_path)
    step = compared(path)["a"]["step_time_s"]
    agreed = compared(path, "--measured", f"{1.1 * step}s", "--measured", f"{1.11 * step}s", "--measured-on", "a")["a"]["anchored"]
    apart = compared(path, "--measured", f"{step}s", "--measured", f"{1.3 * step}s", "--measured-on", "a")["a"]["anchored"]
    assert agreed["contradiction"] == 1 and apart["contradiction"] > 1.5
    left = 1 - apart["correlation"] ** 2 / apart["contradiction"] ** 2
    assert apart["width_left"] == pytest.approx(math.sqrt(left)) and apart["width_left"] > 1.5 * agreed["width_left"]
    text = " ".join(chipmix("compare", path, "--measured", f"{step}s", "--measured", f"{1.3 * step}s", "--measured-on",
                            "a").stdout.split())
    assert "The measured steps contradict each other (x1.00, x1.30" in text
    said = chipmix("compare", path, "--measured", f"{step}s").stdout
    assert "contradict" not in said


def test_a_plan_in_words_says_each_degree_once(tmp_path):
    twice = option()
    twice["plan"] = "TP2 TP4"
    done = chipmix("compare", asked(tmp_path, twice))
    assert done.returncode == BAD_INPUT and "'TP2 TP4' says tensor twice" in done.stderr


def test_published_runs_of_a_publisher_anchor_its_others():
    done = chipmix("validate", "--anchor", "--format", "json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    anchors, near = answer["by_anchors"], answer["by_correlation"]
    assert anchors["the smallest run"]["groups"] >= 35 and anchors["the smallest run"]["runs"] >= 600
    medians = [one["median_after"] for one in anchors.values()]
    assert medians == sorted(medians, reverse=True) and medians[-1] < 0.045
    for one in anchors.values():
        assert one["median_after"] < one["median_before"]
        assert 0.75 <= one["coverage_after"] <= 0.90
    assert near["0.6 and more"]["median_after"] < 0.05 < near["0.6 and more"]["median_before"]


def test_a_step_faster_than_the_devices_peak_is_a_fault(tmp_path):
    path = asked(tmp_path)
    plain = compared(path)["a"]
    fault = refused(path, "--measured", f"{plain['step_time_s'] * plain['mfu'] * 0.5}s")
    assert "of the devices' peak rate" in fault and "say the batch, length and devices of the run" in fault


def test_a_step_far_slower_than_any_published_run_is_a_fault(tmp_path):
    path = asked(tmp_path)
    step = compared(path)["a"]["step_time_s"]
    assert "times the" in refused(path, "--measured", f"{11 * step}s")
    assert "a" in compared(path, "--measured", f"{4 * step}s")
