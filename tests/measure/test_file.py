"""Does a measurement end in a file that is whole and says what was and what was not measured?"""

import json
import os
import socket
import subprocess
import sys

import chipmix_measure as measure
import pytest
from conftest import ROOT
from measurement_file import faults

PROGRAM = str(ROOT / "bench" / "measure" / "chipmix_measure.py")
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1"}


def start(*words, **environment):
    return subprocess.Popen([sys.executable, "-B", PROGRAM, *map(str, words)], env={**ENVIRONMENT, **environment},
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def one_item(sample, build):
    return lambda device, dtypes, scale: [measure.Item(sample, build, "a test")]


def product(device, sample):
    return lambda i: device.synchronize(), {}


GEMM = {"kind": "gemm", "dtype": "fp32", "m": 8, "n": 8, "k": 8}


def test_does_a_short_run_on_the_cpu_give_a_valid_file(tmp_path):
    file = tmp_path / "m.json"
    process = start("--minutes", 0.05, "--device", "cpu", "--output", file)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 0, said
    content = json.loads(file.read_text())
    assert faults(content) == []
    assert content["device"]["backend"] == "cpu" and "torch" in content["software"]
    kinds = {sample["kind"] for sample in content["samples"]}
    assert kinds == {"launch", "stream", "gemm", "attention", "grouped_gemm", "host_copy", "sustained", "check"}
    timed = {sample["kind"] for sample in content["samples"] if "error" not in sample}
    assert "launch" in timed  # the others as far as the time goes: the next test has all the time it needs
    assert len(said.splitlines()) == len(content["samples"])


def test_does_every_operator_run_on_the_cpu_or_say_why_not():
    device = measure.Cpu()
    taking = measure.Session(device, measure.Budget(1e6), 0.01)
    scale = lambda x: max(16, x // 128)
    for _, items, _ in measure.GROUPS:
        for item in items(device, device.dtypes, scale):
            clock = iter(range(10**6)).__next__  # a second at every look: the least repetitions
            taking.take(item, measure.SampleTime(clock, 1, 6))
    errors = {sample["error"].split(":")[0] for sample in taking.samples if "error" in sample}
    allowed = {"host and device are the same"}
    allowed |= {error for error in errors if "has no" in error or "takes no grouped" in error}
    assert errors <= allowed
    timed = {sample["kind"] for sample in taking.samples if "error" not in sample}
    assert {"launch", "stream", "gemm", "grouped_gemm", "sustained", "check"} <= timed
    sample = next(s for s in taking.samples if s["kind"] == "check" and s["what"] == "step")
    assert sample["clock"] == "host" and sample["seconds"]


def test_does_an_interrupted_run_keep_what_was_measured(tmp_path, monkeypatch):
    def interrupt(device, sample):
        raise KeyboardInterrupt

    never = lambda device, dtypes, scale: pytest.fail("went on after Ctrl-C")
    monkeypatch.setattr(measure, "GROUPS", (("a", one_item(GEMM, product), 0.3), ("b", one_item(GEMM, interrupt), 0.3),
                                            ("c", never, 0.4)))
    file = tmp_path / "m.json"
    assert measure.main(["--device", "cpu", "--output", str(file)]) == measure.INTERRUPTED
    content = json.loads(file.read_text())
    assert faults(content) == [] and len(content["samples"]) == 1
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("place", ["no/such/folder/m.json", "."])
def test_is_an_unwritable_output_told_before_anything_is_measured(place, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(measure, "find_device", lambda *_: pytest.fail("measured first"))
    assert measure.main(["--output", str(tmp_path / place)]) == measure.BAD_FILE
    assert "cannot write" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_is_an_older_file_left_alone_until_there_is_something_to_write(tmp_path, monkeypatch):
    def interrupt(device, sample):
        raise KeyboardInterrupt

    monkeypatch.setattr(measure, "GROUPS", (("a", one_item(GEMM, interrupt), 1.0),))
    file = tmp_path / "m.json"
    file.write_text("old")
    assert measure.main(["--device", "cpu", "--output", str(file)]) == measure.INTERRUPTED
    assert file.read_text() == "old"


def test_is_a_run_in_which_everything_fails_no_success(tmp_path, monkeypatch):
    def fails(device, sample):
        raise RuntimeError("no such kernel")

    monkeypatch.setattr(measure, "GROUPS", (("a", one_item(GEMM, fails), 1.0),))
    file = tmp_path / "m.json"
    assert measure.main(["--device", "cpu", "--output", str(file)]) == measure.NOTHING_MEASURED
    assert json.loads(file.read_text())["samples"][0]["error"] == "no such kernel"


@pytest.mark.parametrize("words, said", [
    (["--groups", "gem"], ["there is no group gem"]),
    (["--dtypes", "bf16,fp7"], ["fp7 is not one of"]),
    (["--minutes", "0"], ["--minutes: must be above zero"]),
    (["--groups", "gem,launch", "--minutes", "-1", "--dtypes", "fp64"], ["group gem;", "above zero", "fp64 is not"]),
])
def test_are_wrong_words_told(words, said, capsys):
    with pytest.raises(SystemExit) as ended:
        measure.main(words)
    assert ended.value.code == measure.USAGE
    told = capsys.readouterr().err
    assert [fault for fault in said if fault not in told] == []


def test_is_a_device_that_is_not_there_told(tmp_path, capsys):
    assert measure.main(["--device", "npu", "--output", str(tmp_path / "m.json")]) == measure.USAGE
    assert "sees no npu device" in capsys.readouterr().err


def test_does_the_list_say_what_each_group_pins(capsys):
    assert measure.main(["--device", "cpu", "--list"]) == 0
    heads = [line for line in capsys.readouterr().out.splitlines() if not line.startswith(" ")]
    assert {line.split(":")[0] for line in heads} == {name for name, _, _ in measure.GROUPS}
    assert all(len(line.split(": ", 1)[1]) > 10 for line in heads)


@pytest.mark.parametrize("units, tiles", [(132, (132, 143)), (108, (108, 117)), (20, (20, 24)), (13, (13, 14))])
def test_are_there_shapes_just_within_and_beyond_one_wave(units, tiles):
    waves = next(shapes for pins, _, shapes in measure.gemm_shapes(units) if pins.startswith("whole waves"))
    assert tuple(m // 128 * (n // 128) for m, n, _, _ in waves) == tiles


def test_is_the_law_measured_on_both_sides_of_each_of_its_terms():
    """H100: 989 TFLOP/s, 3.35 TB/s, 132 units; a product is bound by work where m·n·k outweighs the traffic."""
    shapes = [shape for _, _, group in measure.gemm_shapes(132) for shape in group]
    work = [2.0 * m * n * k * b / 989e12 for m, n, k, b in shapes]
    traffic = [2.0 * b * (m * k + n * k + m * n) / 3.35e12 for m, n, k, b in shapes]
    ratios = sorted(w / t for w, t in zip(work, traffic))
    assert ratios[0] < 0.1 and ratios[-1] > 5
    assert sum(0.5 < ratio < 2 for ratio in ratios) >= 3
    assert min(w + t for w, t in zip(work, traffic)) < 1e-6  # kernel overhead alone is left


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def test_do_two_ranks_measure_collectives(tmp_path):
    torch_distributed = pytest.importorskip("torch.distributed")
    if not torch_distributed.is_available() or not getattr(torch_distributed, "is_gloo_available", lambda: True)():
        pytest.skip("this PyTorch is built without gloo")
    file, port = tmp_path / "m.json", free_port()
    ranks = [start("--device", "cpu", "--output", file, MASTER_ADDR="127.0.0.1", MASTER_PORT=port, WORLD_SIZE="2",
                   LOCAL_WORLD_SIZE="2", RANK=str(rank), LOCAL_RANK=str(rank)) for rank in (0, 1)]
    said = [rank.communicate(timeout=240)[1] for rank in ranks]
    assert [rank.returncode for rank in ranks] == [0, 0], said
    content = json.loads(file.read_text())
    assert faults(content) == [] and content["device"]["count"] == 2
    samples = content["samples"]
    assert {sample["kind"] for sample in samples} == {"collective"}
    timed = {(sample["op"], sample["bytes"]) for sample in samples if "error" not in sample}
    for op in ("all_reduce", "all_gather", "all_to_all", "broadcast", "send_recv"):
        assert {size for name, size in timed if name == op} == set(measure.COLLECTIVE_SIZES[:3])


@pytest.mark.parametrize("world, per_node, shapes", [
    (2, 2, [(2, 2, 1)]),
    (8, 8, [(2, 2, 1), (4, 4, 1), (8, 8, 1)]),
    (6, 6, [(2, 2, 1), (6, 6, 1)]),
    (16, 8, [(2, 2, 1), (4, 4, 1), (8, 8, 1), (2, 1, 8), (16, 8, 1)]),
    (4, 1, [(4, 1, 1)]),
])
def test_are_groups_within_a_node_across_nodes_and_all(world, per_node, shapes):
    assert measure.group_shapes(world, per_node) == shapes
    for count, in_node, stride in shapes:
        groups = measure.members(world, count, stride)
        assert sorted(rank for ranks in groups for rank in ranks) == list(range(world))
        for ranks in groups:
            assert len(ranks) == count
            nodes = [rank // per_node for rank in ranks]
            assert {nodes.count(node) for node in nodes} == {in_node}
