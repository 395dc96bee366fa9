"""Is the training step that is measured the one that chipmix is asked about?"""

import json
import weakref
from types import SimpleNamespace

import chipmix_measure as measure
import pytest
import torch
import train_step
from conftest import ROOT
from program import ANSWER, chipmix

TINY = train_step.MODELS["tiny"]


def run_of(model, tokens, targets):
    loss = model(tokens, targets)
    loss.backward()
    return loss, [weight.grad for weight in model.parameters()]


def batch():
    tokens = torch.randint(TINY["vocabulary"], (2, 17))
    return tokens[:, :-1], tokens[:, 1:]


def test_does_recomputation_leave_loss_and_gradients_alone():
    torch.manual_seed(1)
    kept, again = measure.Llama(TINY), measure.Llama(TINY, recompute=True)
    again.load_state_dict(kept.state_dict())
    tokens, targets = batch()
    (loss, slopes), (loss_again, slopes_again) = run_of(kept, tokens, targets), run_of(again, tokens, targets)
    assert loss == loss_again
    for one, other in zip(slopes, slopes_again):
        torch.testing.assert_close(one, other)


def test_does_no_token_see_what_comes_after_it():
    torch.manual_seed(1)
    block = measure.Block(TINY)
    angles = measure.rotary_angles(8, TINY["head_size"], torch.device("cpu"))
    x = torch.randn(1, 8, TINY["hidden"])
    changed = x.clone()
    changed[:, 5:] += 1.0
    before, after = block(x, *angles), block(changed, *angles)
    torch.testing.assert_close(before[:, :5], after[:, :5])
    assert not torch.allclose(before[:, 5:], after[:, 5:])


def test_is_rotary_attention_a_matter_of_distance_only():
    cosine, sine = measure.rotary_angles(32, 16, torch.device("cpu"))
    q, k = torch.randn(16), torch.randn(16)
    score = lambda at, to: measure.rotate(q, cosine[at], sine[at]) @ measure.rotate(k, cosine[to], sine[to])
    torch.testing.assert_close(score(5, 2), score(30, 27), rtol=1e-4, atol=1e-4)


def test_does_training_lower_the_loss():
    torch.manual_seed(1)
    device = measure.Cpu()
    step = measure.TrainingStep(device, measure.Llama(TINY), "bf16", TINY["vocabulary"], 16, 2)
    losses = []
    for _ in range(12):
        step(0)
        losses.append(float(step.last_loss))
    assert losses[-1] < losses[0]


@pytest.mark.parametrize("name, billions", [("1b", (1.0, 1.3)), ("3b", (2.5, 3.1))])
def test_has_the_model_as_many_weights_as_chipmix_counts(name, billions, tmp_path):
    def counted(size):
        hidden = size["hidden"]
        return size["layers"] * (measure.weights(size) + 2 * hidden) + (2 * size["vocabulary"] + 1) * hidden

    assert counted(TINY) == sum(weight.numel() for weight in measure.Llama(TINY).parameters())
    total = counted(train_step.MODELS[name])
    assert billions[0] < total / 1e9 < billions[1]
    config = tmp_path / "model.json"
    config.write_text(json.dumps(train_step.model_config(name)))
    shown = chipmix("models", config, "--format", "json")
    assert shown.returncode == ANSWER, shown.stderr
    assert str(total) in shown.stdout


def test_can_chipmix_predict_the_cases_before_they_run(tmp_path, capsys):
    words = ["question", str(tmp_path), "--device", "h100-sxm5-80gb", "--batches", "1,4", "--dtypes", "bf16,fp8"]
    assert train_step.main(words) == 0
    files = capsys.readouterr().out.split()
    assert len(files) == 2
    for file in files:
        answer = chipmix("compare", file, "--format", "json")
        assert answer.returncode == ANSWER, answer.stderr
        for name in ("bf16", "fp8"):
            for recompute in ("none", "full"):
                assert f"{name}-batch{file[-6]}-recompute-{recompute}" in answer.stdout


def test_does_chipmix_score_what_was_measured(tmp_path):
    runs = tmp_path / "runs.json"
    words = ["run", "--device", "h100-sxm5-80gb", "--on", "cpu", "--model", "tiny", "--sequence", "16", "--steps", "2",
             "--batches", "1", "--dtypes", "bf16,fp8", "--output", str(runs)]
    assert train_step.main(words) == 0
    records = json.loads(runs.read_text())
    assert [one["tier"] for one in records] == ["full", "full", "partial", "partial"]
    assert all(len(one["raw"]["seconds"]) == 2 and one["measured"]["iteration_s"] > 0 for one in records[:2])
    assert all("fp8 products" in one["raw"]["error"] for one in records[2:])
    answer = chipmix("validate", "--cases", runs, "--format", "json")
    assert answer.returncode == ANSWER, answer.stderr
    assert all(one["id"] in answer.stdout for one in records[:2])


def test_is_too_little_memory_a_result(monkeypatch):
    def fails(*_):
        raise RuntimeError("CUDA out of memory. Tried to allocate 20 GiB")

    given = SimpleNamespace(model="1b", device="x", sequence=4096, steps=1)
    case = {"micro_batch": 8, "recompute": "none", "dtype": "bf16"}
    monkeypatch.setattr(train_step, "measure_case", fails)
    result = train_step.attempt(measure, measure.Cpu(), given, case)
    row = train_step.record(given, case, result, {})
    assert row["tier"] == "oom" and row["measured"] == {"oom": True}


def test_is_an_unwritable_output_told_before_anything_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(train_step, "attempt", lambda *_: pytest.fail("ran first"))
    assert train_step.main(["run", "--device", "x", "--output", str(tmp_path / "no" / "runs.json")]) == 4
    assert "cannot write" in capsys.readouterr().err


def test_is_the_fp8_layer_a_linear_layer(monkeypatch):
    """With 16-bit stand-ins for the formats and the kernel, which insists on rows by columns as the real one does."""
    fast = []

    def scaled_mm(a, b, scale_a, scale_b, out_dtype, use_fast_accum):
        assert a.stride(1) == 1 and b.stride(0) == 1
        fast.append(use_fast_accum)
        return (a.float() * scale_a) @ (b.float() * scale_b), None  # a pair, as before torch 2.5

    monkeypatch.setattr(torch, "_scaled_mm", scaled_mm, raising=False)
    for name in ("float8_e4m3fn", "float8_e5m2"):
        monkeypatch.setattr(torch, name, torch.float16, raising=False)
    device = SimpleNamespace(dtype=lambda name: torch.float16)
    torch.manual_seed(1)
    plain = torch.nn.Linear(32, 48, bias=False)
    narrow = train_step.float8_linear(measure, device)(32, 48, bias=False)
    narrow.load_state_dict(plain.state_dict())
    x, slope = torch.randn(2, 16, 32), torch.randn(2, 16, 48)
    results = []
    for layer in (plain, narrow):
        given = x.clone().requires_grad_()
        y = layer(given)
        y.backward(slope.to(y.dtype))
        results.append((y, given.grad, layer.weight.grad))
    for exact, near in zip(*results):
        torch.testing.assert_close(near.float(), exact, rtol=0.02, atol=0.05)
    assert fast == [True, False, False]  # forward, and the two of the backward pass


def test_is_a_device_that_is_not_there_told(tmp_path, capsys):
    words = ["run", "--device", "x", "--on", "npu", "--output", str(tmp_path / "runs.json")]
    assert train_step.main(words) == measure.USAGE
    assert "sees no npu device" in capsys.readouterr().err


def test_is_the_memory_of_a_failed_case_free_for_the_next(monkeypatch):
    class Model:
        def __init__(self):
            self.circle = self

    left = []

    def fails(*_):
        model = Model()
        left.append(weakref.ref(model))
        raise RuntimeError("NPU out of memory. Tried to allocate 20 GiB")

    monkeypatch.setattr(train_step, "measure_case", fails)
    device = measure.Cpu()
    device.empty_cache = lambda: left.append(left[0]() is None)
    assert train_step.attempt(measure, device, None, None)["out_of_memory"]
    assert left[1] is True
