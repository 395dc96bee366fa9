"""Tables of published runs given to `validate`: what is reported about members it does not know and values it cannot read."""

import copy
import json

import pytest
from program import ANSWER, BAD_INPUT, chipmix, write

RUN = {
    "id": "a",
    "tier": "full",
    "project": "somebody",
    "source": {"title": "A source", "year": 2023},
    "model": {"name": "GPT 3.6 B", "family": "gpt", "num_layers": 30, "hidden_size": 3072, "num_attention_heads": 32,
              "vocab_size": 50257, "seq_length": 2048},
    "cluster": {"device": "a100-sxm4-80gb", "devices": 64, "devices_per_node": 8},
    "plan": {"tp": 2, "pp": 1, "dp": 32, "micro_batch": 8, "global_batch": 512, "recompute": "full", "dtype": "fp16",
             "stack": "megatron-deepspeed"},
    "measured": {"iteration_s": 4.0},
}


def table(path, **changes):
    """Two runs, a and b; the first with members set: table(path, plan__tp="two")."""
    first = copy.deepcopy(RUN)
    for place, value in changes.items():
        *parts, last = place.split("__")
        target = first
        for part in parts:
            target = target[part]
        target[last] = value
    return write(path / "runs.json", [first, {**copy.deepcopy(RUN), "id": "b"}])


def validate(path):
    run = chipmix("validate", "--cases", path, "--format", "json")
    return run, {case["id"]: case for case in json.loads(run.stdout)["cases"]}


@pytest.mark.parametrize("member, meant", [("plan__recompute_layer", "recompute_layers"), ("model__num_layer", "num_layers"),
                                           ("cluster__device_per_node", "devices_per_node"), ("note", "notes")])
def test_is_a_misspelt_member_remarked_upon_and_the_rest_answered(tmp_path, member, meant):
    plain, _ = validate(table(tmp_path / "plain"))
    run, cases = validate(table(tmp_path, **{member: 8}))
    assert run.returncode == ANSWER, run.stderr
    assert f"'{member.split('__')[-1]}'" in run.stderr and f"did you mean '{meant}'?" in run.stderr
    assert "runs.json:" in run.stderr
    assert cases["a"]["predicted"] and cases["b"]["predicted"]
    assert plain.stderr.count("not a field of a run") == 0
    assert run.stdout == plain.stdout.replace(str(tmp_path / "plain"), str(tmp_path))


@pytest.mark.parametrize("member, value", [("plan__tp", "two"), ("plan__micro_batch", 1.5), ("model__num_layers", -3),
                                           ("plan__stages", "even"), ("cluster__devices", [64]), ("plan__optimizer", "adam"),
                                           ("plan__fsdp", "yes"), ("model", 3)])
def test_does_a_value_of_the_wrong_kind_leave_out_its_row_only(tmp_path, member, value):
    _, plain = validate(table(tmp_path / "plain"))
    run, cases = validate(table(tmp_path, **{member: value}))
    assert run.returncode == BAD_INPUT
    assert "runs.json:" in run.stderr and "not a field of a run" not in run.stderr
    assert cases["a"]["status"] == "error" and "runs.json:" in cases["a"]["reason"]
    assert cases["b"]["predicted"] == plain["b"]["predicted"]


@pytest.mark.parametrize("member, value, meant", [
    ("plan__schedule", "1F1B", "1f1b"), ("plan__dispatcher", "deep-ep", "deepep"), ("plan__finetune", "lora2", "lora"),
    ("plan__cuda_graphs", "attn+moe_rooter", "moe_router"), ("plan__schedule", "gpipe", None)])
def test_is_a_word_that_means_nothing_a_fault_of_its_row(tmp_path, member, value, meant):
    run, cases = validate(table(tmp_path, **{member: value}))
    assert run.returncode == BAD_INPUT
    assert "is none of" in run.stderr and "runs.json:" in run.stderr
    assert meant is None or f"did you mean '{meant}'?" in run.stderr
    assert cases["a"]["status"] == "error" and "is none of" in cases["a"]["reason"]
    assert cases["b"]["predicted"]


def test_are_layers_that_do_not_match_the_model_refused_by_name(tmp_path):
    run, cases = validate(table(tmp_path, plan__layers_per_stage=[15, 14]))
    assert run.returncode == ANSWER
    assert cases["a"]["status"] == "unsupported" and "plan.layers_per_stage" in cases["a"]["reason"]
    assert cases["b"]["predicted"]


@pytest.mark.parametrize("option", ["--cases", "--runs"])
def test_does_a_broken_file_of_a_folder_keep_nobody_from_the_others(tmp_path, option):
    if option == "--cases":
        table(tmp_path)
    else:
        write(tmp_path / "whole.json", [])
    (tmp_path / "broken.json").write_text('[{"id": "c",')
    run = chipmix("validate", option, tmp_path, "--format", "json")
    assert run.returncode == BAD_INPUT
    assert "broken.json:1:" in run.stderr
    answered = json.loads(run.stdout)
    if option == "--cases":
        assert {case["id"]: bool(case["predicted"]) for case in answered["cases"]} == {"a": True, "b": True}


def test_are_degrees_that_leave_devices_idle_told_by_name(tmp_path):
    run, cases = validate(table(tmp_path, cluster__devices=128))
    assert run.returncode == ANSWER
    assert cases["a"]["status"] == "unsupported"
    assert "tp 2 x pp 1" in cases["a"]["reason"] and "cluster.devices is 128" in cases["a"]["reason"]
    assert cases["b"]["predicted"]
