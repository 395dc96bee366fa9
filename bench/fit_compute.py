#!/usr/bin/env python3
"""Fits the device parameters of the compute laws (sim/laws, docs/laws/compute.md) to measured points.

    fit_compute.py POINTS.json [--output FITS.json]

POINTS.json holds the devices and what was measured on them:

    {"devices": {"h100": {"peak": {"bf16": 989e12, "fp8": 1979e12},   FLOP/s, dense
                          "memory_bandwidth": 3.35e12,                byte/s, nominal
                          "compute_units": 132}},                     or null: then no fill term
     "gemm":      [{"device", "dtype", "source", "points": [[m, n, k, FLOP/s], ..],
                    "cast": 3           bytes an element of A costs in a cast to 8 bit inside the timed path
                                        (3: read 16 bit, write 8; 5: read once more for the scale),
                    "launch": "free"    the harness adds a launch time of its own, fitted apart and dropped}],
     "grouped":   [{"device", "dtype", "source", "points": [[groups, rows, n, k, FLOP/s], ..]}],
     "streaming": [{"device", "source", "points": [[byte/s], ..]}],
     "attention": [{"device", "source", "kernel", "pass": "forward" | "backward" | "both", "head": 128, "causal": true,
                    "points": [[tokens, FLOP/s], ..]}]}

The loss is soft-L1 on log time (scale 8 %). Parameters that few points decide are held by wide priors, listed below.
GEMM errors are of held-out points (five folds, fixed seed); in sample for fewer than 10 points, grouped GEMM and
attention. Needs numpy and scipy; nothing else, no fixed path.
"""
import argparse
import json

import numpy as np
from scipy.optimize import least_squares

TILE = 64            # smallest output tile and depth slice, as in sim/laws/gemm.cpp
SCORE_HEAD = 36      # as in sim/laws/attention.cpp
PRIORS = {           # centre and log-width; only matter where the points are silent
    "gemm": (0.70, 0.50),
    "memory": (0.83, 0.10),       # BabelStream copies reach 0.78-0.87 of nominal on A100, H100, H200, MI300X
    "overhead": (4e-6, 0.30),     # seconds
    "launch": (1e-5, 1.00),       # seconds, of a harness that launches from the host inside the timed loop
}
LOSS_SCALE = 0.08
SIXTEEN = {"fp16": "bf16"}


def gemm_time(m, n, k, size, peak, share, bandwidth, overhead, units):
    """The GEMM law; `peak` FLOP/s, `bandwidth` the reached byte/s, `size` bytes of an input element."""
    moved = (m * k + n * k) * size + m * n * 2
    tiles = np.ceil(m / TILE) * np.ceil(n / TILE)
    work = 2 * tiles * TILE * TILE * k / (peak * share)

    def kernel(slices):
        fill = np.maximum(1, units / (tiles * slices))
        traffic = (moved + np.where(slices > 1, 8 * TILE * TILE * tiles * slices, 0)) / bandwidth
        return ((work * fill) ** 4 + traffic ** 4) ** 0.25

    slices = np.clip(units / tiles, 1, np.maximum(1, k / TILE))
    return overhead + np.minimum(kernel(np.ones_like(slices)), kernel(slices))


class Compute:
    """Joint fit of one device: a GEMM share per dtype, one memory share, one overhead, a launch per loose harness."""

    def __init__(self, device, gemms, streams):
        self.device, self.streams = device, streams
        self.rows = np.array([[*p[:4], j] for j, g in enumerate(gemms) for p in g["points"]], float).reshape(-1, 5)
        self.gemms = gemms
        self.dtypes = sorted({key(g) for g in gemms})
        self.loose = [j for j, g in enumerate(gemms) if g.get("launch") == "free"]
        self.names = [("gemm", d) for d in self.dtypes] + [("memory", None), ("overhead", None)]
        self.names += [("launch", j) for j in self.loose]

    def predict(self, logs, rows):
        value = dict(zip(self.names, np.exp(logs)))
        units = self.device.get("compute_units") or 1
        bandwidth = self.device["memory_bandwidth"] * value["memory", None]
        overhead = value["overhead", None]
        out = np.zeros(len(rows))
        for j, g in enumerate(self.gemms):
            at = rows[:, 4] == j
            m, n, k = rows[at, :3].T
            eight = key(g).startswith("fp8")
            peak = self.device["peak"]["fp8" if eight else g["dtype"]]
            t = gemm_time(m, n, k, 1 if eight else 2, peak, value["gemm", key(g)], bandwidth, overhead, units)
            if g.get("cast"):
                t = t + g["cast"] * m * k / bandwidth
            out[at] = t + value.get(("launch", j), 0)
        return out

    def residual(self, logs, rows):
        m, n, k, rate = rows[:, :4].T
        return np.log(self.predict(logs, rows) * rate / (2 * m * n * k))

    def fit(self, rows):
        centre = np.log([PRIORS[kind][0] for kind, _ in self.names])
        width = np.array([PRIORS[kind][1] for kind, _ in self.names])
        measured = np.log([p[0] / self.device["memory_bandwidth"] for s in self.streams for p in s["points"]])
        at = self.names.index(("memory", None))

        def loss(logs):
            stream = logs[at] - measured
            return np.concatenate([self.residual(logs, rows), stream, LOSS_SCALE * (logs - centre) / width])

        top = np.log([1.0 if kind in ("gemm", "memory") else 1e-4 for kind, _ in self.names])
        return least_squares(loss, np.minimum(centre, top - 1e-3), bounds=(-np.inf, top), loss="soft_l1",
                             f_scale=LOSS_SCALE).x

    def held_out(self, folds=5):
        order = np.random.default_rng(1).permutation(len(self.rows))
        out = np.full(len(self.rows), np.nan)
        for part in np.array_split(order, min(folds, len(order))):
            rest = np.setdiff1d(order, part)
            out[part] = self.residual(self.fit(self.rows[rest]), self.rows[part])
        return out


def key(gemm):
    return SIXTEEN.get(gemm["dtype"], gemm["dtype"])


def errors(residual):
    e = np.abs(np.expm1(residual))
    return None if not len(e) else {"n": len(e), "median": round(float(np.median(e)), 4),
                                    "p90": round(float(np.quantile(e, 0.9)), 4),
                                    "bias": round(float(np.median(residual)), 4)}


def compute(points, name):
    device = points["devices"][name]
    gemms = [g for g in points["gemm"] if g["device"] == name]
    streams = [s for s in points.get("streaming", []) if s["device"] == name]
    if not gemms:
        return None
    law = Compute(device, gemms, streams)
    logs = law.fit(law.rows)
    value = dict(zip(law.names, np.exp(logs)))
    apart = law.held_out() if len(law.rows) >= 10 else law.residual(logs, law.rows)
    out = {"memory": round(value["memory", None], 3), "kernel_overhead_s": float(f"{value['overhead', None]:.2g}"),
           "held_out": len(law.rows) >= 10, "gemm": {}, "curves": {}}
    for dtype in law.dtypes:
        at = np.isin(law.rows[:, 4], [j for j, g in enumerate(gemms) if key(g) == dtype])
        m, share, r = law.rows[at, 0], value["gemm", dtype], apart[at]
        large = r[m >= 1024] if (m >= 1024).any() else r
        out["gemm"][dtype] = {
            "share": round(share, 3),
            "low": round(share * float(np.exp(np.quantile(-np.abs(large), 0.2))), 3),
            "high": round(min(1.0, share * float(np.exp(np.quantile(np.abs(large), 0.8)))), 3),
            "all": errors(r), "m<=64": errors(r[m <= 64]), "64<m<1024": errors(r[(m > 64) & (m < 1024)]),
            "m>=1024": errors(r[m >= 1024]), "sources": sorted({g["source"] for g in gemms if key(g) == dtype})}
    for j, g in enumerate(gemms):
        out["curves"][g.get("id", str(j))] = errors(apart[law.rows[:, 4] == j])
    return out


def grouped(points, name, base):
    """One factor on the GEMM share, the law as in sim/laws/gemm.cpp."""
    rows = [(g, p) for g in points.get("grouped", []) if g["device"] == name for p in g["points"]]
    if not rows or not base:
        return None
    device = points["devices"][name]
    bandwidth, overhead = device["memory_bandwidth"] * base["memory"], base["kernel_overhead_s"]

    def residual(logs):
        out = []
        for g, (count, m, n, k, rate) in rows:
            share = base["gemm"][key(g)]["share"] * np.exp(logs[0])
            size = 1 if g["dtype"] == "fp8" else 2
            padded = np.ceil(m / TILE) * np.ceil(n / TILE) * TILE * TILE
            work = 2 * count * padded * k / (device["peak"][g["dtype"]] * share)
            moved = count * ((m * k + n * k) * size + m * n * 2) / bandwidth
            out.append(np.log((overhead + (work ** 4 + moved ** 4) ** 0.25) * rate / (2 * count * m * n * k)))
        return np.array(out)

    fit = least_squares(residual, [0.0], loss="soft_l1", f_scale=LOSS_SCALE)
    return {"relative": round(float(np.exp(fit.x[0])), 3), **errors(residual(fit.x))}


def attention_time(c, direction, share, half, device, base):
    """Seconds for 16k tokens of hidden size 2048, the size of the FlashAttention charts; units are all busy there."""
    length, tokens, width = np.array([p[0] for p in c["points"]], float), 16384, 2048
    flops = 4 * tokens * length * width * (0.5 if c["causal"] else 1) * (1 if direction == "forward" else 2.5)
    loop = length if c["causal"] else 2 * length
    head = min(c["head"], 128)
    rate = device["peak"]["bf16"] * share * loop / (loop + half) * head / (head + SCORE_HEAD) * (128 + SCORE_HEAD) / 128
    passes, kernels = (4, 1) if direction == "forward" else (8, 3)
    traffic = passes * tokens * width * 2 / (device["memory_bandwidth"] * base["memory"])
    return flops, kernels * base["kernel_overhead_s"] + ((flops / rate) ** 4 + traffic ** 4) ** 0.25


def attention_predicted(logs, c, device, base):
    """FLOP/s as executed, of one pass or of both together."""
    share = dict(zip(("forward", "backward"), np.exp(logs)))
    passes = ("forward", "backward") if c["pass"] == "both" else (c["pass"],)
    parts = [attention_time(c, side, share[side], np.exp(logs[2]), device, base) for side in passes]
    return sum(flops for flops, _ in parts) / sum(seconds for _, seconds in parts)


def attention(points, name, kernel, base):
    curves = [c for c in points.get("attention", []) if c["device"] == name and c["kernel"] == kernel]
    device = points["devices"][name]
    passes = {c["pass"] for c in curves}

    def misfit(logs):
        measured = [np.array([p[1] for p in c["points"]]) for c in curves]
        predicted = [attention_predicted(logs, c, device, base) for c in curves]
        return np.log(np.concatenate(predicted) / np.concatenate(measured))

    def loss(logs):
        # Where one pass, or only their sum, was measured, backward is held near 0.85 of forward (FlashAttention-3 on
        # H100 and HipKittens on MI355X: 0.82-0.85).
        tie = (logs[1] - logs[0] - np.log(0.85)) * (1 if len(passes) == 1 else 0.01)
        return np.append(misfit(logs), tie)

    fit = least_squares(loss, np.log([0.5, 0.45, 600.0]), loss="soft_l1", f_scale=LOSS_SCALE).x
    share = np.exp(fit)
    out = {"half_length_tokens": round(share[2]), **errors(misfit(fit))}
    out["sources"] = sorted({c["source"] for c in curves})
    if passes & {"forward", "both"}:
        out["forward"] = round(share[0], 3)
    if passes & {"backward", "both"}:
        out["backward"] = round(share[1], 3)
    return out


def fit(points):
    out = {}
    for name in points["devices"]:
        found = compute(points, name) or {}
        factor = grouped(points, name, found)
        if factor:
            found["grouped_gemm"] = factor
        kernels = sorted({c["kernel"] for c in points.get("attention", []) if c["device"] == name})
        if kernels:
            silent = {"memory": PRIORS["memory"][0], "kernel_overhead_s": PRIORS["overhead"][0]}
            base = found if "memory" in found else silent
            found["attention"] = {kernel: attention(points, name, kernel, base) for kernel in kernels}
        if found:
            out[name] = found
    return out


def table(fits):
    yield "device                dtype      e     e_mem overhead  median  p90    bias(m>=1024)  n"
    for name, f in fits.items():
        for dtype, g in f.get("gemm", {}).items():
            a, large = g["all"], g["m>=1024"]
            bias = f"{large['bias']:+.1%}" if large else "-"
            how = "" if f["held_out"] else "  (in sample)"
            yield (f"{name:<21} {dtype:<9} {g['share']:.3f} {f['memory']:.3f} {f['kernel_overhead_s'] * 1e6:5.1f} us"
                   f" {a['median']:7.1%} {a['p90']:6.1%} {bias:>9} {a['n']:10d}{how}")
        for kernel, a in f.get("attention", {}).items():
            yield (f"{name:<21} attention {kernel}: forward {a.get('forward', '-')} backward {a.get('backward', '-')}"
                   f" half {a['half_length_tokens']} tokens, median {a['median']:.1%} p90 {a['p90']:.1%} n {a['n']}")
        if "grouped_gemm" in f:
            yield f"{name:<21} grouped   {f['grouped_gemm']}"


def main():
    arguments = argparse.ArgumentParser(description="Fit device parameters of the compute laws to measured points.")
    arguments.add_argument("points", help="JSON file of measured points; the format stands at the top of this program")
    arguments.add_argument("--output", help="write the fits here as JSON")
    chosen = arguments.parse_args()
    with open(chosen.points, encoding="utf-8") as file:
        fits = fit(json.load(file))
    print("\n".join(table(fits)))
    if chosen.output:
        with open(chosen.output, "w", encoding="utf-8") as file:
            json.dump(fits, file, indent=1)


if __name__ == "__main__":
    main()
