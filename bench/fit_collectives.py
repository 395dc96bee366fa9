#!/usr/bin/python3
"""Fit a link's efficiency and step latency to measured collectives, and say how far the law is off.

    fit_collectives.py MEASUREMENTS.json [--output FITS.json]

MEASUREMENTS.json holds {"series": [...]}, each series one table of one machine:

    {"link": "nvlink4", "wiring": "switched", "bandwidth": 450e9, "kind": "all_reduce", "members": 8,
     "points": [[bytes, seconds], ...], "source": "https://...", "held_out": false}

and for several nodes also "nodes", "inner" (the id of the link inside, fitted from other series of the same file)
and "nic_share" (NICs per rank). "bandwidth" is that of `link`, byte/s, one direction, per rank or per NIC. A mesh
adds "links".

Every second size of a series is held out, and so is every series with "held_out"; errors are given on those alone.
The law is that of sim/laws/collectives/: change both together. Needs numpy and scipy.
"""

import argparse
import json
import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares

EXTRA_STARTUP = 2.0  # exchange.cpp
LARGE = 2**20  # bytes: training messages are rarely smaller


@dataclass
class Series:
    link: str
    bandwidth: float
    kind: str
    members: int
    size: np.ndarray
    time: np.ndarray
    source: str
    wiring: str = "switched"
    links: int = 0
    nodes: int = 1
    inner: str = ""
    nic_share: float = 1.0
    held_out: bool = False
    name: str = ""


def read_series(path):
    with open(path) as file:
        entries = json.load(file)["series"]
    series = []
    for entry in entries:
        points = np.array(entry.pop("points"), dtype=float)
        series.append(Series(size=points[:, 0], time=points[:, 1], **entry))
    return series


def depth(members):
    return math.ceil(math.log2(members))


def steps(kind, members, mesh=False):
    one_way = 1 if mesh else depth(members)
    return 2 * one_way if kind == "all_reduce" else one_way


def share(kind, members):
    """Bytes one rank moves, as a multiple of the payload."""
    others = (members - 1) / members
    return 2 * others if kind == "all_reduce" else others


def duration(start, moving):
    extra = EXTRA_STARTUP * start
    return start + moving + extra * moving / (extra + moving)


def inside(series, latency, rate):
    mesh = series.wiring == "full_mesh"
    seen = min(1.0, (series.members - 1) / series.links) if mesh else 1.0
    moving = share(series.kind, series.members) * series.size / (rate * seen)
    return duration(steps(series.kind, series.members, mesh) * latency, moving)


def across(series, latency, rate, inner):
    per_node = series.members / series.nodes
    moved = share(series.kind, series.members) * series.size / per_node
    if series.kind == "all_reduce" and series.nodes == 2:
        moved = series.size / per_node
    moving = moved / (rate * series.nic_share)
    outer = duration(steps(series.kind, series.nodes) * latency, moving)
    start = steps(series.kind, per_node) * inner["latency"]
    within = duration(start, share(series.kind, series.members) * series.size / inner["rate"])
    return outer + np.maximum(start, within - moving)


def predict(series, parameters, fitted):
    latency, efficiency = parameters
    rate = efficiency * series.bandwidth
    if series.nodes == 1:
        return inside(series, latency, rate)
    return across(series, latency, rate, fitted[series.inner])


def fit(group, fitted, used):
    """Latency and efficiency of least robust log error over the points that `used` selects in each series."""

    def residuals(logs):
        values = np.exp(logs)
        return np.concatenate([np.log(predict(s, values, fitted) / s.time)[used(s)] for s in group])

    return np.exp(least_squares(residuals, np.log([5e-6, 0.75]), loss="soft_l1", f_scale=0.1).x)


def large_even(series):
    return (series.size >= LARGE) & (np.arange(len(series.size)) % 2 == 0)


def held(series, minimum):
    odd = np.ones(len(series.size), bool) if series.held_out else np.arange(len(series.size)) % 2 == 1
    return odd & (series.size >= minimum)


def errors(group, parameters, fitted, minimum):
    parts = [np.abs(predict(s, parameters, fitted) / s.time - 1)[held(s, minimum)] for s in group]
    return np.concatenate(parts)


def describe(label, error):
    if not len(error):
        return ""
    return f"{label} median {100 * np.median(error):4.1f} % p90 {100 * np.quantile(error, 0.9):4.1f} %"


def fit_link(link, group, fitted):
    training = [s for s in group if not s.held_out]
    latency, efficiency = fit(training, fitted, large_even)
    fitted[link] = {"latency": latency, "rate": efficiency * group[0].bandwidth}
    alone = [fit([s], fitted, lambda x: x.size >= LARGE) for s in group if (s.size >= LARGE).sum() > 2]
    for s in group:
        parts = [describe(f">={size}", errors([s], (latency, efficiency), fitted, size)) for size in (0, LARGE)]
        print(f"  {s.name or s.kind:34} n={s.members:<3}", *parts, "(whole series held out)" if s.held_out else "")
    both = [describe(f">={size}", errors(group, (latency, efficiency), fitted, size)) for size in (0, LARGE)]
    print(f"{link}: efficiency {efficiency:.3f} latency {latency * 1e6:.2f} us;", *both, "\n")
    sources = "; ".join(sorted({s.source for s in group}))
    spread = np.array(alone)
    return {"efficiency": {"value": round(efficiency, 3), "low": round(spread[:, 1].min(), 3),
                           "high": round(spread[:, 1].max(), 3), "source": sources},
            "latency": {"value": f"{latency * 1e6:.2g} us", "low": f"{spread[:, 0].min() * 1e6:.2g} us",
                        "high": f"{spread[:, 0].max() * 1e6:.2g} us", "source": sources}}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("measurements")
    parser.add_argument("--output")
    arguments = parser.parse_args()
    series = read_series(arguments.measurements)
    fitted, fits = {}, {}
    for nodes_first in (True, False):  # links inside a node before the networks that rest on them
        for link in dict.fromkeys(s.link for s in series if (s.nodes == 1) == nodes_first):
            fits[link] = fit_link(link, [s for s in series if s.link == link], fitted)
    if arguments.output:
        with open(arguments.output, "w") as file:
            json.dump(fits, file, indent=2)


if __name__ == "__main__":
    main()
