#!/usr/bin/env python3
"""A real training step of a 1-3B Llama-like model on one device: the question for chipmix, then the measurement.

    train_step.py question FOLDER --device ID [--node ID --fabric ID]    model and scenario, to predict before measuring
    train_step.py run --device ID --output runs.json                     step times and peak memory of every case
    chipmix validate --cases runs.json                                   prediction beside measurement

A case is a micro-batch, recomputation on or off, and a number format (bf16; fp8 where this PyTorch has it). The
model is the one of chipmix_measure.py, beside this file: RMS norm, rotary positions, grouped queries, SwiGLU, fused
attention; fp32 weights, 16-bit copies by autocast, clipped gradients, AdamW. docs/measuring.md says what is compared.
"""
import argparse
import datetime
import gc
import json
import os
import statistics
import sys
from pathlib import Path

# Sizes of our own, in the proportions of Llama; about 1.1 and 2.8 billion weights. tiny: to try the program on a CPU.
MODELS = {
    "1b": {"hidden": 2048, "ffn_hidden": 5632, "heads": 16, "kv_heads": 8, "head_size": 128, "layers": 20,
           "vocabulary": 32000},
    "3b": {"hidden": 3072, "ffn_hidden": 8192, "heads": 24, "kv_heads": 8, "head_size": 128, "layers": 26,
           "vocabulary": 32000},
    "tiny": {"hidden": 128, "ffn_hidden": 256, "heads": 4, "kv_heads": 2, "head_size": 32, "layers": 2,
             "vocabulary": 512},
}
STACK = "pytorch"
WARM_UP, STEPS = 3, 10


def cases(given):
    return [{"micro_batch": batch, "recompute": recompute, "dtype": dtype}
            for dtype in given.dtypes for recompute in given.recompute for batch in given.batches]


def case_name(case):
    return f"{case['dtype']}-batch{case['micro_batch']}-recompute-{case['recompute']}"


# --- The question -----------------------------------------------------------------------------------------------------


def model_config(name):
    """As Hugging Face writes it: what chipmix reads."""
    size = MODELS[name]
    return {"model_type": "llama", "hidden_act": "silu", "hidden_size": size["hidden"],
            "intermediate_size": size["ffn_hidden"], "num_attention_heads": size["heads"],
            "num_key_value_heads": size["kv_heads"], "head_dim": size["head_size"],
            "num_hidden_layers": size["layers"], "vocab_size": size["vocabulary"], "tie_word_embeddings": False,
            "attention_bias": False, "mlp_bias": False,
            "chipmix": {"id": f"measured-{name}", "name": f"Llama-like, {name}",
                        "source": "bench/measure/train_step.py"}}


def option(given, case):
    """The plan is fixed: nothing is searched. A step has one micro-batch."""
    cluster = {"device": given.device, "devices": 1, "fabric": given.fabric, "stack": STACK}
    return {"name": case_name(case), "cluster": {**cluster, **({"node": given.node} if given.node else {})},
            "dtype": case["dtype"],
            "plan": {"tensor": 1, "pipeline": 1, "micro_batch": case["micro_batch"], "recompute": case["recompute"],
                     "zero": "none"}}


def write_question(given):
    """The model, and a scenario for each batch: the batch belongs to the job."""
    folder = Path(given.folder)
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / "model.json", model_config(given.model))
    for batch in given.batches:
        path = folder / f"batch{batch}.json"
        write(path, {
            "name": f"One training step of {given.model} on one {given.device}, batch {batch}", "currency": "USD",
            "job": {"model": "model.json", "sequence_length": given.sequence, "global_batch": batch, "tokens": "1B"},
            "options": [option(given, case) for case in cases(given) if case["micro_batch"] == batch]})
        print(path)
    return 0


# --- The measurement --------------------------------------------------------------------------------------------------


def float8_linear(measure, device):
    """nn.Linear with three products in fp8: e4m3 for inputs and weights, e5m2 for gradients, a scale per tensor."""
    torch, eight = measure.torch, device.dtype("fp8")
    wide = torch.float8_e5m2 if eight == torch.float8_e4m3fn else torch.float8_e5m2fnuz

    def narrow(x, dtype):
        scale = torch.finfo(dtype).max / x.abs().amax().float().clamp(min=1e-12)
        return (x.float() * scale).to(dtype), scale.reciprocal()

    def product(a, b, fast):
        """A B for A by rows and B by columns, as the kernels want them; gradients are summed exactly, not fast."""
        return measure.scaled_product(a[0], b[0], a[1], b[1], fast)

    def turned(pair):
        """The same matrix, stored along its other side."""
        return pair[0].t().contiguous().t(), pair[1]

    def transposed(pair):
        return pair[0].t(), pair[1]

    class Product(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x, weight):
            x8, w8 = narrow(x, eight), narrow(weight, eight)
            ctx.save_for_backward(*x8, *w8)
            return product(x8, transposed(w8), True)

        @staticmethod
        def backward(ctx, slope):
            x, x_scale, w, w_scale = ctx.saved_tensors
            dy = narrow(slope.contiguous(), wide)
            dx = product(dy, turned((w, w_scale)), False)
            dw = product((dy[0].t().contiguous(), dy[1]), turned((x, x_scale)), False)
            return dx, dw.float()

    class Float8Linear(torch.nn.Linear):
        def forward(self, x):
            flat = x.reshape(-1, x.shape[-1]).to(torch.bfloat16)
            return Product.apply(flat, self.weight).view(*x.shape[:-1], -1)

    return Float8Linear


def measure_case(measure, device, given, case):
    """Seconds of each step by the clock of the host, and the peak of allocated bytes."""
    torch = measure.torch
    linear = float8_linear(measure, device) if case["dtype"] == "fp8" else torch.nn.Linear
    size = MODELS[given.model]
    model = measure.Llama(size, case["recompute"] == "full", linear).to(device.device)
    step = measure.TrainingStep(device, model, case["dtype"], size["vocabulary"], given.sequence, case["micro_batch"])
    for index in range(WARM_UP):
        step(index)
    first_loss = float(step.last_loss)
    device.synchronize()
    device.reset_peak()
    times = measure.host_times(device, step, Steps(given.steps))
    return {"seconds": measure.rounded(times), "peak_allocated_bytes": device.peak_bytes(),
            "loss": [first_loss, float(step.last_loss)]}


class Steps:
    """So many steps, already warmed up: in place of the time of a sample."""

    def __init__(self, count):
        self.count = count

    def warm_up(self, device, call):
        pass

    def repeat(self, once):
        return [once() for _ in range(self.count)]


def record(given, case, result, software):
    """A run as `chipmix validate --cases` reads it, with every raw time beside it."""
    size, measured = MODELS[given.model], {}
    if result.get("seconds"):
        measured["iteration_s"] = statistics.median(result["seconds"])
    if result.get("peak_allocated_bytes"):
        measured["peak_memory_gib"] = result["peak_allocated_bytes"] / 2**30
    if result.get("out_of_memory"):
        measured["oom"] = True
    tier = "full" if "iteration_s" in measured else "oom" if "oom" in measured else "partial"
    return {
        "id": f"{given.model}-{given.device}-{case_name(case)}", "tier": tier,
        "source": {"title": "bench/measure/train_step.py", "url": "", "where": f"measured {datetime.date.today()}",
                   "year": datetime.date.today().year},
        "model": {"name": f"Llama-like, {given.model}", "family": "llama", "num_layers": size["layers"],
                  "hidden_size": size["hidden"], "num_attention_heads": size["heads"],
                  "num_key_value_heads": size["kv_heads"], "head_dim": size["head_size"],
                  "intermediate_size": size["ffn_hidden"], "gated_mlp": True, "vocab_size": size["vocabulary"],
                  "tie_word_embeddings": False, "seq_length": given.sequence},
        "cluster": {"device": given.device, "devices": 1, "devices_per_node": 1},
        "plan": {"tp": 1, "pp": 1, "dp": 1, "cp": 1, "ep": 1, "vpp": 1, "micro_batch": case["micro_batch"],
                 "global_batch": case["micro_batch"], "recompute": case["recompute"], "zero_stage": 0, "fsdp": False,
                 "dtype": case["dtype"], "sequence_parallel": False, "flash_attention": result.get("flash", True),
                 "framework": "PyTorch", "stack": STACK},
        "measured": measured, "raw": {**result, "software": software}}


def run(given):
    try:
        with open(given.output, "a", encoding="utf-8"):
            pass
    except OSError as error:
        print(f"train_step: cannot write: {error}", file=sys.stderr)
        return 4
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    import chipmix_measure as measure
    try:
        device = measure.find_device(given.on, 0)
    except measure.Unsupported as error:
        print(f"train_step: {error}", file=sys.stderr)
        return measure.USAGE
    records = []
    for case in cases(given):
        records.append(record(given, case, attempt(measure, device, given, case), device.software()))
        write(given.output, records)
        print(case_name(case), json.dumps(records[-1]["measured"] or records[-1]["raw"].get("error")), file=sys.stderr)
    return 0 if any("iteration_s" in one["measured"] for one in records) else 1


def attempt(measure, device, given, case):
    """What cannot run is a result too: too little memory, or a format this PyTorch has not."""
    flash = {"flash": hasattr(measure.F, "scaled_dot_product_attention")}
    try:
        return {**measure_case(measure, device, given, case), **flash}
    except Exception as error:  # noqa: BLE001 - recorded, and the next case is tried
        said = measure.first_line(error)
        return {"error": said, "out_of_memory": "out of memory" in said.lower(), **flash}
    finally:
        gc.collect()   # a model that failed holds itself in circles: the next case needs its memory
        device.empty_cache()


def write(path, content):
    part = f"{path}.part"
    with open(part, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
        file.write("\n")
    os.replace(part, path)


def options(words):
    parser = argparse.ArgumentParser(prog="train_step.py", description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    question = commands.add_parser("question", help="write the model and scenarios that predict the cases")
    question.add_argument("folder")
    question.add_argument("--node", help="an id of the server; the device's usual one if left out")
    question.add_argument("--fabric", default="rail-optimised-non-blocking")
    measured = commands.add_parser("run", help="measure the cases")
    measured.add_argument("--output", default="runs.json")
    measured.add_argument("--on", default="auto", choices=("auto", "cuda", "rocm", "npu", "cpu"))
    measured.add_argument("--steps", type=int, default=STEPS)
    for command in (question, measured):
        command.add_argument("--device", required=True, help="the device's id (`chipmix devices`)")
        command.add_argument("--model", default="1b", choices=MODELS)
        command.add_argument("--sequence", type=int, default=4096)
        command.add_argument("--batches", default="1,2,4,8", type=lambda text: [int(x) for x in text.split(",")])
        command.add_argument("--recompute", default="none,full", type=lambda text: text.split(","))
        command.add_argument("--dtypes", default="bf16", type=lambda text: text.split(","))
    return parser.parse_args(words)


def main(words=None):
    given = options(words)
    return write_question(given) if given.command == "question" else run(given)


if __name__ == "__main__":
    sys.exit(main())
