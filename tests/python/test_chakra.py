"""Execution traces of MLCommons Chakra: a plan's step written, read back and played, here and on another machine."""

import json
import struct

import pytest

from program import ANSWER, BAD_FILE, BAD_INPUT, USAGE, chipmix, small, write

PLANS = {"pipeline": {"tensor": 8, "pipeline": 4, "micro_batch": 1},
         "interleaved": {"tensor": 8, "pipeline": 4, "micro_batch": 1, "interleave": 2},
         "zero bubble": {"tensor": 8, "pipeline": 4, "micro_batch": 1, "schedule": "zb-h1"},
         "flat": {"tensor": 2, "pipeline": 1, "micro_batch": 1}}


def stepped(tmp_path, plan, *words, **changes):
    path = write(tmp_path / "s.json", small(options__0__plan=plan, **changes))
    folder = tmp_path / "traces"
    run = chipmix("estimate", path, "--option", "a", "--chakra", folder, "--engine", "event", "--timeline",
                  tmp_path / "t.json", "--format", "json", *words)
    assert run.returncode == ANSWER, run.stderr
    events = json.loads((tmp_path / "t.json").read_text())["traceEvents"]
    end = max(event["ts"] + event["dur"] for event in events if event["ph"] == "X")
    return sorted(folder.iterdir()), 1e-6 * end


def replayed(files, *words):
    run = chipmix("replay", *files, "--format", "json", *words)
    assert run.returncode == ANSWER, run.stderr
    return json.loads(run.stdout)


@pytest.mark.parametrize("name", PLANS)
def test_a_step_written_and_read_back_takes_as_long(tmp_path, name):
    files, end = stepped(tmp_path, PLANS[name])
    assert [file.name for file in files] == [f"step.{i}.et" for i in range(PLANS[name]["pipeline"])]
    answer = replayed(files)
    assert answer["seconds"] == pytest.approx(end, rel=1e-6)
    assert [one["rank"] for one in answer["ranks"]] == list(range(len(files)))
    assert answer["lone_transfers"] == answer["kept_nodes"] == 0


def test_experts_that_exchange_tokens_take_as_long(tmp_path):
    files, end = stepped(tmp_path, {"tensor": 1, "pipeline": 4, "expert": 16, "micro_batch": 1}, job__model="qwen3-30b-a3b",
                         options__0__cluster__devices=64)
    assert replayed(files)["seconds"] == pytest.approx(end, rel=1e-6)


def test_another_machine_takes_another_time_and_a_slower_one_longer(tmp_path):
    files, _ = stepped(tmp_path, PLANS["pipeline"])
    traced, same, slow = (replayed(files, *words) for words in
                          ([], ["--on", "64xh100"], ["--on", "64xa100"]))
    assert same["traced_seconds"] == pytest.approx(traced["seconds"])
    assert 0 < same["seconds"] < traced["seconds"] and slow["seconds"] > 2 * same["seconds"]
    scaled = [replayed(files, "--traced-on", "64xh100", "--on", other)["seconds"] for other in ("64xh100", "64xa100")]
    assert scaled[0] == pytest.approx(traced["seconds"]) and 1.5 * scaled[0] < scaled[1] < 4 * scaled[0]
    text = chipmix("replay", *files, "--on", "64xa100").stdout
    assert "played on 64xa100" in text and "the traced step ends after" in text
    assert chipmix("replay", *files, "--traced-on", "64xa100").returncode == USAGE


def test_one_rank_alone_says_what_is_missing(tmp_path):
    files, _ = stepped(tmp_path, PLANS["pipeline"])
    answer = replayed(files[:1])
    assert answer["lone_transfers"] > 0 and len(answer["ranks"]) == 1


def varint(number):
    out = b""
    while number >= 128:
        out, number = out + bytes([number & 127 | 128]), number >> 7
    return out + bytes([number])


def field(number, value):
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def attribute(name, kind, value):
    if kind == "double":
        return field(10, field(1, name) + varint(3 << 3 | 1) + struct.pack("<d", value))
    return field(10, field(1, name) + field({"int64": 9, "uint64": 13, "int32": 7, "string": 29, "bool": 27}[kind], value))


def node(number, kind, micros, before=(), *attributes, packed=True):
    data = b"".join(map(varint, before))
    deps = (field(5, data) if before else b"") if packed else b"".join(field(4, one) for one in before)
    return field(1, number) + field(2, f"node {number}") + field(3, kind) + deps + field(7, micros) + b"".join(attributes)


def trace(*nodes):
    messages = [field(1, "0.0.4"), *nodes]
    return b"".join(varint(len(one)) + one for one in messages)


COMPUTE, SEND, RECEIVE, COLLECTIVE = 4, 5, 6, 7
GROUP = (attribute("comm_type", "int64", 0), attribute("comm_size", "int64", 1 << 28), attribute("pg_name", "string", "0"))


def two_ranks():
    """Rank 0 works 1 ms and sends 0.2 ms; rank 1 waits for it, works 2 ms; both reduce 0.5 ms together."""
    zero = trace(node(1, COMPUTE, 1000), node(2, SEND, 200, [1], attribute("comm_dst", "int32", 1),
                                              attribute("comm_tag", "int32", 9), attribute("comm_size", "int64", 4096)),
                 node(3, COLLECTIVE, 500, [1], *GROUP, packed=False))
    one = trace(node(7, RECEIVE, 200, [], attribute("comm_src", "int32", 0), attribute("comm_tag", "int32", 9)),
                node(8, COMPUTE, 2000, [7], attribute("num_ops", "int64", 10**12), attribute("is_cpu_op", "bool", 0)),
                node(9, COLLECTIVE, 500, [8], *GROUP))
    return {"job.0.et": zero, "job.1.et": one}


def test_traces_of_others_are_played_in_their_order(tmp_path):
    files = [write(tmp_path / name, data) for name, data in two_ranks().items()]
    answer = replayed(files)
    assert answer["seconds"] == pytest.approx(1e-3 + 2e-4 + 2e-3 + 5e-4)
    rank = {one["rank"]: one for one in answer["ranks"]}
    assert rank[0]["work_s"] == pytest.approx(1e-3) and rank[1]["work_s"] == pytest.approx(2e-3)
    on = replayed(list(reversed(files)), "--on", "16xh100")
    assert on["kept_nodes"] == 1  # the work of rank 0, of which the trace says nothing
    assert 1e12 / 989e12 + 1e-3 < on["seconds"] < 4e-3


def as_json(nodes):
    return "".join(json.dumps(one, indent=2) for one in [{"version": "0.0.4"}, *nodes])


def test_the_json_form_is_read_too(tmp_path):
    kinds = {COMPUTE: "COMP_NODE", COLLECTIVE: "COMM_COLL_NODE"}
    nodes = [{"id": "1", "name": "work", "type": kinds[COMPUTE], "durationMicros": "1000"},
             {"id": "2", "name": "sum", "type": kinds[COLLECTIVE], "dataDeps": ["1"], "durationMicros": "500",
              "attr": [{"name": "comm_type", "int64Val": "0"}, {"name": "comm_size", "int64Val": "4096"}]}]
    files = [write(tmp_path / f"{i}.json", as_json(nodes)) for i in range(2)]
    assert replayed(files)["seconds"] == pytest.approx(1.5e-3)
    graph = {"workload_graph": [{"Id": 1, "Name": "work", "NodeType": 4, "runtime": 1000, "data_deps": []},
                                {"Id": 2, "Name": "sum", "NodeType": 7, "runtime": 500, "data_deps": [1], "comm_type": 0}]}
    assert replayed([write(tmp_path / "g.json", graph)])["seconds"] == pytest.approx(1.5e-3)


def test_what_is_no_trace_is_refused_all_at_once(tmp_path):
    whole = two_ranks()["job.0.et"]
    bad = {"cut.et": (whole[:-3], "the file ends inside"), "empty.et": (b"", "a trace without nodes"),
           "twice.et": (trace(node(1, COMPUTE, 1), node(1, COMPUTE, 1)), "node 1 is there twice"),
           "gone.et": (trace(node(1, COMPUTE, 1, [5])), "node 1 depends on 5, which is not there"),
           "kind.et": (trace(node(1, 12, 1)), "a node of type 12"), "text.et": (b"not a trace at all", ""),
           "bad.json": (b'{"version": "0.0.4"}{"id": "1", "type": "COMP_NODE",}', ":1:"),
           "type.json": (b'{"id": "1", "type": "OTHER"}', "is of type"),
           "big.et": (b"\xff" * 30, "a number of more than ten bytes")}
    files = [write(tmp_path / name, data) for name, (data, _) in bad.items()]
    run = chipmix("replay", *files)
    assert run.returncode == BAD_INPUT, run.stderr
    for file, (_, said) in zip(files, bad.values()):
        assert str(file) in run.stderr and said in run.stderr, file
    circle = trace(node(1, COMPUTE, 1, [2]), node(2, COMPUTE, 1, [1]))
    assert "in a circle" in chipmix("replay", write(tmp_path / "circle.et", circle)).stderr
    assert chipmix("replay", tmp_path / "none.et").returncode == BAD_FILE
    good = write(tmp_path / "good.0.et", whole)
    assert chipmix("replay", good, "--on", "8xh100+8xa100").returncode == USAGE
    assert "unknown device" in chipmix("replay", good, "--on", "8xh1000").stderr


def test_two_files_of_one_rank_are_a_fault(tmp_path):
    files, _ = stepped(tmp_path, PLANS["pipeline"])
    run = chipmix("replay", files[0], files[0])
    assert run.returncode == BAD_INPUT and "rank 0 is also that of" in run.stderr and run.stdout == ""


@pytest.mark.parametrize(("change", "said"), [({"durationMicros": "-5"}, "has -5e-06 for a time or a size"),
                                               ({"dataDeps": ["1"]}, "node 1 depends on itself")])
def test_a_time_below_nothing_and_a_node_after_itself_are_faults(tmp_path, change, said):
    node = {"id": "1", "name": "work", "type": "COMP_NODE", "durationMicros": "5"} | change
    run = chipmix("replay", write(tmp_path / "0.json", as_json([node])))
    assert run.returncode == BAD_INPUT and said in run.stderr, run


def test_a_device_without_bf16_plays_with_its_fp16(tmp_path):
    files, _ = stepped(tmp_path, PLANS["flat"])
    assert replayed(files, "--on", "8xt4")["seconds"] > replayed(files, "--on", "8xh100")["seconds"]
