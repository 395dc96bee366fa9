"""Does the program keep to what CUDA, ROCm and Ascend builds of PyTorch have, and each of its versions?"""

from types import SimpleNamespace

import chipmix_measure as measure
import pytest
import torch


@pytest.mark.parametrize("pair", [True, False])  # before torch 2.5, and since
def test_is_an_fp8_product_one_tensor_in_every_version(monkeypatch, pair):
    def scaled_mm(a, b, *, scale_a, scale_b, out_dtype, use_fast_accum):
        assert out_dtype == torch.bfloat16 and use_fast_accum
        out = (a @ b) * scale_a * scale_b
        return (out, torch.ones(())) if pair else out

    monkeypatch.setattr(torch, "_scaled_mm", scaled_mm, raising=False)
    two = torch.tensor(2.0)
    product = measure.scaled_product(torch.ones(3, 4), torch.ones(4, 5), two, two)
    assert product.shape == (3, 5) and float(product[0, 0]) == 16


def test_are_several_fp8_products_in_one_call_refused():
    device = SimpleNamespace(dtype=lambda name: torch.float16)
    with pytest.raises(measure.Unsupported, match="several fp8 products"):
        measure.gemm(device, {"dtype": "fp8", "m": 32, "n": 32, "k": 32, "batch": 4})


@pytest.mark.parametrize("drawn, watts", [(688, 688.0), (688_000, 688.0), (140_500, 140.5)])
def test_is_the_power_of_rocm_in_watts_whichever_unit_it_comes_in(monkeypatch, drawn, watts):
    rocm = measure.Rocm.__new__(measure.Rocm)
    monkeypatch.setattr(torch.cuda, "clock_rate", lambda index: 2100, raising=False)
    monkeypatch.setattr(torch.cuda, "power_draw", lambda index: drawn, raising=False)
    assert rocm.clock_and_power() == (2100.0, watts)


def test_is_the_npu_asked_about_the_one_that_is_visible(monkeypatch):
    npu, asked = measure.Npu.__new__(measure.Npu), []
    npu.index, npu.tool = 1, lambda *words: asked.append(words) or ""
    monkeypatch.setenv("ASCEND_RT_VISIBLE_DEVICES", "4, 6")
    npu.clock_and_power()
    assert asked[0][-1] == "6"
    monkeypatch.delenv("ASCEND_RT_VISIBLE_DEVICES")
    npu.clock_and_power()
    assert asked[1][-1] == "1"


@pytest.mark.parametrize("properties, units", [
    ({"cube_core_num": 24, "vector_core_num": 48, "multi_processor_count": 48}, 24), ({}, None)])
def test_are_the_compute_units_of_an_npu_those_that_multiply(properties, units):
    npu = measure.Npu.__new__(measure.Npu)
    npu.loaded_clock, npu.index = None, 0
    npu.api = SimpleNamespace(get_device_properties=lambda index: SimpleNamespace(total_memory=2**36, **properties),
                              get_device_name=lambda index: "Ascend910B2")
    facts = npu.facts()
    assert facts.get("compute_units") == units and facts["memory_bytes"] == 2**36


def test_does_a_step_run_without_the_fused_optimizer_where_only_its_first_step_fails(monkeypatch):
    class Plugin(torch.optim.SGD):
        """Takes fused=True, and has no kernel for it."""

        def __init__(self, weights, lr=1e-3, fused=False):
            super().__init__(weights, lr=lr)
            self.is_fused = fused

        def step(self):
            if self.is_fused:
                raise NotImplementedError("no kernel _fused_adamw_ on this device")
            return super().step()

    monkeypatch.setattr(torch.optim, "AdamW", Plugin)
    size = {"hidden": 64, "ffn_hidden": 64, "heads": 2, "kv_heads": 1, "head_size": 32, "layers": 1, "vocabulary": 64}
    step = measure.TrainingStep(measure.Cpu(), measure.Llama(size), "bf16", 64, 8, 1)
    step(0)
    assert float(step.last_loss) > 0
    with pytest.raises(measure.Unsupported, match="no kernel _fused_adamw_"):
        measure.fused_adam(measure.Cpu(), 4, 4)


def test_are_collectives_written_before_the_next_kind_may_hang(monkeypatch, device):
    done, saved = [], []

    def once(session, sample, ranks, group, dist):
        if sample["op"] == "all_to_all":
            raise SystemExit("the watchdog ends the process")
        done.append(sample["op"])
        return {**sample, "seconds": [1e-3]}

    monkeypatch.setattr(measure, "one_collective", once)
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "2")
    dist = SimpleNamespace(get_world_size=lambda: 2, get_rank=lambda: 0, new_group=lambda ranks: None)
    session = measure.Session(device, measure.Budget(60, device.clock), 5.0)
    with pytest.raises(SystemExit):
        measure.measure_collectives(session, True, dist, lambda: saved.append(len(session.samples)))
    assert saved == [3, 6, 9] and len(done) == 9
