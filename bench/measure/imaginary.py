#!/usr/bin/env python3
"""Writes the measurement of a device that does not exist, to try `chipmix calibrate` without one.

    imaginary.py OUTPUT

The shapes are those of chipmix_measure.py, the times those of the laws of sim/laws with the figures below, times a
noise of 2 % with a fixed seed. Whoever calibrates on the file can see whether the figures come back.
"""
import json
import random
import sys
from pathlib import Path
from types import SimpleNamespace

PEAK = {"bf16": 989e12, "fp8": 1979e12}   # FLOP/s of the imagined device: those of an H100 SXM
BANDWIDTH, UNITS, CLOCK = 3.35e12, 132, 1980
TRUE = {"gemm": {"bf16": 0.74, "fp8": 0.66}, "memory": 0.90, "kernel_overhead": 3.2e-6, "grouped_gemm": 0.85,
        "attention_forward": 0.50, "attention_backward": 0.42, "attention_half_length": 500.0, "sustained": 0.86}
TILE, SOFTMAX_HEAD, ATTENTION_BLOCK = 64, 36, 128   # as in sim/laws/gemm.cpp and attention.cpp
NOISE, REPETITIONS = 0.02, 5


def overlapped(work, traffic):
    return (work ** 4 + traffic ** 4) ** 0.25


def ceil(a, b):
    return -(-a // b)


def products(m, n, k, batch, dtype, share, sliced):
    size = 1 if dtype == "fp8" else 2
    moved = batch * ((m + n) * k * size + 2 * m * n)
    tiles = batch * ceil(m, TILE) * ceil(n, TILE)
    work = 2 * tiles * TILE * TILE * k / (PEAK[dtype] * share)

    def kernel(slices):
        partial = 8 * TILE * TILE * tiles * slices if slices > 1 else 0
        return overlapped(work * max(1, UNITS / (tiles * slices)), (moved + partial) / (BANDWIDTH * TRUE["memory"]))

    return min(kernel(1), kernel(max(1, min(UNITS / tiles, k / TILE)))) if sliced else kernel(1)


def gemm(s):
    batch = s.get("batch", 1)
    share = TRUE["gemm"][s["dtype"]]
    return TRUE["kernel_overhead"] + products(s["m"], s["n"], s["k"], batch, s["dtype"], share, sliced=batch == 1)


def grouped_gemm(s):
    share = TRUE["gemm"][s["dtype"]] * TRUE["grouped_gemm"]
    busy = products(s["rows_per_group"], s["n"], s["k"], s["groups"], s["dtype"], share, sliced=False)
    return TRUE["kernel_overhead"] + busy


def attention(s):
    forward, tokens, head = s["pass"] == "forward", s["batch"] * s["sequence"], s["head_size"]
    flop = 2 * tokens * s["sequence"] * s["heads"] * head * (2 if forward else 5) * (0.5 if s["causal"] else 1)
    loop = s["sequence"] * (1 if s["causal"] else 2)
    narrow = min(128, head)
    rate = (PEAK[s["dtype"]] * TRUE[f"attention_{s['pass']}"] * loop / (loop + TRUE["attention_half_length"])
            * narrow / (narrow + SOFTMAX_HEAD) * (128 + SOFTMAX_HEAD) / 128)
    fill = max(1, UNITS / (s["batch"] * s["heads"] * ceil(s["sequence"], ATTENTION_BLOCK)))
    traffic = tokens * (s["heads"] + s["kv_heads"]) * 2 * head * 2 * (1 if forward else 2)
    return (1 if forward else 3) * TRUE["kernel_overhead"] + overlapped(flop / rate * fill,
                                                                        traffic / (BANDWIDTH * TRUE["memory"]))


def stream(s):
    return TRUE["kernel_overhead"] + s["bytes"] / (BANDWIDTH * TRUE["memory"])


LAWS = {"gemm": gemm, "grouped_gemm": grouped_gemm, "attention": attention, "stream": stream}


def sustained(s):
    """The clock falls within ten seconds to the share that lasts."""
    cool = gemm({**s, "kind": "gemm"})
    clock = [[t, max(TRUE["sustained"], 1 - (1 - TRUE["sustained"]) * t / 10)] for t in (0.5, 2, 5, 10, 15, 20, 25, 30)]
    return {**s, "seconds_over_time": [[t, float(f"{cool / share:.6g}")] for t, share in clock],
            "clock_mhz": [[t, round(CLOCK * share)] for t, share in clock]}


def samples(measure):
    device = SimpleNamespace(facts=lambda: {"compute_units": UNITS})
    noise = random.Random(1)
    for name, items, _ in measure.GROUPS:
        for item in items(device, ("bf16", "fp8"), lambda x: x):
            if name in LAWS:
                seconds = [LAWS[name](item.sample) * noise.lognormvariate(0, NOISE) for _ in range(REPETITIONS)]
                yield {**item.sample, "seconds": measure.rounded(seconds)}
            elif name == "sustained":
                yield sustained(item.sample)


def main(words):
    if len(words) != 1:
        print("usage: imaginary.py OUTPUT", file=sys.stderr)
        return 2
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    import chipmix_measure as measure
    content = {"chipmix_measurements": 1,
               "device": {"name": "Imaginary accelerator", "backend": "cuda", "count": 1, "compute_units": UNITS,
                          "memory_bytes": 80 * 2**30, "clock_mhz": CLOCK},
               "date": "2025-01-01", "software": {"imaginary.py": json.dumps(TRUE)},
               "samples": list(samples(measure))}
    measure.Output(words[0]).write(content)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
