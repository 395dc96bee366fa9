"""What docs/measurements.md asks of a measurement file, for tests to hold one against."""

import datetime

ANY = {"kind", "note", "cold_cache", "clock"}
FIELDS = {  # of each kind: required, optional
    "gemm": ({"dtype", "m", "n", "k"}, {"batch"}),
    "grouped_gemm": ({"dtype", "groups", "rows_per_group", "n", "k"}, set()),
    "attention": ({"dtype", "pass", "batch", "heads", "sequence", "head_size"},
                  {"kv_heads", "keys", "causal", "kernel"}),
    "stream": ({"op", "bytes"}, {"kernels"}),
    "launch": ({"what"}, set()),
    "host_copy": ({"direction", "bytes"}, {"pinned"}),
    "sustained": ({"dtype", "m", "n", "k"}, {"seconds_over_time", "clock_mhz", "power_w"}),
    "collective": ({"op", "ranks", "bytes"}, {"ranks_per_node", "dtype"}),
    "check": ({"what", "hidden", "ffn_hidden", "heads", "kv_heads", "head_size", "sequence", "micro_batch", "dtype",
               "gated", "pass"}, {"layers", "vocabulary", "optimizer", "peak_memory_bytes", "flash"}),
}
HEAD = {"chipmix_measurements", "device", "date", "software", "samples"}
DEVICE = {"name", "backend", "driver", "count", "memory_bytes", "compute_units", "clock_mhz", "power_limit_w"}


def faults_of_sample(sample):
    required, optional = FIELDS[sample["kind"]]
    result = {"error"} if "error" in sample else {"seconds_over_time" if sample["kind"] == "sustained" else "seconds"}
    fields = set(sample)
    faults = [f"no {name}" for name in (required | result) - fields]
    faults += [f"unknown {name}" for name in fields - required - optional - ANY - result]
    times = sample.get("seconds", [])
    faults += ["a time that is not above zero"] if any(not t > 0 for t in times) else []
    faults += ["no repetition"] if "seconds" in sample and not times else []
    sizes = [name for name in ("m", "n", "k", "bytes", "ranks", "sequence", "heads") if name in sample]
    faults += [f"{name} is no whole number above zero" for name in sizes
               if not (isinstance(sample[name], int) and sample[name] > 0)]
    return [f"{sample['kind']}: {fault}" for fault in faults]


def faults(content):
    found = [f"head: no {name}" for name in HEAD - set(content)] + [f"head: unknown {n}" for n in set(content) - HEAD]
    found += [f"device: unknown {name}" for name in set(content["device"]) - DEVICE]
    found += [f"software: {name} is no text" for name, value in content["software"].items() if type(value) is not str]
    found += [] if content["chipmix_measurements"] == 1 and content["samples"] else ["no version 1, or no sample"]
    datetime.date.fromisoformat(content["date"])
    return found + [fault for sample in content["samples"] for fault in faults_of_sample(sample)]
