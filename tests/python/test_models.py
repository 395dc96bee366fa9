"""Is a config.json read, or refused by name, and does every answer say what its reading had to assume?"""

import json

import pytest

from program import ANSWER, BAD_INPUT, chipmix, small

TEXT = {"hidden_size": 1024, "num_hidden_layers": 8, "vocab_size": 32000, "num_attention_heads": 16,
        "num_key_value_heads": 4, "head_dim": 64, "hidden_act": "silu", "rms_norm_eps": 1e-6,
        "intermediate_size": 3072, "tie_word_embeddings": False}
LINEAR = ["linear_attention"] * 3 + ["full_attention"]


def written(tmp_path, **keys):
    path = tmp_path / "tried.json"
    path.write_text(json.dumps({**TEXT, **keys}))
    return path


@pytest.mark.parametrize("keys, said", [
    ({"model_type": "bert"}, "'bert' is an encoder"),
    ({"model_type": "fern", "is_encoder_decoder": True}, "encoder and decoder"),
    ({"model_type": "maple", "layer_types": LINEAR * 2}, "linear attention or a state space are not modelled"),
    ({"model_type": "cedar", "hybrid_override_pattern": "MEM*EMEM"}, "linear attention or a state space"),
    ({"model_type": "jade", "attn_layer_period": 8, "mamba_d_state": 16}, "linear attention or a state space"),
    ({"model_type": "llama", "loop_layers": 3}, "'loop_layers' may change the model's weights or operations"),
    ({"model_type": "llama", "cross_attention_layers": [3]}, "'cross_attention_layers' may change"),
    ({"model_type": "rwkv"}, "the recurrence of 'rwkv' is not modelled"),
])
def test_is_what_is_not_modelled_refused_by_name(tmp_path, keys, said):
    run = chipmix("models", written(tmp_path, **keys))
    assert run.returncode == BAD_INPUT
    assert said in " ".join(run.stderr.split())
    assert "tried.json:1:" in run.stderr


def test_is_a_number_that_only_python_writes_read(tmp_path):
    run = chipmix("models", written(tmp_path, model_type="llama", time_step_limit=[0.0, float("inf")]))
    assert run.returncode == ANSWER, run.stderr


@pytest.mark.parametrize("command", ["compare", "estimate", "plan"])
def test_does_an_answer_say_what_was_assumed_of_its_model(tmp_path, command):
    (tmp_path / "models").mkdir()
    written(tmp_path / "models", model_type="opal2", hidden_act="gelu_pytorch_tanh")
    path = tmp_path / "scenario.json"
    path.write_text(json.dumps(small(job__model="tried")))
    words = ("--option", "a") if command != "compare" else ()
    run = chipmix(command, path, *words)
    assert run.returncode == ANSWER, run.stderr
    text = " ".join(run.stdout.split())
    assert "Assumed for tried: model_type 'opal2' is not known" in text


def test_does_an_import_say_what_was_assumed(tmp_path):
    run = chipmix("import", "hf", written(tmp_path, model_type="opal2"))
    assert run.returncode == ANSWER
    assert "remark: assumed: model_type 'opal2' is not known" in " ".join(run.stderr.split())
    assert chipmix("import", "hf", written(tmp_path, model_type="opal2"), "--quiet").stderr == ""


def test_does_the_list_of_models_give_whole_hidden_sizes():
    lines = chipmix("models").stdout.splitlines()
    assert any("gpt-3-175b" in line and "12,288" in line for line in lines)


def test_does_a_hybrid_have_plans_that_do_not_cut_a_sequence(tmp_path):
    path = tmp_path / "scenario.json"
    path.write_text(json.dumps(small(job__model="falcon-mamba-7b")))
    plans = json.loads(chipmix("plan", path, "--option", "a", "--format", "json").stdout)["plans"]
    assert plans
    assert all(plan["plan"]["context"] == 1 for plan in plans)
