#!/usr/bin/env python3
"""Measures what one device, or with torchrun a group of them, can do, and writes one file for `chipmix calibrate`.

    chipmix_measure.py [--minutes 10] [--output measurements.json]
    torchrun --nproc-per-node 8 chipmix_measure.py --output collectives.json
    chipmix_measure.py --list                      what is measured, and what each group pins

Needs PyTorch (1.13 or newer) and nothing else: CUDA, ROCm, Ascend (torch_npu) or the CPU. The file is described in
docs/measurements.md, the design of the measurement in docs/measuring.md. What cannot be measured is in the file with
its reason; Ctrl-C ends early and keeps what was measured.
"""
import argparse
import datetime
import gc
import json
import math
import os
import re
import statistics
import subprocess
import sys
import threading
import time

try:
    import torch
    from torch import nn
    from torch.nn import functional as F
    from torch.utils.checkpoint import checkpoint
except ImportError as error:
    sys.exit(f"chipmix_measure: PyTorch is needed: {error}")

FORMAT = 1
INTERRUPTED, BAD_FILE, USAGE, NOTHING_MEASURED = 130, 4, 2, 1

# --- Time -------------------------------------------------------------------------------------------------------------

WARM_UP = 3                # calls that are not counted: kernels are loaded and chosen in them
ROW_SECONDS = 0.005        # a row of calls lasts about so long: far above the resolution of events (0.5 us)
MOST_CALLS = 64            # of one row: queues of devices hold about a thousand kernels
LEAST, MOST = 3, 30        # repetitions; the fit takes their median
SAMPLE_SECONDS = 1.0       # no sample is given more


class Budget:
    """The time of the whole measurement, shared out group by group; what one leaves goes to the next."""

    def __init__(self, seconds, clock=time.monotonic):
        self.clock = clock
        self.end = clock() + seconds
        self.group_end = self.end

    def left(self):
        return self.end - self.clock()

    def open_group(self, share):
        """A group may use this share of what is left."""
        self.group_end = self.clock() + max(0.0, self.left()) * share

    def sample(self, samples_to_come):
        """The time of the next sample, when so many are to come in this group."""
        group_left = min(self.group_end, self.end) - self.clock()
        return SampleTime(self.clock, max(0.0, min(SAMPLE_SECONDS, group_left / max(1, samples_to_come))), group_left)


class SampleTime:
    """The time of one sample: `seconds` of it for more repetitions than the least, none beyond `limit` seconds."""

    def __init__(self, clock, seconds, limit):
        self.clock, begin = clock, clock()
        self.end, self.limit = begin + seconds, begin + max(seconds, limit)

    def warm_up(self, device, call):
        """A call or more, never counted; only one where it takes all the time."""
        for index in range(WARM_UP):
            call(index)
            device.synchronize()
            if self.clock() >= self.limit:
                break

    def repeat(self, once):
        """The results of `once`: at least one, LEAST in any case that the limit allows, more while there is time."""
        results = []
        while not results or (len(results) < MOST
                              and self.clock() < (self.limit if len(results) < LEAST else self.end)):
            results.append(once())
        return results


def row_times(device, call, time_given):
    """Seconds of one call, once for every row of calls queued back to back: device clock, warm-up not counted."""
    time_given.warm_up(device, call)
    one = max(1e-7, device.elapsed(lambda: call(0), 1))
    calls = max(1, min(MOST_CALLS, round(ROW_SECONDS / one)))

    def row():
        for index in range(calls):
            call(index)

    return time_given.repeat(lambda: device.elapsed(row, calls) / calls)


def host_times(device, call, time_given, clock=time.perf_counter):
    """Seconds of one call and the wait for it, by the clock of the host."""
    def once():
        start = clock()
        call(0)
        device.synchronize()
        return clock() - start

    time_given.warm_up(device, call)
    return time_given.repeat(once)


def queue_times(device, call, time_given, clock=time.perf_counter):
    """Seconds the host needs to queue one call."""
    def once():
        device.synchronize()
        start = clock()
        for index in range(MOST_CALLS):
            call(index)
        return (clock() - start) / MOST_CALLS

    time_given.warm_up(device, call)
    return time_given.repeat(once)


# --- Devices ----------------------------------------------------------------------------------------------------------


class Unsupported(Exception):
    """This build or device has no such operator or number format; the message says what is missing."""


class Cpu:
    """The host itself: good for trying the program out. Other devices derive from it."""

    backend, collectives = "cpu", "gloo"
    dtypes = ("fp32", "bf16")
    rotation_bytes = 16 << 20   # buffers used in turn hold at least so much, to be out of the caches
    full_queue = True           # whether the last row was queued before the device began it
    index = 0

    def __init__(self):
        self.device = torch.device("cpu")

    def facts(self):
        return {"name": cpu_name(), "backend": self.backend}

    def software(self):
        return {"python": sys.version.split()[0], "torch": torch.__version__}

    def synchronize(self):
        pass

    def elapsed(self, row, calls):
        """Seconds that the device works on a row of calls."""
        start = time.perf_counter()
        row()
        return time.perf_counter() - start

    def free_bytes(self):
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")

    def empty_cache(self):
        pass

    def reset_peak(self):
        pass

    def peak_bytes(self):
        return None

    def clock_and_power(self):
        """Compute clock in MHz and power in W as they are now; None where nobody says."""
        return None, None

    def dtype(self, name):
        known = {"fp32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}
        if name not in known:
            raise Unsupported(f"{name} products are not measured on a {self.backend} device")
        return known[name]


def cpu_name():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return "CPU"


class Accelerator(Cpu):
    """A device with a queue: `api` is torch.cuda or a module of the same shape (torch.npu)."""

    units_name = "multi_processor_count"
    rotation_bytes = 512 << 20  # twice the largest last-level cache: 256 MB, AMD Instinct MI300X data sheet
    plug_edge = 4096

    def __init__(self, api, index):
        self.api, self.index = api, index
        self.device = torch.device(self.device_type, index)
        api.set_device(index)
        self.plug_matrix = torch.randn(self.plug_edge, self.plug_edge, device=self.device, dtype=torch.float16)
        self.plug_seconds = self.time_plug()
        self.loaded_clock = self.clock_under_load()

    def synchronize(self):
        self.api.synchronize()

    def clock_under_load(self):
        """The clock that the measurement runs at: an idle device shows a lower one."""
        for _ in range(20):
            self.plug(math.ceil(0.01 / self.plug_seconds))
            self.synchronize()
        with Watch(self, time.monotonic, 0.0) as watch:
            while not watch.clocks and watch.tries < 2:
                self.plug(math.ceil(0.01 / self.plug_seconds))
                self.synchronize()
        return watch.clocks[-1][1] if watch.clocks else None

    def time_plug(self):
        for _ in range(WARM_UP):
            self.plug(1)
        start, end = self.event(), self.event()
        start.record()
        self.plug(10)
        end.record()
        self.synchronize()
        return start.elapsed_time(end) / 1e3 / 10

    def event(self):
        return self.api.Event(enable_timing=True)

    def plug(self, count):
        """Work that keeps the device busy while the host queues what is to be timed."""
        for _ in range(count):
            torch.mm(self.plug_matrix, self.plug_matrix)

    def elapsed(self, row, calls):
        """The first event must still wait when the last one is queued; otherwise the host would show: longer plug."""
        plug = 100e-6 * calls
        for _ in range(4):
            start, end = self.event(), self.event()
            self.plug(math.ceil(plug / self.plug_seconds))
            start.record()
            row()
            end.record()
            self.full_queue = not start.query()
            self.synchronize()
            if self.full_queue:
                break
            plug *= 4
        return start.elapsed_time(end) / 1e3

    def facts(self):
        properties = self.api.get_device_properties(self.index)
        units = getattr(properties, self.units_name, None)
        known = {"name": self.api.get_device_name(self.index), "backend": self.backend, "driver": self.driver(),
                 "memory_bytes": properties.total_memory, "compute_units": units, "clock_mhz": self.loaded_clock,
                 "power_limit_w": self.power_limit()}
        return {key: value for key, value in known.items() if value is not None}

    def driver(self):
        return None

    def power_limit(self):
        return None

    def free_bytes(self):
        self.empty_cache()
        total = self.api.get_device_properties(self.index).total_memory
        asked = getattr(self.api, "mem_get_info", None)   # not in every plugin
        return asked(self.index)[0] if asked else total - self.api.memory_reserved(self.index)

    def empty_cache(self):
        self.api.empty_cache()

    def reset_peak(self):
        self.api.reset_peak_memory_stats()

    def peak_bytes(self):
        return self.api.max_memory_allocated()


class Cuda(Accelerator):
    backend, device_type, collectives = "cuda", "cuda", "nccl"
    dtypes = ("bf16", "fp8", "fp16", "tf32", "fp32")

    def __init__(self, index):
        super().__init__(torch.cuda, index)
        if torch.version.hip is None and torch.cuda.get_device_capability(index) < (8, 0):
            self.dtypes = ("fp16", "fp32")   # Volta and Turing: no matrix units for the others
        # Attention by single kernels would be a slow stand-in that nobody notices: it fails instead.
        if hasattr(torch.backends.cuda, "enable_math_sdp"):
            torch.backends.cuda.enable_math_sdp(False)

    def software(self):
        return {**super().software(), "cuda": str(torch.version.cuda), "cudnn": str(torch.backends.cudnn.version())}

    def dtype(self, name):
        torch.backends.cuda.matmul.allow_tf32 = name == "tf32"
        if name == "tf32":
            return torch.float32
        return self.eight_bit() if name == "fp8" else super().dtype(name)

    def eight_bit(self):
        if not hasattr(torch, "float8_e4m3fn") or not hasattr(torch, "_scaled_mm"):
            raise Unsupported(f"torch {torch.__version__} has no float8_e4m3fn with _scaled_mm")
        return torch.float8_e4m3fn

    def tool(self, *words):
        """The numbers a vendor's tool prints about this device; an empty text where there is no tool."""
        try:
            return subprocess.run(words, capture_output=True, text=True, timeout=10, check=True).stdout
        except (OSError, subprocess.SubprocessError):
            return ""

    def query(self, *fields):
        which = visible("CUDA_VISIBLE_DEVICES", self.index)
        line = self.tool("nvidia-smi", "-i", which, f"--query-gpu={','.join(fields)}", "--format=csv,noheader,nounits")
        return [part.strip() for part in line.strip().split(",")] if line.strip() else [""] * len(fields)

    def driver(self):
        return self.query("driver_version")[0] or None

    def power_limit(self):
        return number(self.query("power.limit")[0])

    def clock_and_power(self):
        clock, power = self.query("clocks.sm", "power.draw")
        return number(clock), number(power)


class Rocm(Cuda):
    backend = "rocm"
    dtypes = ("bf16", "fp8", "fp16", "fp32")

    def software(self):
        return {**Cpu.software(self), "rocm": str(torch.version.hip)}

    def eight_bit(self):
        """MI300 has formats of its own (gfx942); later devices those of the OCP."""
        super().eight_bit()
        own = "gfx94" in getattr(torch.cuda.get_device_properties(self.index), "gcnArchName", "")
        return torch.float8_e4m3fnuz if own else torch.float8_e4m3fn

    def dtype(self, name):
        if name == "tf32":
            raise Unsupported("tf32 products are not measured on a rocm device")
        return super().dtype(name)

    def driver(self):
        return None

    def power_limit(self):
        return None

    def clock_and_power(self):
        try:   # through amdsmi, where it is installed
            return float(torch.cuda.clock_rate(self.index)), watts(float(torch.cuda.power_draw(self.index)))
        except Exception:  # noqa: BLE001 - a missing tool, library or right: then nobody says
            return None, None


class Npu(Accelerator):
    backend, device_type, collectives = "npu", "npu", "hccl"
    dtypes = ("bf16", "fp16", "fp32")
    units_name = "cube_core_num"   # the cores that multiply matrices; absent in older plugins
    tool = Cuda.tool

    def __init__(self, index):
        super().__init__(torch.npu, index)

    def software(self):
        import torch_npu
        return {**super().software(), "torch_npu": torch_npu.__version__}

    def clock_and_power(self):
        text = self.tool("npu-smi", "info", "-t", "common", "-i", visible("ASCEND_RT_VISIBLE_DEVICES", self.index))
        clock = re.search(r"Aicore curFreq\(MHZ\)\s*:\s*([\d.]+)", text)
        power = re.search(r"Real-time Power\(W\)\s*:\s*([\d.]+)", text)
        return clock and float(clock[1]), power and float(power[1])


def visible(variable, index):
    """What the vendor's tool calls the device that PyTorch numbers `index`: only some may be visible to it."""
    chosen = [one.strip() for one in os.environ.get(variable, "").split(",") if one.strip()]
    return chosen[index] if index < len(chosen) else str(index)


def watts(power):
    """amdsmi says W through torch.cuda.power_draw, though its documentation says mW; no device here draws 5 kW."""
    return power if power < 5000 else power / 1e3


def number(text):
    try:
        return float(text)
    except ValueError:
        return None


class Watch:
    """Reads clock and power beside the work, in a thread of its own, so that the device never waits for a reading."""

    def __init__(self, device, clock, pause=1.0):
        self.device, self.clock, self.pause = device, clock, pause
        self.clocks, self.powers, self.tries = [], [], 0
        self.begin, self.done = clock(), threading.Event()
        self.thread = threading.Thread(target=self.read, daemon=True)

    def read(self):
        while self.tries == 0 or not self.done.wait(self.pause):
            readings = self.device.clock_and_power()
            at = round(self.clock() - self.begin, 3)
            for reading, kept in zip(readings, (self.clocks, self.powers)):
                if reading:
                    kept.append([at, reading])
            self.tries += 1

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        self.thread.join()


def npu_there():
    try:
        import torch_npu  # noqa: F401 - gives torch its npu module
    except ImportError:
        return False
    return torch.npu.is_available()


def find_device(wanted, index):
    """The device asked for, or the best one there is."""
    if wanted in ("auto", "cuda", "rocm") and torch.cuda.is_available():
        return (Rocm if torch.version.hip else Cuda)(index)
    if wanted in ("auto", "npu") and npu_there():
        return Npu(index)
    if wanted in ("auto", "cpu"):
        return Cpu()
    raise Unsupported(f"torch {torch.__version__} sees no {wanted} device")


# --- Operators: each returns a function call(i) that runs it once, on the i-th set of buffers -------------------------


def random(device, *shape, dtype=torch.float32):
    return torch.randn(*shape, device=device.device, dtype=torch.float32).to(dtype)


def rotated(device, make, size):
    """Sets of buffers used in turn, so that no call finds its inputs in a cache; whether they really are that many."""
    wanted = max(1, math.ceil(device.rotation_bytes / max(1, size)))
    room = max(1, int(device.free_bytes() * 0.5 / max(1, size)))
    sets = [make() for _ in range(min(wanted, room, MOST_CALLS))]
    return sets, len(sets) * size >= device.rotation_bytes


def gemm(device, s):
    """C = A Wᵀ with the weights as a linear layer keeps them; fp8 with one scale for each tensor."""
    dtype, (m, n, k, batch) = device.dtype(s["dtype"]), (s["m"], s["n"], s["k"], s.get("batch", 1))
    lead = (batch,) if batch > 1 else ()
    out = torch.bfloat16 if s["dtype"] == "fp8" else dtype
    size = batch * ((m + n) * k * itemsize(dtype) + m * n * itemsize(out))
    if s["dtype"] == "fp8":
        if lead:
            raise Unsupported("several fp8 products in one call are not measured: torch._scaled_mm takes one")
        return scaled_gemm(device, m, n, k, dtype, size)
    product = torch.bmm if lead else torch.mm
    sets, cold = rotated(device, lambda: (random(device, *lead, m, k, dtype=dtype),
                                          random(device, *lead, n, k, dtype=dtype).transpose(-1, -2),
                                          torch.empty(*lead, m, n, dtype=dtype, device=device.device)), size)

    def call(i):
        a, b, c = sets[i % len(sets)]
        product(a, b, out=c)

    return call, {"cold_cache": cold}


def scaled_product(a, b, scale_a, scale_b, fast=True):
    """A B in 8 bit. `fast`: summed within the matrix units, as training does forward. Before torch 2.5 it gave a pair."""
    out = torch._scaled_mm(a, b, scale_a=scale_a, scale_b=scale_b, out_dtype=torch.bfloat16, use_fast_accum=fast)
    return out[0] if isinstance(out, tuple) else out


def scaled_gemm(device, m, n, k, dtype, size):
    one = torch.ones((), device=device.device)
    sets, cold = rotated(device, lambda: (random(device, m, k, dtype=dtype),
                                          random(device, n, k, dtype=dtype).t()), size)

    def call(i):
        a, b = sets[i % len(sets)]
        scaled_product(a, b, one, one)

    return call, {"cold_cache": cold, "note": "a scale per tensor, fast accumulation"}


def grouped_gemm(device, s):
    """One kernel over all groups: torch._grouped_mm; a batched product where that is missing."""
    dtype, (groups, rows, n, k) = device.dtype(s["dtype"]), (s["groups"], s["rows_per_group"], s["n"], s["k"])
    if s["dtype"] == "fp8":
        raise Unsupported("grouped products in fp8 are not measured: PyTorch's interface to them is not settled")
    size = groups * (rows * k + n * k + rows * n) * itemsize(dtype)
    sets, cold = rotated(device, lambda: (random(device, groups * rows, k, dtype=dtype),
                                          random(device, groups, n, k, dtype=dtype).transpose(-1, -2)), size)
    offsets = torch.arange(1, groups + 1, device=device.device, dtype=torch.int32) * rows

    def one_kernel(i):
        a, b = sets[i % len(sets)]
        torch._grouped_mm(a, b, offs=offsets)

    def batched(i):
        a, b = sets[i % len(sets)]
        torch.bmm(a.view(groups, rows, k), b)

    try:
        one_kernel(0)
        return one_kernel, {"cold_cache": cold, "note": "torch._grouped_mm"}
    except (AttributeError, RuntimeError, NotImplementedError, TypeError) as error:
        return batched, {"cold_cache": cold, "note": f"torch.bmm in place of torch._grouped_mm: {first_line(error)}"}


def grouped_queries():
    """Whether scaled_dot_product_attention takes fewer key/value heads than query heads (torch 2.5)."""
    return "enable_gqa" in (getattr(F, "scaled_dot_product_attention", None).__doc__ or "")


def attention(device, s):
    if not hasattr(F, "scaled_dot_product_attention"):
        raise Unsupported(f"torch {torch.__version__} has no scaled_dot_product_attention")
    dtype, heads, kv_heads = device.dtype(s["dtype"]), s["heads"], s["kv_heads"]
    if kv_heads != heads and not grouped_queries():
        raise Unsupported(f"scaled_dot_product_attention of torch {torch.__version__} takes no grouped queries")
    shape = lambda count: (s["batch"], count, s["sequence"], s["head_size"])
    size = (2 * heads + 2 * kv_heads) * s["batch"] * s["sequence"] * s["head_size"] * itemsize(dtype)
    backward = s["pass"] == "backward"
    extra = {"enable_gqa": True} if kv_heads != heads else {}

    def forward(inputs):
        return F.scaled_dot_product_attention(*inputs, is_causal=s["causal"], **extra)

    def make():
        inputs = [random(device, *shape(count), dtype=dtype).requires_grad_(backward)
                  for count in (heads, kv_heads, kv_heads)]
        return inputs, (forward(inputs), random(device, *shape(heads), dtype=dtype)) if backward else None

    sets, cold = rotated(device, make, size * (2 if backward else 1))

    def call(i):
        inputs, kept = sets[i % len(sets)]
        if backward:
            torch.autograd.grad(kept[0], inputs, kept[1], retain_graph=True)
        else:
            with torch.no_grad():
                forward(inputs)

    return call, {"cold_cache": cold, "kernel": "torch scaled_dot_product_attention"}


def stream(device, s):
    """Kernels that only move bytes; `bytes` is what one call reads and writes."""
    half = torch.bfloat16
    width = {"copy": 4, "add": 6, "norm": 4, "activation": 4, "cast": 6, "optimizer": 28}[s["op"]]
    count = s["bytes"] // width
    hidden = min(4096, count)
    rows = count // hidden
    make = {"copy": lambda: [random(device, rows, hidden, dtype=half) for _ in range(2)],
            "add": lambda: [random(device, rows, hidden, dtype=half) for _ in range(3)],
            "norm": lambda: [random(device, rows, hidden, dtype=half), random(device, hidden, dtype=half)],
            "activation": lambda: [random(device, rows, hidden, dtype=half)],
            "cast": lambda: [random(device, rows, hidden), random(device, rows, hidden, dtype=half)],
            "optimizer": lambda: [fused_adam(device, rows, hidden)]}[s["op"]]
    run = {"copy": lambda x, y: y.copy_(x), "add": lambda x, y, z: torch.add(x, y, out=z),
           "norm": lambda x, w: F.layer_norm(x, (hidden,), w), "activation": lambda x: F.silu(x),
           "cast": lambda x, y: y.copy_(x), "optimizer": lambda adam: adam.step()}[s["op"]]
    sets, cold = rotated(device, make, s["bytes"])

    def call(i):
        with torch.no_grad():
            run(*sets[i % len(sets)])

    return call, {"bytes": rows * hidden * width, "cold_cache": cold}


def fused_adam(device, rows, hidden):
    weight = nn.Parameter(random(device, rows, hidden))
    weight.grad = random(device, rows, hidden)
    reason = no_fused_adam(device)
    if reason:
        raise Unsupported(f"torch {torch.__version__} has no fused AdamW here: {reason}")
    return torch.optim.AdamW([weight], fused=True)


def no_fused_adam(device):
    """Why not; None where it runs. Some plugins take the argument, and fail in the first step."""
    weight = nn.Parameter(torch.zeros(16, device=device.device))
    weight.grad = torch.zeros_like(weight)
    try:
        torch.optim.AdamW([weight], fused=True).step()
        device.synchronize()
    except (TypeError, RuntimeError) as error:   # NotImplementedError is a RuntimeError
        return first_line(error)
    return None


def empty_kernel(device, s):
    one = torch.zeros(1, device=device.device)
    return lambda i: one.add_(1), {}


def host_copy(device, s):
    if device.backend == "cpu":
        raise Unsupported("host and device are the same")
    host = torch.empty(s["bytes"], dtype=torch.uint8, pin_memory=s["pinned"]).random_()
    there = torch.empty(s["bytes"], dtype=torch.uint8, device=device.device).random_()
    source, target = (host, there) if s["direction"] == "to_device" else (there, host)
    return lambda i: target.copy_(source, non_blocking=s["pinned"]), {}


def itemsize(dtype):
    return torch.empty((), dtype=dtype).element_size()


# --- A Llama-like transformer in plain PyTorch: the check, and the model of train_step.py -----------------------------


class RmsNorm(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden))

    def forward(self, x):
        wide = x.float()
        return (wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + 1e-5)).to(x.dtype) * self.weight.to(x.dtype)


def rotary_angles(sequence, head_size, device):
    frequency = 10000.0 ** (-torch.arange(0, head_size, 2, device=device, dtype=torch.float32) / head_size)
    angle = torch.outer(torch.arange(sequence, device=device, dtype=torch.float32), frequency)
    return torch.cat((angle.cos(), angle.cos()), -1), torch.cat((angle.sin(), angle.sin()), -1)


def rotate(x, cosine, sine):
    left, right = x.chunk(2, -1)
    return x * cosine.to(x.dtype) + torch.cat((-right, left), -1) * sine.to(x.dtype)


def causal_attention(q, k, v):
    """Fused where this torch has it; else with the score matrix in memory."""
    groups = q.shape[1] // k.shape[1]
    if hasattr(F, "scaled_dot_product_attention"):
        if groups > 1 and grouped_queries():
            return F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)
        k, v = k.repeat_interleave(groups, 1), v.repeat_interleave(groups, 1)
        return F.scaled_dot_product_attention(q, k, v, is_causal=True)
    k, v = k.repeat_interleave(groups, 1), v.repeat_interleave(groups, 1)
    length = q.shape[2]
    mask = torch.ones(length, length, dtype=torch.bool, device=q.device).triu(1)
    scores = (q @ k.transpose(-1, -2)) / math.sqrt(q.shape[-1])
    return torch.softmax(scores.masked_fill(mask, float("-inf")), -1) @ v


class Block(nn.Module):
    """Grouped-query attention with rotary positions, then SwiGLU; `linear` makes the projections."""

    def __init__(self, size, linear=nn.Linear):
        super().__init__()
        self.heads, self.kv_heads, self.head_size = size["heads"], size["kv_heads"], size["head_size"]
        hidden, wide = size["hidden"], self.heads * self.head_size
        self.norm1, self.norm2 = RmsNorm(hidden), RmsNorm(hidden)
        self.q = linear(hidden, wide, bias=False)
        self.k = linear(hidden, self.kv_heads * self.head_size, bias=False)
        self.v = linear(hidden, self.kv_heads * self.head_size, bias=False)
        self.o = linear(wide, hidden, bias=False)
        self.gate = linear(hidden, size["ffn_hidden"], bias=False)
        self.up = linear(hidden, size["ffn_hidden"], bias=False)
        self.down = linear(size["ffn_hidden"], hidden, bias=False)

    def forward(self, x, cosine, sine):
        y = self.norm1(x)
        split = lambda t, heads: t.view(*t.shape[:2], heads, self.head_size).transpose(1, 2)
        q = rotate(split(self.q(y), self.heads), cosine, sine)
        k = rotate(split(self.k(y), self.kv_heads), cosine, sine)
        mixed = causal_attention(q, k, split(self.v(y), self.kv_heads))
        x = x + self.o(mixed.transpose(1, 2).flatten(2))
        y = self.norm2(x)
        return x + self.down(F.silu(self.gate(y)) * self.up(y))


class Llama(nn.Module):
    def __init__(self, size, recompute=False, linear=nn.Linear):
        super().__init__()
        self.recompute, self.head_size = recompute, size["head_size"]
        self.embedding = nn.Embedding(size["vocabulary"], size["hidden"])
        self.blocks = nn.ModuleList(Block(size, linear) for _ in range(size["layers"]))
        self.norm = RmsNorm(size["hidden"])
        self.head = nn.Linear(size["hidden"], size["vocabulary"], bias=False)

    def forward(self, tokens, targets):
        cosine, sine = rotary_angles(tokens.shape[1], self.head_size, tokens.device)
        x = self.embedding(tokens)
        for block in self.blocks:
            x = checkpoint(block, x, cosine, sine, use_reentrant=False) if self.recompute else block(x, cosine, sine)
        logits = self.head(self.norm(x))
        return F.cross_entropy(logits.float().flatten(0, 1), targets.flatten())


class TrainingStep:
    """fp32 weights, their 16-bit copies by autocast, clipped gradients, AdamW (fused where this torch can)."""

    def __init__(self, device, model, dtype, vocabulary, sequence, micro_batch):
        self.device, self.model = device, model
        self.dtype = torch.bfloat16 if dtype == "fp8" else device.dtype(dtype)
        tokens = torch.randint(vocabulary, (4, micro_batch, sequence + 1), device=device.device)
        self.data = [(t[:, :-1].contiguous(), t[:, 1:].contiguous()) for t in tokens]
        self.last_loss = None
        fused = {} if no_fused_adam(device) else {"fused": True}
        self.adam = torch.optim.AdamW(model.parameters(), lr=1e-4, **fused)

    def __call__(self, i):
        narrow = self.dtype != torch.float32
        with torch.autocast(self.device.device.type, dtype=self.dtype if narrow else torch.bfloat16, enabled=narrow):
            loss = self.model(*self.data[i % len(self.data)])
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.adam.step()
        self.adam.zero_grad(set_to_none=True)
        self.last_loss = loss.detach()


def check_block(device, s):
    dtype = device.dtype(s["dtype"])
    block = Block(s).to(device.device, dtype)
    x = random(device, s["micro_batch"], s["sequence"], s["hidden"], dtype=dtype).requires_grad_()
    angles = rotary_angles(s["sequence"], s["head_size"], device.device)
    slope = random(device, *x.shape, dtype=dtype)

    def forward(i):
        with torch.no_grad():
            block(x, *angles)

    def both(i):
        block.zero_grad(set_to_none=True)
        x.grad = None
        block(x, *angles).backward(slope)

    return both if s["pass"] == "forward_backward" else forward, flash_or_not()


def check_step(device, s):
    model = Llama(s).to(device.device)
    return TrainingStep(device, model, s["dtype"], s["vocabulary"], s["sequence"], s["micro_batch"]), flash_or_not()


def flash_or_not():
    return {"flash": hasattr(F, "scaled_dot_product_attention"), "clock": "host"}


# --- The design: the fewest shapes that pin the laws of sim/laws ------------------------------------------------------


class Item:
    """One sample to take: its fields, what makes it, how it is timed, and its work in FLOP where a slow device could
    need too long."""

    def __init__(self, sample, build, pins, how="device", flop=0.0):
        self.sample, self.build, self.pins, self.how, self.flop = sample, build, pins, how, flop


def near_square(units):
    """Two factors of the number of compute units, as near to each other as they come."""
    low = next(d for d in range(math.isqrt(units), 0, -1) if units % d == 0)
    return low, units // low


def gemm_shapes(units):
    """(what the group pins, in every number format?, [(m, n, k, batch)]); small ones first, to know the rate early."""
    yield "kernel overhead: nothing else takes time", False, [(128, 128, 128, 1), (512, 512, 512, 1)]
    yield "memory share: few rows, the weights must be read", True, [(16, 8192, 8192, 1), (64, 8192, 8192, 1)]
    yield "how work and traffic overlap: where both take as long", False, [(256, 8192, 8192, 1), (512, 8192, 8192, 1)]
    yield "shallow products: the output's traffic, start of the inner loop", False, [
        (8192, 8192, 256, 1), (8192, 8192, 1024, 1)]
    yield "few tiles, deep: slices of k on idle units", False, [(256, 256, 16384, 1), (512, 1024, 16384, 1)]
    if units:
        rows, columns = near_square(units)
        edge = 128  # the usual output tile of one unit
        yield "whole waves: a tile for every unit, and one column of tiles more", False, [
            (rows * edge, columns * edge, 4096, 1), (rows * edge, (columns + 1) * edge, 4096, 1)]
    yield "tiles: one row more than a multiple", False, [(2048, 4096, 4096, 1), (2049, 4096, 4096, 1)]
    yield "many equal products in one kernel, as in unfused attention", False, [(2048, 2048, 128, 32)]
    yield "products of a training step: up, down, vocabulary", True, [
        (4096, 14336, 4096, 1), (4096, 4096, 14336, 1), (8192, 32000, 4096, 1)]
    yield "plateau: the share of peak of large products", True, [(4096, 8192, 8192, 1), (8192, 8192, 8192, 1)]


def gemm_items(device, dtypes, scale):
    units = device.facts().get("compute_units")
    for dtype in dtypes:
        taken = set()
        for pins, everywhere, shapes in gemm_shapes(units):
            for shape in shapes:
                m, n, k, batch = (*map(scale, shape[:3]), shape[3])
                if (everywhere or dtype == dtypes[0]) and (m, n, k, batch) not in taken:
                    taken.add((m, n, k, batch))
                    sample = {"kind": "gemm", "dtype": dtype, "m": m, "n": n, "k": k}
                    if batch > 1:
                        sample["batch"] = batch
                    yield Item(sample, gemm, pins, flop=2.0 * m * n * k * batch)


def grouped_items(device, dtypes, scale):
    dtype = next((d for d in dtypes if d in ("bf16", "fp16")), dtypes[0])
    pins = "grouped_gemm: rate beside dense products, from memory-bound to many rows; few and many experts"
    for groups, rows in ((8, 128), (8, 512), (8, 2048), (64, 128)):
        rows, n, k = scale(rows), scale(4096), scale(2048)
        sample = {"kind": "grouped_gemm", "dtype": dtype, "groups": groups, "rows_per_group": rows, "n": n, "k": k}
        yield Item(sample, grouped_gemm, pins, flop=2.0 * groups * rows * n * k)


ATTENTION = (  # what it pins, [(batch, heads, kv_heads, sequence, head_size, causal)]
    ("rate of long sequences, and how it falls with short ones: 16,384 tokens", [
        (16, 32, 32, 1024, 128, True), (4, 32, 32, 4096, 128, True), (1, 32, 32, 16384, 128, True)]),
    ("without the causal half", [(4, 32, 32, 4096, 128, False)]),
    ("head size: softmax weighs more", [(4, 32, 32, 4096, 64, True)]),
    ("grouped queries: less traffic", [(4, 32, 8, 4096, 128, True)]),
    ("few blocks: units stay idle", [(1, 8, 8, 1024, 128, True)]),
)


def fewer(heads, scale):
    """As many heads less as a hidden size gets smaller, one at least."""
    return scale(heads * 128) // 128 or 1


def attention_items(device, dtypes, scale):
    dtype = next((d for d in dtypes if d in ("bf16", "fp16")), dtypes[0])
    for pins, shapes in ATTENTION:
        for batch, heads, kv_heads, sequence, head_size, causal in shapes:
            for way, products in (("forward", 2), ("backward", 5)):
                sample = {"kind": "attention", "dtype": dtype, "pass": way, "batch": batch,
                          "heads": fewer(heads, scale), "kv_heads": fewer(kv_heads, scale),
                          "sequence": scale(sequence), "head_size": head_size, "causal": causal}
                scores = batch * sample["heads"] * sample["sequence"] ** 2 * (0.5 if causal else 1)
                yield Item(sample, attention, pins, flop=2.0 * products * scores * head_size)


def stream_items(device, dtypes, scale):
    size = scale(scale(1 << 30))
    pins = "memory share: read and written bytes"
    for op, count in (("copy", size // 8), ("copy", size), ("add", size), ("norm", size), ("activation", size),
                      ("cast", size), ("optimizer", size)):
        yield Item({"kind": "stream", "op": op, "bytes": count}, stream, pins)


def launch_items(device, dtypes, scale):
    pins = "kernel_overhead on the device; host time for a kernel; launch and wait"
    for what, how in (("device", "device"), ("host", "queue"), ("round_trip", "host")):
        yield Item({"kind": "launch", "what": what}, empty_kernel, pins, how)


def copy_items(device, dtypes, scale):
    pins = "link to the host: start-up and bandwidth"
    for direction in ("to_device", "to_host"):
        for pinned, size in ((True, 64 << 10), (True, 256 << 20), (False, 256 << 20)):
            sample = {"kind": "host_copy", "direction": direction, "pinned": pinned, "bytes": scale(scale(size))}
            yield Item(sample, host_copy, pins, "host" if not pinned else "device")


def sustained_items(device, dtypes, scale):
    edge = scale(8192)
    sample = {"kind": "sustained", "dtype": dtypes[0], "m": edge, "n": edge, "k": edge}
    yield Item(sample, gemm, "sustained: the clock under lasting load", "sustained", flop=2.0 * edge ** 3)


def check_items(device, dtypes, scale):
    pins = "nothing: a check that is not fitted"
    dtype = next((d for d in dtypes if d in ("bf16", "fp16")), dtypes[0])
    shape = {"head_size": 128, "dtype": dtype, "gated": True}
    block = {"kind": "check", "what": "block", "hidden": scale(4096), "ffn_hidden": scale(14336),
             "heads": fewer(32, scale), "kv_heads": fewer(8, scale), "sequence": scale(4096), "micro_batch": 1, **shape}
    for way, factor in (("forward", 2.0), ("forward_backward", 6.0)):
        yield Item({**block, "pass": way}, check_block, pins, "host", flop=factor * block["sequence"] * weights(block))
    step = {"kind": "check", "what": "step", "hidden": scale(2048), "ffn_hidden": scale(5632),
            "heads": fewer(16, scale), "kv_heads": fewer(8, scale), "sequence": scale(2048), "micro_batch": 2, **shape,
            "layers": 4, "vocabulary": scale(32000), "optimizer": "adam", "pass": "forward_backward"}
    work = 6.0 * step["micro_batch"] * step["sequence"]
    yield Item(step, check_step, pins, "host", flop=work * (4 * weights(step) + step["hidden"] * step["vocabulary"]))


def weights(block):
    """Weights of a block's products; attention's two of hidden size and two of the key/value heads."""
    attention_width = 2 * block["hidden"] + 2 * block["kv_heads"] * block["head_size"]
    return block["hidden"] * (attention_width + 3 * block["ffn_hidden"])


GROUPS = (  # in the order of measurement, and the share of the time that a group may use
    ("launch", launch_items, 0.02), ("stream", stream_items, 0.10), ("gemm", gemm_items, 0.40),
    ("attention", attention_items, 0.15), ("grouped_gemm", grouped_items, 0.08), ("host_copy", copy_items, 0.05),
    ("sustained", sustained_items, 0.10), ("check", check_items, 0.10),
)


# --- Taking the samples -----------------------------------------------------------------------------------------------


def first_line(error):
    text = str(error).strip().splitlines()
    return (text[0] if text else type(error).__name__)[:300]


class Session:
    """Takes samples one by one; what fails is recorded with its reason, and the rest goes on."""

    def __init__(self, device, budget, sustained_seconds, say=lambda text: None):
        self.device, self.budget, self.say = device, budget, say
        self.sustained_seconds = sustained_seconds
        self.samples = []
        self.rates = {}   # FLOP/s last seen of each number format: a guess of how long the next product takes

    def group(self, items, share):
        self.budget.open_group(share)
        for index, item in enumerate(items):
            self.take(item, self.budget.sample(len(items) - index))

    def take(self, item, time_given):
        sample = {**item.sample, "note": "pins " + item.pins if not item.pins.startswith("nothing") else item.pins}
        try:
            reason = self.refusal(item)
            if reason:
                raise Unsupported(reason)
            call, facts = item.build(self.device, sample)
            note = facts.pop("note", None)
            sample.update(facts)
            if note:
                sample["note"] += f"; {note}"
            sample.update(self.timed(item, call, time_given, sample["note"]))
            self.learn(item, sample)
        except Exception as error:  # noqa: BLE001 - whatever an operator throws is the answer for that operator
            sample = {**item.sample, "error": first_line(error)}
        finally:
            call = None
            if "error" in sample or item.how == "host":
                gc.collect()   # graphs of models hold themselves in circles, and the device's memory with them
            self.device.empty_cache()
        self.samples.append(sample)
        self.say(words(sample))

    def refusal(self, item):
        left = self.budget.left()
        if left <= 0:
            return "not measured: the time given was spent"
        rate = self.rates.get(item.sample.get("dtype")) or min(self.rates.values(), default=0)
        calls = WARM_UP + 1 + LEAST
        needed = item.flop / rate * calls if rate else 0
        if needed > left:
            return f"not measured: {calls} calls would take about {needed:.0f} s, {left:.0f} s are left"
        return None

    def learn(self, item, sample):
        if item.flop and sample.get("seconds"):
            self.rates[sample["dtype"]] = item.flop / statistics.median(sample["seconds"])

    def timed(self, item, call, time_given, note):
        if item.how == "sustained":
            return self.sustained(call, note)
        if item.how == "device":
            times = row_times(self.device, call, time_given)
            shown = {} if self.device.full_queue else {"note": note + "; the host was too slow to keep the queue full"}
            return {**shown, "seconds": rounded(times)}
        self.device.reset_peak()
        times = (queue_times if item.how == "queue" else host_times)(self.device, call, time_given)
        peak = self.device.peak_bytes() if item.sample["kind"] == "check" else None
        return {"clock": "host", "seconds": rounded(times), **({"peak_memory_bytes": peak} if peak else {})}

    def sustained(self, call, note):
        """The same product for long enough that power and heat settle."""
        clock = self.budget.clock
        for index in range(WARM_UP):
            call(index)
        self.device.synchronize()
        calls = max(1, round(0.25 / max(1e-7, self.device.elapsed(lambda: call(0), 1))))

        def row():
            for index in range(calls):
                call(index)

        begin, times = clock(), []
        end = min(begin + self.sustained_seconds, self.budget.group_end)
        with Watch(self.device, clock) as watch:
            while not times or clock() < end:
                spent = self.device.elapsed(row, calls) / calls
                times.append([round(clock() - begin, 3), rounded([spent])[0]])
        known = {"clock_mhz": watch.clocks, "power_w": watch.powers}
        missing = "" if watch.clocks else "; no tool told the clock"
        return {"seconds_over_time": times, **{k: v for k, v in known.items() if v}, "note": note + missing}


def rounded(times):
    return [float(f"{t:.6g}") for t in times]


def words(sample):
    """One line of progress."""
    shape = " ".join(f"{key}={value}" for key, value in sample.items()
                     if key not in ("kind", "seconds", "error", "note", "seconds_over_time", "clock_mhz", "power_w",
                                    "cold_cache", "kernel", "clock", "flash", "gated", "optimizer"))
    if "error" in sample:
        return f"{sample['kind']} {shape}: {sample['error']}"
    times = sample.get("seconds") or [t for _, t in sample["seconds_over_time"]]
    return f"{sample['kind']} {shape}: {statistics.median(times) * 1e6:.1f} us, {len(times)} times"


# --- Collectives, with torchrun ---------------------------------------------------------------------------------------

COLLECTIVE_SIZES = (4 << 10, 64 << 10, 1 << 20, 16 << 20, 128 << 20, 1 << 30)
COLLECTIVE_PINS = "start-up (small), change of protocol (middle), bandwidth (large)"


def group_shapes(world, per_node):
    """(members, members in each node, stride): powers of two inside a node, one rank of each node, everybody."""
    shapes, n = [], 2
    while n < per_node:
        if per_node % n == 0:
            shapes.append((n, n, 1))
        n *= 2
    if per_node > 1:
        shapes.append((per_node, per_node, 1))
    if world > per_node > 1:
        shapes.append((world // per_node, 1, per_node))
    if world > per_node:
        shapes.append((world, per_node, 1))
    return shapes


def members(world, count, stride):
    """All groups of that shape: every rank is in one, and all work at the same time, as in training."""
    block = count * stride
    return [list(range(start + first, start + block, stride))
            for start in range(0, world, block) for first in range(stride)]


def collective(device, op, size, ranks, group, dist):
    """call(i): the collective once; buffers are filled anew before each row, so that sums stay finite."""
    n, me = len(ranks), ranks.index(dist.get_rank())
    dtype = torch.float32 if device.backend == "cpu" else torch.bfloat16
    whole = max(n, size // itemsize(dtype) // n * n)
    data = random(device, whole, dtype=dtype)
    part = data[:whole // n].clone()
    other = torch.empty_like(data)
    pieces = list(other.chunk(n))
    peers = ranks[(me + 1) % n], ranks[(me - 1) % n]

    def exchange():
        for work in dist.batch_isend_irecv([dist.P2POp(dist.isend, data, peers[0], group),
                                            dist.P2POp(dist.irecv, other, peers[1], group)]):
            work.wait()

    return {
        "all_reduce": lambda: dist.all_reduce(data, group=group),
        "all_gather": lambda: gather(dist, other, pieces, part, group),
        "reduce_scatter": lambda: dist.reduce_scatter_tensor(part, data, group=group),
        "all_to_all": lambda: dist.all_to_all_single(other, data, group=group),
        "broadcast": lambda: dist.broadcast(data, ranks[0], group=group),
        "send_recv": exchange,
    }[op], lambda: data.normal_()


def gather(dist, whole, pieces, part, group):
    if dist.get_backend(group) == "gloo":   # has no gather into one tensor before torch 2.1
        return dist.all_gather(pieces, part, group=group)
    return dist.all_gather_into_tensor(whole, part, group=group)


def collective_times(device, call, refill, size, dist, group):
    """All ranks run the same number of calls, decided by the size alone; one call before each row lines them up."""
    calls, repetitions = (10, 15) if size <= 16 << 20 else (3, 7)
    times = []
    for _ in range(repetitions + 1):
        refill()
        call()

        def row():
            for _ in range(calls):
                call()

        times.append(collective_row(device, call, row, calls) / calls)
    return times[1:]


def collective_row(device, call, row, calls):
    if device.backend == "cpu":
        return device.elapsed(row, calls)
    start, end = device.event(), device.event()
    device.plug(math.ceil(100e-6 * (calls + 1) / device.plug_seconds))
    call()
    start.record()
    row()
    end.record()
    device.synchronize()
    return start.elapsed_time(end) / 1e3


def measure_collectives(session, quick, dist, save=lambda: None):
    """Every rank comes through here alike; rank 0 keeps the samples of its group and the time. A collective that hangs
    ends the process from outside, so the file is written after each kind."""
    device, world = session.device, dist.get_world_size()
    per_node = min(world, int(os.environ.get("LOCAL_WORLD_SIZE", world)))
    sizes = COLLECTIVE_SIZES[:3] if quick else COLLECTIVE_SIZES
    for count, in_node, stride in group_shapes(world, per_node):
        mine = None
        for ranks in members(world, count, stride):
            group = dist.new_group(ranks)
            if dist.get_rank() in ranks:
                mine = ranks, group
        for op in ("all_reduce", "all_gather", "reduce_scatter", "all_to_all", "broadcast", "send_recv"):
            for size in sizes:
                sample = {"kind": "collective", "op": op, "ranks": count, "ranks_per_node": in_node, "bytes": size}
                session.samples.append(one_collective(session, sample, *mine, dist))
                session.say(words(session.samples[-1]))
            save()
        dist.destroy_process_group(mine[1])


def one_collective(session, sample, ranks, group, dist):
    device = session.device
    go = torch.tensor([1.0 if session.budget.left() > 0 else 0.0], device=device.device)
    dist.broadcast(go, 0)
    if not go.item():
        return {**sample, "error": "not measured: the time given was spent"}
    try:
        call, refill = collective(device, sample["op"], sample["bytes"], ranks, group, dist)
        times = collective_times(device, call, refill, sample["bytes"], dist, group)
        dtype = "fp32" if device.backend == "cpu" else "bf16"
        clock = {"clock": "host"} if device.backend == "cpu" else {}
        return {**sample, "dtype": dtype, **clock, "note": "pins " + COLLECTIVE_PINS, "seconds": rounded(times)}
    except Exception as error:  # noqa: BLE001 - an operator that a library lacks fails on all ranks alike
        return {**sample, "error": first_line(error)}
    finally:
        device.empty_cache()


# --- The file and the program -----------------------------------------------------------------------------------------


class Output:
    """The file: tried before anything is measured, and whole at every moment."""

    def __init__(self, path):
        self.path, self.part = path, f"{path}.part"
        if os.path.isdir(path):
            raise OSError(f"{path}: is a directory")
        with open(self.part, "w", encoding="utf-8"):
            pass
        os.remove(self.part)

    def write(self, content):
        with open(self.part, "w", encoding="utf-8") as file:
            file.write(layout(content))
        os.replace(self.part, self.path)


def layout(content):
    """One sample a line."""
    head = {key: value for key, value in content.items() if key != "samples"}
    samples = ",\n".join("  " + json.dumps(sample) for sample in content["samples"])
    return json.dumps(head, indent=1)[:-2] + ',\n "samples": [\n' + samples + "\n ]}\n"


def document(device, samples, count=1):
    return {"chipmix_measurements": FORMAT, "device": {**device.facts(), "count": count},
            "date": datetime.date.today().isoformat(), "software": device.software(), "samples": samples}


def options(words_given):
    parser = argparse.ArgumentParser(prog="chipmix_measure.py", description=__doc__.split("\n")[0])
    names = [name for name, _, _ in GROUPS]
    parser.add_argument("--minutes", type=float, default=10, help="time for everything (10)")
    parser.add_argument("--output", default="measurements.json", help="the file to write (measurements.json)")
    parser.add_argument("--device", default="auto", choices=("auto", "cuda", "rocm", "npu", "cpu"))
    parser.add_argument("--dtypes", help="number formats, the most important first: bf16,fp8,fp16,tf32,fp32")
    parser.add_argument("--groups", help=f"only these: {','.join(names)}")
    parser.add_argument("--quick", action="store_true", help="small shapes, to try the program (always on a CPU)")
    parser.add_argument("--list", action="store_true", help="show what would be measured and what it pins")
    given = parser.parse_args(words_given)
    given.groups = given.groups.split(",") if given.groups else names
    given.dtypes = given.dtypes.split(",") if given.dtypes else None
    faults = [f"--groups: there is no group {g}; there are {', '.join(names)}" for g in given.groups if g not in names]
    faults += [f"--dtypes: {d} is not one of bf16, fp8, fp16, tf32, fp32" for d in given.dtypes or []
               if d not in Cuda.dtypes]
    if not given.minutes > 0:
        faults.append("--minutes: must be above zero")
    if torchrun_size() > 1 and len(given.groups) < len(names):
        faults.append("--groups: with torchrun only collectives are measured; run the rest on one device without it")
    if faults:
        parser.error("; ".join(faults))
    return given


def torchrun_size():
    return int(os.environ.get("WORLD_SIZE", "1"))


def list_design(device, dtypes, scale, groups):
    for name, items, _ in GROUPS:
        if name in groups:
            last = None
            for item in items(device, dtypes, scale):
                if item.pins != last:
                    print(f"{name}: {item.pins}")
                last = item.pins
                print("   ", " ".join(f"{key}={value}" for key, value in item.sample.items() if key != "kind"))


def measure_device(session, given, dtypes, scale, save):
    remaining = sum(share for name, _, share in GROUPS if name in given.groups)
    for name, items, share in GROUPS:
        if name in given.groups:
            session.group(list(items(session.device, dtypes, scale)), share / remaining)
            remaining -= share
            save()


def main(words_given=None):
    given = options(words_given)
    leader = int(os.environ.get("RANK", "0")) == 0
    try:
        output = Output(given.output) if leader and not given.list else None
    except OSError as error:
        print(f"chipmix_measure: cannot write: {error}", file=sys.stderr)
        return BAD_FILE
    try:
        device = find_device(given.device, int(os.environ.get("LOCAL_RANK", "0")))
    except Unsupported as error:
        print(f"chipmix_measure: {error}", file=sys.stderr)
        return USAGE
    quick = given.quick or device.backend == "cpu"
    scale = (lambda x: max(16, x // 16)) if quick else (lambda x: x)
    dtypes = tuple(given.dtypes or device.dtypes)
    if given.list:
        list_design(device, dtypes, scale, given.groups)
        return 0
    try:
        return measure(given, device, dtypes, scale, quick, output)
    except OSError as error:
        print(f"chipmix_measure: cannot write: {error}", file=sys.stderr)
        return BAD_FILE


def measure(given, device, dtypes, scale, quick, output):
    say = (lambda text: print(text, file=sys.stderr)) if output else (lambda text: None)
    session = Session(device, Budget(given.minutes * 60), 1.0 if quick else 30.0, say)

    def save():
        if output and session.samples:
            output.write(document(device, session.samples, torchrun_size()))

    try:
        if torchrun_size() > 1:
            import torch.distributed as dist
            dist.init_process_group(device.collectives, timeout=datetime.timedelta(minutes=2))
            measure_collectives(session, quick, dist, save)
            dist.destroy_process_group()
        else:
            measure_device(session, given, dtypes, scale, save)
    except KeyboardInterrupt:
        say("interrupted: what was measured is kept")
        return INTERRUPTED
    finally:
        save()
    return 0 if any("error" not in sample for sample in session.samples) else NOTHING_MEASURED


if __name__ == "__main__":
    sys.exit(main())
