"""Traces of the PyTorch profiler operator by operator, and files larger than memory."""

import json
import resource
import subprocess

import pytest

from program import BAD_INPUT, PROGRAM, chipmix, write
from training_logs import arguments, option, scenario_of

SHAPES = {"aten::mm": [[8192, 4096], [4096, 4096]], "aten::mul": [[8192, 4096], [8192, 4096]]}


def traced(step, steps=3):
    """Steps of 10 products, one elementwise kernel, one grouped product and an optimizer's kernel under its mark."""
    events, at, call = [], 1000.0, 1
    for number in range(1, steps + 1):
        length = 1e6 * step
        events.append({"ph": "X", "cat": "user_annotation", "name": f"ProfilerStep#{number}", "ts": at, "dur": length})
        events.append({"ph": "X", "cat": "gpu_user_annotation", "name": "Optimizer.step#AdamW.step",
                       "ts": at + 0.8 * length, "dur": 0.1 * length})
        kernels = [("aten::mm", "nvjet_tst_128x256", 0.05 * i, 0.05) for i in range(10)]
        kernels += [("aten::mul", "vectorized_elementwise_kernel", 0.5, 0.1), (None, "grouped_gemm_kernel", 0.6, 0.2),
                    ("aten::_foreach_add_", "multi_kernel", 0.8, 0.1)]
        for name, kernel, begin, share in kernels:
            args = {}
            if name:
                call += 1
                args = {"External id": call}
                events.append({"ph": "X", "cat": "cpu_op", "name": name, "ts": at, "dur": 1, "args": {
                    **args, "Input Dims": SHAPES.get(name, []), "Input type": ["c10::BFloat16", "c10::BFloat16"]}})
            events.append({"ph": "X", "cat": "kernel", "name": kernel, "ts": at + begin * length, "dur": share * length,
                           "args": args})
        at += length
    return {"deviceProperties": [{"id": 0, "name": "NVIDIA H100 80GB HBM3"}], "traceEvents": events}


@pytest.fixture
def asked(tmp_path):
    return write(tmp_path / "s.json", scenario_of(option()))


def anchor_of(path, file):
    done = chipmix("estimate", path, "--option", "a", "--measured", file, "--format", "json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["anchored"]["on"][0]


def test_operators_stand_beside_the_law_of_their_shape(asked, tmp_path):
    step = 10.0
    file = write(tmp_path / "t.json", traced(step))
    anchor = anchor_of(asked, file)
    kinds = {part["work"]: part["measured_s"] / step for part in anchor["traced"]}
    assert kinds == {"matrix products": pytest.approx(0.5), "experts": pytest.approx(0.2), "attention": 0,
                     "elementwise": pytest.approx(0.1), "optimizer": pytest.approx(0.1), "exposed communication": 0,
                     "no kernel": pytest.approx(0.1)}
    for part in anchor["traced"]:
        assert ("ratio" in part) == (part["predicted_s"] > 0)
    operators = {one["operator"]: one for one in anchor["operators"]}
    product = operators["aten::mm 8192x4096 4096x4096"]
    assert (product["kind"], product["calls"]) == ("matrix products", pytest.approx(10))
    assert product["measured_s"] == pytest.approx(0.5 * step)
    rate = 10 * 2 * 8192 * 4096 * 4096 / product["law_s"]
    assert 4e14 < rate < 989e12  # of an H100, FLOP/s
    assert product["ratio"] == pytest.approx(product["measured_s"] / product["law_s"])
    assert operators["aten::_foreach_add_"]["kind"] == "optimizer"
    assert "law_s" not in operators["aten::mul 8192x4096 8192x4096"]
    assert [one["measured_s"] for one in anchor["operators"]] == sorted(
        (one["measured_s"] for one in anchor["operators"]), reverse=True)
    text = chipmix("estimate", asked, "--option", "a", "--measured", file).stdout
    assert "Operators of the traced step" in text and "aten::mm 8192x4096 4096x4096" in text


@pytest.mark.parametrize("text, place, said", [
    ('{"traceEvents": [{"a": 1},\n {"b": 2,}]}', ":2:", ""),
    ('{"traceEvents": [{"a": 1} {"b": 2}]}', ":1:27", ""),
    ('{"traceEvents": [{"a": "x', ":1:26", "the file ends inside a text"),
    ('{"traceEvents": ' + "[" * 200, ":1:118", "nested deeper than 100"),
    ('{"traceEvents": {}}', ":1:17", "expected a list of 'traceEvents'"),
    ('{"others": []}', ":1:1", "a trace has a list 'traceEvents'"),
    ('{"traceEvents": []}, 1', ":1:", "text behind the end"),
])
def test_what_is_no_trace_is_refused_at_its_place(asked, tmp_path, text, place, said):
    file = write(tmp_path / "t.json", text)
    done = chipmix("compare", asked, "--measured", file, "--measured-on", "a")
    assert done.returncode == BAD_INPUT and f"{file}{place}" in done.stderr and said in done.stderr, done.stderr


def limited(megabytes, *words):
    """The program with so much address space."""
    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, preexec_fn=limit, timeout=120)


def test_a_log_larger_than_its_memory_is_read_line_by_line(asked, tmp_path):
    file, steps = tmp_path / "large.log", 1000
    noise = ("rank 17: " + "loading shard of the tokenised data, nothing to see here " * 4 + "\n") * 900
    with open(file, "w") as out:
        out.write(arguments(world_size=64))
        for i in range(1, steps + 1):
            out.write(noise)
            out.write(f" iteration {i}/ {steps} | consumed samples: {i} | elapsed time per iteration (ms): 9000.0 | "
                      f"global batch size: 512 |\n")
    assert file.stat().st_size > 200e6
    done = limited(300, "compare", asked, "--measured", file, "--measured-on", "a", "--format", "json", "--jobs", 1)
    assert done.returncode in (0, BAD_INPUT), done.stderr
    said = done.stdout + done.stderr
    assert "998 steps of large.log" in said or f"{file}:" in said


def test_a_trace_larger_than_its_memory_is_read_event_by_event(asked, tmp_path):
    file, step = tmp_path / "large.json", 10.0
    with open(file, "w") as out:
        out.write('{"traceEvents": [\n')
        flow = json.dumps({"ph": "s", "cat": "ac2g", "name": "ac2g", "args": {"stack": "a frame of Python, " * 40}}) + ",\n"
        for event in traced(step)["traceEvents"]:
            out.write(flow * 3500)
            out.write(json.dumps(event) + ",\n")
        out.write(flow[:-2] + "\n]}\n")
    assert file.stat().st_size > 200e6
    done = limited(300, "compare", asked, "--measured", file, "--measured-on", "a", "--format", "json", "--jobs", 1)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["options"][0]["anchored"]["on"][0]["measured_s"] == pytest.approx(step)
