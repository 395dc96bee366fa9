"""The event engine on the command line: the same answer, disturbances, traces."""

import json
import re

import pytest

from program import ANSWER, BAD_INPUT, NO_ANSWER, USAGE, chipmix, small

PLAN = {"tensor": 4, "pipeline": 4, "micro_batch": 1, "recompute": "full"}


def planned(**option) -> dict:
    content = small()
    content["options"][0].update({"plan": PLAN, **option})
    return content


def asked(path, *words) -> dict:
    run = chipmix("estimate", path, "--option", "a", "--format", "json", *words)
    assert (run.returncode, run.stderr) == (ANSWER, ""), run
    return json.loads(run.stdout)


def step(answer) -> float:
    return answer["step_time_s"]


def test_is_the_event_engines_answer_near_the_analytical_one(scenario):
    path = scenario(planned())
    assert step(asked(path, "--engine", "event")) == pytest.approx(step(asked(path)), rel=0.02)
    assert asked(path, "--engine", "analytical") == asked(path)
    run = chipmix("compare", path, "--engine", "event", "--format", "json")
    assert json.loads(run.stdout)["options"][0]["step_time_s"] == pytest.approx(step(asked(path, "--engine", "event")))


def test_does_a_slow_replica_show_what_it_costs_and_where(scenario):
    path = scenario(planned(disturbed={"slow": [{"stage": 2, "factor": 1.5}]}))
    hurt = asked(path, "--engine", "event")
    assert hurt["undisturbed_step_time_s"] == pytest.approx(step(asked(scenario(planned()), "--engine", "event")))
    path = scenario(planned(disturbed={"slow": [{"stage": 2, "factor": 1.5}]}))
    assert 1.2 < step(hurt) / hurt["undisturbed_step_time_s"] < 1.5
    text = chipmix("estimate", path, "--option", "a", "--engine", "event").stdout
    assert "What the disturbance costs" in text and "pipeline bubble" in text


def test_is_jitter_the_same_for_the_same_seed(scenario):
    def with_seed(seed):
        path = scenario(planned(disturbed={"jitter": {"spread": 0.05, "seed": seed}}))
        return chipmix("estimate", path, "--option", "a", "--engine", "event").stdout

    assert with_seed(1) == with_seed(1) != with_seed(2)


def test_is_the_trace_one_that_chrome_opens(scenario, tmp_path):
    trace = tmp_path / "trace.json"
    answer = asked(scenario(planned()), "--engine", "event", "--timeline", trace)
    events = json.loads(trace.read_text())["traceEvents"]
    slices = [event for event in events if event["ph"] == "X"]
    passes = [event for event in slices if event["name"].split()[0] in ("forward", "backward")]
    assert len(passes) == 4 * 2 * answer["plan"]["micro_batches"]
    for first, second in zip(*2 * [iter(sorted(passes, key=lambda event: (event["tid"], event["ts"])))]):
        if first["tid"] == second["tid"]:
            assert first["ts"] + first["dur"] <= second["ts"] + 1e-3  # a stage does one thing at a time
    assert max(event["ts"] + event["dur"] for event in slices) <= 1e6 * answer["step_time_s"]
    one = passes[0]["args"]
    assert one["TFLOP"] > 0 and one["GiB moved"] > 0 and one["kernels"] > 10 and one["bound by"] in ("compute", "memory")
    assert " x " in one["largest"]
    work = sum(event["args"]["TFLOP"] for event in passes)
    peak = answer["devices"] * 989.4 * answer["step_time_s"]  # TFLOP/s of an H100, data sheet
    mfu = work * answer["devices"] / len({event["tid"] for event in passes}) / peak
    assert answer["mfu"] < mfu < 1.5 * answer["mfu"]  # the head, the router, no recomputation
    arrows = [event for event in events if event["ph"] in "sf"]
    assert len(arrows) == 2 * sum(event["name"] == "send" for event in slices)
    assert any(event["ph"] == "C" for event in events)


def test_is_the_critical_path_a_chain_from_the_start_of_the_trace_to_its_end(scenario, tmp_path):
    trace = tmp_path / "trace.json"
    asked(scenario(planned()), "--engine", "event", "--timeline", trace)
    events = json.loads(trace.read_text())["traceEvents"]
    row = next(event["tid"] for event in events if event["ph"] == "M" and event["args"]["name"] == "critical path")
    path = sorted((event["ts"], event["ts"] + event["dur"]) for event in events if event["ph"] == "X" and event["tid"] == row)
    others = [event for event in events if event["ph"] == "X" and event["tid"] != row]
    assert len(path) > 8 and path[0][0] == 0
    for (_, end), (begin, _) in zip(path, path[1:]):
        assert begin == pytest.approx(end, abs=1e-3)
    assert path[-1][1] == pytest.approx(max(event["ts"] + event["dur"] for event in others), abs=1e-3)
    marked = {event["args"]["critical path"] for event in others}
    assert marked == {True, False}
    on_path = sum(event["dur"] for event in others if event["args"]["critical path"])
    assert on_path == pytest.approx(sum(end - begin for begin, end in path), rel=1e-6)
    assert all(event.get("cname") == "terrible" for event in others if event["args"]["critical path"])


REFUSED = {
    "a stage the plan has not": ({"slow": [{"stage": 4, "factor": 2}]}, "the plan has 4 (0 to 3)"),
    "replicas the plan has not": ({"ports": [{"stage": 0, "replicas": 5, "share": 0.5}]}, "the plan has 4"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_is_what_the_plan_has_not_an_answer_that_says_what_it_has(scenario, name):
    disturbed, reason = REFUSED[name]
    run = chipmix("estimate", scenario(planned(disturbed=disturbed)), "--option", "a", "--engine", "event")
    assert (run.returncode, run.stderr) == (NO_ANSWER, "") and reason in " ".join(run.stdout.split()), run


FAULTS = {
    "faster than fast": ({"slow": [{"stage": 0, "factor": 0.5}]}, "'factor' must be between 1 and"),
    "a stage below the first": ({"slow": [{"stage": -1, "factor": 2}]}, "'stage' must be between 0 and"),
    "no bandwidth at all": ({"ports": [{"stage": 0, "share": 0}]}, "'share' must be between"),
    "an unknown disturbance": ({"slwo": []}, "unknown key 'slwo'"),
    "a negative spread": ({"jitter": {"spread": -1}}, "'spread' must be between 0 and"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_is_a_faulty_disturbance_told_at_its_place(scenario, name):
    disturbed, message = FAULTS[name]
    run = chipmix("estimate", scenario(planned(disturbed=disturbed)), "--option", "a", "--engine", "event")
    assert run.returncode == BAD_INPUT and message in run.stderr and "^" in run.stderr, run


def test_is_a_disturbance_never_left_out_silently(scenario, tmp_path):
    path = scenario(planned(disturbed={"slow": [{"stage": 0, "factor": 2}]}))
    for words in (("estimate", path, "--option", "a"), ("compare", path)):
        run = chipmix(*words)
        assert run.returncode == USAGE and "--engine event" in run.stderr, run
    run = chipmix("estimate", scenario(planned()), "--option", "a", "--timeline", tmp_path / "t.json")
    assert run.returncode == USAGE and "--engine event" in run.stderr
    assert chipmix("estimate", path, "--option", "a", "--engine", "evnt").returncode == USAGE


def test_are_split_backward_passes_played_near_the_analytical_answer(scenario):
    path = scenario(planned(plan={**PLAN, "schedule": "zb-h1"}))
    assert step(asked(path, "--engine", "event")) == pytest.approx(step(asked(path)), rel=0.03)


def test_does_simgrid_agree(scenario):
    path = scenario(planned(disturbed={"ports": [{"stage": 1, "share": 0.3}]}))
    assert step(asked(path, "--engine", "simgrid")) == pytest.approx(step(asked(path, "--engine", "event")), rel=1e-8)


def test_are_all_wrong_what_ifs_named_at_once(scenario):
    run = chipmix("estimate", scenario(planned()), "--option", "a", "--engine", "event", "--slow", "stage=99:1.5",
                  "--slow", "stage=98:2")
    assert run.returncode == NO_ANSWER, run
    text = " ".join(run.stdout.split())
    assert "stage 99: the plan has 4 (0 to 3)" in text and "stage 98: the plan has 4 (0 to 3)" in text
    run = chipmix("estimate", scenario(planned()), "--option", "a", "--engine", "event", "--slow", "stage=1:0",
                  "--slow", "fast")
    assert run.returncode == USAGE and "'stage=1:0', 'fast'" in run.stderr, run
    run = chipmix("estimate", scenario(planned()), "--option", "a", "--engine", "event", "--seeds", "0")
    assert run.returncode == USAGE and "from 1 to 1000" in run.stderr, run


@pytest.mark.parametrize("schedule", ["dualpipe", "dualpipe-v"])
def test_are_both_ways_played_and_the_referee_of_one_mind(schedule, scenario):
    path = scenario(planned(plan={**PLAN, "schedule": schedule}))
    ours, theirs = (step(asked(path, "--engine", engine)) for engine in ("event", "simgrid"))
    assert ours == pytest.approx(theirs, rel=1e-9)
    assert step(asked(path)) * (1 - 1e-9) <= ours < 1.03 * step(asked(path))
    lines = [line for line in chipmix("estimate", path, "--option", "a", "--engine", "event", "--gantt").stdout.splitlines()
             if line.startswith("stage ") and "|" in line]
    assert len(lines) == 4 and all(re.search("[A-Jb]", line) for line in lines)


@pytest.mark.parametrize(
    "disturbed",
    [
        {"fabric": {"fat_tree": {"nodes_per_leaf": 1, "oversubscription": 8}}},
        {"fabric": {"fat_tree": {"nodes_per_leaf": 1, "oversubscription": 4}, "jobs": 2, "reductions": "steps"}},
        {"outages": [{"stage": 1, "from": "0 s", "lasts": "1 s"}]},
    ],
)
def test_is_a_filled_fabric_or_an_outage_dearer_and_the_referee_of_one_mind(scenario, disturbed):
    path = scenario(planned(disturbed=disturbed))
    ours, theirs = (asked(path, "--engine", engine) for engine in ("event", "simgrid"))
    assert step(ours) > ours["undisturbed_step_time_s"]
    assert step(ours) == pytest.approx(step(theirs), rel=1e-8)


def test_are_all_faults_of_a_fabric_told_at_once(scenario):
    fabric = {"torus": {"dimensions": [4, 0]}, "dragonfly": {"groups": 10, "routers": 4, "nodes_per_router": 1, "global_links": 2}}
    outage = {"stage": 0, "from": "-1 s", "lasts": "1 s"}
    run = chipmix("estimate", scenario(planned(disturbed={"fabric": fabric, "outages": [outage]})), "--option", "a")
    assert run.returncode == BAD_INPUT
    for words in ("'dimensions' must be between 1", "10 groups, where 4 routers", "'from' must be at least 0"):
        assert words in run.stderr


def test_is_a_topology_of_another_size_an_answer_with_both_numbers(scenario):
    path = scenario(planned(disturbed={"fabric": {"torus": {"dimensions": [7, 7]}}}))
    run = chipmix("estimate", path, "--option", "a", "--engine", "event")
    assert run.returncode == NO_ANSWER
    assert "a torus of 7 × 7 has 49 servers, the plan's jobs" in run.stdout


def test_do_the_traces_memory_counters_reach_the_peak_that_the_answer_states(scenario, tmp_path):
    trace = tmp_path / "trace.json"
    answer = asked(scenario(planned()), "--engine", "event", "--timeline", trace)
    counters = [event for event in json.loads(trace.read_text())["traceEvents"] if event["name"] == "stage 0 memory"]
    peak = max(event["args"]["GiB"] for event in counters)
    assert peak == pytest.approx(answer["memory"][0]["peak_gib"], rel=1e-3)


def test_is_a_drawing_of_the_step_printed_on_request(scenario):
    run = chipmix("estimate", scenario(planned()), "--option", "a", "--engine", "event", "--gantt")
    lines = [line for line in run.stdout.splitlines() if line.startswith("stage ") and "|" in line]
    assert len(lines) == 4 and all("b" in line for line in lines)
    assert chipmix("estimate", scenario(planned()), "--option", "a", "--gantt").returncode == USAGE


def test_are_all_engines_shown_side_by_side_and_do_players_agree():
    run = chipmix("estimate", "scenarios/deepseek_v3_h800.json", "--option", "report", "--engine", "all",
                  "--slow", "stage=2:1.5", "--format", "json")
    assert run.returncode == 0, run.stderr
    engines = json.loads(run.stdout)["engines"]
    assert list(engines) == ["analytical", "event", "simgrid"]
    event, referee = engines["event"], engines["simgrid"]
    assert event["step_time_s"] == pytest.approx(referee["step_time_s"], rel=1e-9)
    assert event["step_time_s"] > 1.05 * engines["analytical"]["step_time_s"]  # which does not see the slow device
    for engine in engines.values():
        assert sum(engine["accounts"].values()) == pytest.approx(engine["step_time_s"], rel=1e-9)
    text = chipmix("estimate", "scenarios/deepseek_v3_h800.json", "--option", "report", "--engine", "all").stdout
    assert "Engines side by side" in text and "why they differ" in text


def test_do_seeds_give_a_spread_that_is_the_same_every_time():
    def seeds(count):
        run = chipmix("estimate", "scenarios/llama31_405b.json", "--option", "h100", "--engine", "event", "--seeds",
                      count, "--format", "json")
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout)["seeds"]
    once = seeds(5)
    assert once["count"] == 5
    assert once["p10_s"] < once["p90_s"] <= once["longest_s"]
    assert once == seeds(5)


@pytest.mark.parametrize("words, said", [
    (["--engine", "event", "--seeds", "0"], "--seeds takes a number from 1 to 1000, not '0'"),
    (["--seeds", "5"], "add --engine event"),
    (["--engine", "event", "--slow", "2=1.5"], "--slow takes stage=S:FACTOR"),
    (["--engine", "event", "--slow", "stage=2:0.5"], "factor 1 to 1000"),
    (["--slow", "stage=2:1.5"], "only --engine event models them"),
])
def test_are_what_ifs_said_wrongly_usage_errors(words, said):
    run = chipmix("estimate", "scenarios/deepseek_v3_h800.json", "--option", "report", *words)
    assert run.returncode == 2 and said in run.stderr


def test_is_a_slow_stage_that_is_not_there_an_answer():
    run = chipmix("estimate", "scenarios/deepseek_v3_h800.json", "--option", "report", "--engine", "event", "--slow",
                  "stage=99:2")
    assert run.returncode == 1 and "the plan has 16 (0 to 15)" in run.stdout
