"""Published ratios of jobs on several vendors' chips, as far as their setup is printed (docs/mixing.md).

Joint Training (arXiv:2602.18007) prints chips, servers, degrees and layers; batch and sequence length it does not, so the
predictions are made for several of each and have to hold for all. H2 (arXiv:2505.17548) names no chip: what can be
checked is why a mix beats its parts.
"""

import json

import pytest

from program import ANSWER, chipmix

FABRIC = "rail-optimised-non-blocking"
RUNS = [(4096, 512), (4096, 128), (2048, 256), (8192, 256)]  # sequence length, sequences of a step


def both_and_mix(one: tuple, other: tuple, link: str, links: int, alone: dict, mixed: dict, **job) -> dict:
    def cluster(device, devices):
        return {"device": device, "devices": devices, "fabric": FABRIC}

    islands = [{"name": device, **cluster(device, devices)} for device, devices in (one, other)]
    joined = [{"between": [one[0], other[0]], "link": link, "count": links}]
    mix = {"islands": islands, "links": joined, "ways": ["pipeline"]}
    options = [{"name": device, "cluster": cluster(device, devices), "search": alone} for device, devices in (one, other)]
    return {"name": "published", "public_prices": False, "options": [*options, {"name": "mix", "mix": mix, "search": mixed}],
            "job": {"tokens": "1T", "dtype": "bf16", "practice": "ideal", **job}}


def answered(path) -> dict:
    run = chipmix("compare", path, "--format", "json")
    assert (run.returncode, run.stderr) == (ANSWER, ""), run
    return {option["name"]: option for option in json.loads(run.stdout)["options"]}


def joint(model: str, sequence: int, batch: int, link="rdma-mixed-400") -> dict:
    """8 H200 and 8 MI325X, a NIC for each, tensor degree 1, two stages."""
    alone = {"tensor": 1, "pipeline": 2, "context": 1, "expert": 1}
    mixed = {"tensor": 1, "context": 1, "interleave": 1}
    return both_and_mix(("h200-sxm-141gb", 8), ("mi325x", 8), link, 8, alone, mixed, model=model, sequence_length=sequence,
                        global_batch=batch)


def layers(option: dict) -> dict:
    (lane,) = option["plan"]["lanes"]
    return {stage["device"]: sum(stage["layers"]) for stage in lane["stages"]}


@pytest.mark.parametrize("sequence, batch", RUNS)
@pytest.mark.parametrize("model, published, apart", [("llama-3.1-8b", 0.982, 0.07), ("qwen2.5-7b", 0.944, 0.03)])
def test_is_joint_training_as_fast_a_device_as_published(scenario, model, published, apart, sequence, batch):
    found = answered(scenario(joint(model, sequence, batch)))
    ratio = found["mix"]["tokens_per_s"] / 2 / found["h200-sxm-141gb"]["tokens_per_s"]
    assert published - apart <= ratio <= published + 0.03


def test_are_its_layers_shared_out_as_published(scenario):
    """17 on the H200 and 15 on the MI325X; of Qwen2-7B 16 and 12, here one layer nearer to even."""
    assert layers(answered(scenario(joint("llama-3.1-8b", 4096, 512)))["mix"]) == {"h200-sxm-141gb": 17, "mi325x": 15}
    assert layers(answered(scenario(joint("qwen2.5-7b", 4096, 512)))["mix"]) == {"h200-sxm-141gb": 15, "mi325x": 13}


def test_is_a_path_through_gloo_the_slower_one(scenario):
    direct, gloo = (answered(scenario(joint("llama-3.1-8b", 4096, 512, link)))["mix"]["tokens_per_s"]
                    for link in ("rdma-mixed-400", "gloo-200"))
    assert gloo < 0.9 * direct


def test_does_a_mix_beat_its_parts_where_one_of_them_recomputes_for_want_of_memory(scenario):
    """H2 reaches 109 to 116 % of the sum of its parts, since kinds short of memory recompute less in the mix."""
    alone = mixed = {"interleave": 1}
    poor, rich = ("ascend-910b4-32gb", 64), ("h20-sxm-96gb", 64)
    found = answered(scenario(both_and_mix(poor, rich, "rdma-mixed-200", 64, alone, mixed, model="llama-3.1-70b",
                                           sequence_length=4096, global_batch=512)))
    ratio = found["mix"]["tokens_per_s"] / (found[poor[0]]["tokens_per_s"] + found[rich[0]]["tokens_per_s"])
    assert 1.02 < ratio < 1.17
    assert found[poor[0]]["plan"]["recompute"] == "full" and found["mix"]["plan"]["recompute"] != "full"


@pytest.mark.parametrize("poor", ["a100-sxm4-80gb"])
def test_does_a_mix_stay_below_its_parts_where_memory_is_no_limit(scenario, poor):
    alone = mixed = {"interleave": 1, "recompute": "none"}
    found = answered(scenario(both_and_mix((poor, 64), ("h20-sxm-96gb", 64), "rdma-mixed-200", 64, alone, mixed,
                                           model="llama-3.1-8b", sequence_length=4096, global_batch=512)))
    assert found["mix"]["tokens_per_s"] < found[poor]["tokens_per_s"] + found["h20-sxm-96gb"]["tokens_per_s"]
