"""Does a launch script that is imported give the estimate of the same plan written by hand?

The plans are read off the scripts by a person: degrees, batch over (micro-batch x DP), chunks, recomputation, what each
framework keeps. Only the estimates are compared: within 1 ms of a step."""

import json

import pytest

from program import ANSWER, ROOT, chipmix, small, write

LAUNCHES = ROOT / "tests" / "unit" / "interop" / "launches"


def plan(pipeline, batches, layers=None, chunks=1, recompute="none", zero="optimizer", stack=None, **stage):
    lane = {"micro_batch": 1, "micro_batches": batches, "interleave": chunks, "recompute": recompute, "zero": zero,
            "stages": [{**stage, **({"layers": layers[i]} if layers else {})} for i in range(pipeline)]}
    return {"lanes": [lane], "stack": stack or {"gradient_bytes": 4}}


PLAIN = {"gradient_bytes": 4, "fused_attention": False}  # MindSpeed without --use-flash-attn
FLASH = {"gradient_bytes": 4, "fused_attention": True}

# script: model, devices, sequence, batch, number format, plan
BY_HAND = {
    "megatron_llama3_8b.sh": ("llama-3.1-8b", 8, 8192, 128, "fp8",
                              plan(1, 16, tensor=1, data=8, stack={"gradient_bytes": 2})),
    "megatron_mixtral_8x7b.sh": ("mixtral-8x7b", 64, 4096, 256, "bf16",
                                 plan(4, 16, [[1] * 8] * 4, 8, tensor=1, data=16, expert=8)),
    "megatron_mixtral_8x22b.yaml": ("mixtral-8x22b", 128, 4096, 256, "bf16",
                                    plan(8, 32, tensor=2, data=8, expert=8)),
    "megatron_nemotron4_340b.sh": ("nemotron-4-340b", 128, 4096, 32, "bf16",
                                   plan(8, 16, chunks=12, tensor=8, data=2)),
    "mindspeed_llama2_70b.sh": ("llama-2-70b", 32, 4096, 1024, "bf16",
                                plan(4, 1024, chunks=4, tensor=8, data=1, zero="none", stack=PLAIN)),
    "mindspeed_llama3_70b.sh": ("llama-3.1-70b", 64, 8192, 512, "bf16",
                                plan(8, 512, tensor=8, data=1, zero="none", stack=FLASH)),
    "mindspeed_qwen25_72b.sh": ("qwen2.5-72b", 128, 32768, 32, "bf16",
                                plan(4, 32, [[17], [20], [22], [21]], tensor=8, context=4, data=1, stack=FLASH)),
    "mindspeed_glm45_air.sh": ("glm-4.5-air", 128, 4096, 64, "bf16",
                               plan(4, 2, [[11], [12], [12], [11]], recompute="full", tensor=1, data=32, expert=16,
                                    stack=PLAIN)),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_is_an_imported_plan_that_written_by_hand(name, tmp_path):
    model, devices, sequence, batch, dtype, by_hand = BY_HAND[name]
    imported = chipmix("import", name.split("_")[0], LAUNCHES / name, "-q")
    assert imported.returncode == ANSWER, imported.stderr
    scenario = small(job__model=model, job__sequence_length=sequence, job__global_batch=batch, job__dtype=dtype,
                     options__0__cluster__devices=devices, options__0__cluster__device="b300-sxm-288gb")
    path = write(tmp_path / "s.json", scenario)
    steps = []
    for plan_file in (write(tmp_path / "imported.json", imported.stdout), write(tmp_path / "hand.json", by_hand)):
        run = chipmix("estimate", path, "--option", "a", "--plan", plan_file, "--format", "json")
        assert run.returncode == ANSWER, run.stdout + run.stderr
        answer = json.loads(run.stdout)
        steps.append((answer["step_time_s"], max(stage["peak_gib"] for stage in answer["memory"])))
    assert steps[0][0] == pytest.approx(steps[1][0], abs=1e-3)
    assert steps[0][1] == pytest.approx(steps[1][1], rel=1e-6)
