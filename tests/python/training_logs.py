"""Training logs as Megatron-LM prints them, made up."""

from program import RENT, small

STACK = "megatron-core"


def option(name="a", tensor=1, pipeline=1, devices=64):
    # As much work a rank, whatever TP is: the devices set the pace, not the host.
    return {"name": name, "rent": RENT, "plan": {"tensor": tensor, "pipeline": pipeline, "micro_batch": tensor},
            "cluster": {"device": "h100-sxm5-80gb", "devices": devices, "fabric": "rail-optimised-non-blocking",
                        "stack": STACK}}


def scenario_of(*options):
    return small(options=list(options))


def arguments(**values):
    rule = "-" * 24
    lines = [f"{rule} arguments {rule}"]
    lines += [f"  {name} {'.' * (48 - len(name))} {value}" for name, value in values.items()]
    return "\n".join([*lines, f"{rule} end of arguments {rule}", ""])


def iteration(number, seconds, batch=256):
    return (f" [2025-06-30 12:00:00] iteration {number:8d}/     100 | consumed samples: {batch * number:12d} | "
            f"elapsed time per iteration (ms): {1000 * seconds:.1f} | learning rate: 1.000000E-04 | "
            f"global batch size: {batch:5d} | lm loss: 1.0E+01 | grad norm: 1.000 |\n")


def log(seconds, *, batch=256, peak_mb=None, steps=9, **said):
    """Two slow steps, then steps around `seconds`, the median among them."""
    text = arguments(**{"tensor_model_parallel_size": 1, "world_size": 64, "seq_length": 4096,
                        "global_batch_size": batch, **said})
    for number in range(1, steps + 1):
        slow = 3 if number <= 2 else 1 + 0.004 * (number % 3 - 1)
        text += iteration(number, slow * seconds, batch)
        if number == 1 and peak_mb:
            text += (f"[Rank 0] (after 1 iterations) memory (MB) | allocated: 100.0 | max allocated: {peak_mb} | "
                     "reserved: 200.0 | max reserved: 60000.0\n")
    return text
