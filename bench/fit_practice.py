#!/usr/bin/env python3
"""Fits what whole runs say of practice: hardware_profiles/practice/published-runs.json.

    /usr/bin/python3 bench/fit_practice.py --program COPY_OF_BINARY [--report] [--write]

Two sets of facts, both through the program itself:
- `validate --searched`: the best published step of each job over the plan found by search. On the vendors' own tables
  (`tuned_tables` of the profile) this is `search_dense` and `search_moe`: what the best plan found promises too much where people tune for months.
- `validate --runs published_runs/whole`: device-hours of whole runs over the best plan's. With the rows of the account
  that have sources of their own taken off,
      y = (typical + growth ln(devices / reference)) [not tuned] + first [first run on a system] + routing [MoE] + idle [billed],
  least squares of logs, no figure below 0, publishers weighed by the square root of their runs, ridge towards the
  priors below. Who ran it is read from a record's words (sim/validation/whole_practice.hpp), never from its hours.
Errors are those with a run's whole publisher left out; `spread` is their width. --write also writes
published_runs/errors/whole_left_out.json.
"""

import argparse
import json
import math
import statistics
import subprocess
from pathlib import Path

import numpy

ROOT = Path(__file__).resolve().parents[1]
PROFILE = ROOT / "hardware_profiles" / "practice" / "published-runs.json"
ERRORS = ROOT / "published_runs" / "errors" / "whole_left_out.json"
RUNS = ROOT / "published_runs" / "whole"

# Middle and strength (in runs) of the priors, on the logarithm: no practice is worse than tuned without evidence; a
# growth of 3 % per factor e, a first run 20 % slower, natural routing 6 % slower (middle of published pairs of one job,
# 0 to 1.26) and a tenth of idle hours are worth half a run each.
NAMES = ["typical", "growth", "first", "routing", "idle"]
PRIORS = numpy.array([0.1, 0.03, 0.2, 0.06, 0.1])
STRENGTH = numpy.array([0.0, 0.5, 0.5, 0.5, 0.5])
FITTED = {"practice", "scale", "routing", "idle"}  # rows that the fit replaces
Z80 = 1.2816


def ask(program, *words):
    run = subprocess.run([program, "validate", *words, "--format", "json"], cwd=ROOT, capture_output=True, check=True)
    return json.loads(run.stdout)


def promised(jobs, kind, vendors):
    """Middle and 10-90 % of ln(best published / found) on the vendors' tables, each project counted once."""
    projects = {}
    for job in jobs:
        if job["class"] == kind and job["project"] in vendors and job["searched_s"]:
            projects.setdefault(job["project"], []).append(math.log(job["published_s"] / job["searched_s"]))
    logs = sorted(x for one in projects.values() for x in one)
    middle = max(0.0, statistics.mean(statistics.median(one) for one in projects.values()))
    ends = numpy.quantile(logs, [0.1, 0.9])
    return middle, max(0.0, min(middle, ends[0])), max(middle, ends[1]), len(logs), len(projects)


def fraction(run):
    """ln of what the rows with sources of their own make of the best plan's hours."""
    return sum(math.log(row["factor"]) for row in run["ledger"] if row["item"] not in FITTED)


def features(run, reference):
    """A tuned run has no row of practice or scale: it informs routing and idle hours alone."""
    usual = float(run["practice"] != "tuned")
    return [usual, usual * math.log(max(1, run["devices"] / reference)), float(run["practice"] == "first"),
            float(run["class"] == "MoE"), float(run["scope"] == "billed")]


def fit(runs, reference):
    count = {}
    for run in runs:
        count[run["project"]] = count.get(run["project"], 0) + 1
    x = numpy.array([features(run, reference) for run in runs])
    y = numpy.array([math.log(run["measured"]["device_hours"] / run["best_plan_device_hours"]) - run["known"] for run in runs])
    weight = numpy.array([1 / math.sqrt(count[run["project"]]) for run in runs])
    normal = x.T @ (weight[:, None] * x) + numpy.diag(STRENGTH)
    figures = not_negative(normal, x.T @ (weight * y) + STRENGTH * PRIORS)
    error = y - x @ figures
    deviation = math.sqrt(numpy.sum(weight * error**2) / numpy.sum(weight))
    return figures, deviation * numpy.sqrt(numpy.diag(numpy.linalg.inv(normal)))


def not_negative(normal, aim):
    """Least squares of normal @ figures = aim without a figure below 0: the lowest is held at 0, the others fitted again."""
    free = list(range(len(aim)))
    solved = numpy.linalg.solve(normal, aim)
    while (solved < 0).any():
        free.pop(int(numpy.argmin(solved)))
        solved = numpy.linalg.solve(normal[numpy.ix_(free, free)], aim[free])
    figures = numpy.zeros(len(aim))
    figures[free] = solved
    return figures


def log_error(run, figures, reference):
    predicted = run["known"] + float(numpy.dot(features(run, reference), figures))
    return predicted - math.log(run["measured"]["device_hours"] / run["best_plan_device_hours"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=str(ROOT / "build" / "bin" / "chipmix"))
    parser.add_argument("--report", action="store_true", help="print every run's error with its publisher left out")
    parser.add_argument("--write", action="store_true", help="write the profile and the errors")
    options = parser.parse_args()

    profile = json.loads(PROFILE.read_text())
    reference = profile["scale_reference"]["value"]
    jobs = ask(options.program, "--searched")["jobs"]
    search = {kind: promised(jobs, kind, profile["tuned_tables"]) for kind in ("dense", "MoE")}
    runs = [run for run in ask(options.program, "--runs", str(RUNS))["runs"] if run["status"] == "ok"]
    shipped = {"dense": math.log(profile["search_dense"]["value"]), "MoE": math.log(profile["search_moe"]["value"])}
    for run in runs:
        run["known"] = fraction(run) - shipped[run["class"]] + search[run["class"]][0]

    figures, width = fit(runs, reference)
    errors = {}
    for project in sorted({run["project"] for run in runs}):
        without = fit([run for run in runs if run["project"] != project], reference)[0]
        for run in runs:
            if run["project"] == project:
                errors[run["id"]] = log_error(run, without, reference)
    left_out = numpy.array(list(errors.values()))
    size = numpy.abs(numpy.exp(left_out) - 1)
    spread = float(numpy.quantile(numpy.abs(left_out), 0.8)) / Z80
    inside = float(numpy.mean(numpy.abs(left_out) <= Z80 * spread))
    print("search", {kind: [round(math.exp(v), 3) for v in s[:3]] + list(s[3:]) for kind, s in search.items()})
    print("figures", dict(zip(NAMES, numpy.round(figures, 3))), "+-", numpy.round(width, 3))
    print(f"publisher left out: median {numpy.median(size):.3f} mean {size.mean():.3f} bias {left_out.mean():+.3f} "
          f"sd {left_out.std():.3f} spread {spread:.3f} inside {inside:.2f} P90/P10 {math.exp(2 * Z80 * spread):.2f}")
    unseen = between_dies(runs, reference)
    print(f"die left out: {unseen:.3f}")
    if options.report:
        for run in sorted(runs, key=lambda one: -abs(errors[one["id"]])):
            print(f"  {run['id']:30s} {run['class']:6s}{run['scope']:9s}{errors[run['id']]:+.2f}")
    if options.write:
        write(profile, search, figures, width, spread, len(runs), errors, runs, reference, unseen)


def between_dies(runs, reference):
    """Root mean square, over the dies, of the mean error of a die's runs with all of them left out of the fit."""
    means = []
    for die in sorted({run["die"] for run in runs}):
        without = fit([run for run in runs if run["die"] != die], reference)[0]
        means.append(statistics.mean(log_error(run, without, reference) for run in runs if run["die"] == die))
        print(f"  without {die}: {means[-1]:+.3f}")
    return math.sqrt(statistics.mean(mean**2 for mean in means))


def write(profile, search, figures, width, spread, count, errors, runs, reference, unseen):
    projects = len({run["project"] for run in runs})
    source = f"fit to {count} published whole runs of {projects} publishers (published_runs/whole), bench/fit_practice.py"
    for kind, key in (("dense", "search_dense"), ("MoE", "search_moe")):
        middle, low, high, jobs, tables = search[kind]
        profile[key] = figure(math.exp(middle), math.exp(low), math.exp(high),
                              f"best published step over the plan found, {jobs} jobs of {tables} tables of vendors (published_runs), bench/fit_practice.py")
    for name, middle, deviation in zip(NAMES, figures, width):
        low, high = max(0.0, middle - Z80 * deviation), middle + Z80 * deviation
        ends = (middle, low, high) if name == "growth" else (math.exp(middle), math.exp(low), math.exp(high))
        profile[name] = figure(*ends, source)
    profile["seen_dies"] = sorted({run["die"] for run in runs})
    profile["spread"] = {"value": round(spread, 3), "grade": "fitted", "source": source + ", each run's publisher left out"}
    dies = len(profile["seen_dies"])
    profile["unseen_die"] = {"value": round(unseen, 3), "grade": "fitted", "source": source + f": mean error of a die's runs with all of them left out, root mean square of {dies} dies"}
    lines = [f'  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}' for key, value in profile.items()]
    PROFILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    rows = {run["id"]: {"shipped": round(log_error(run, figures, reference), 4), "left_out": round(errors[run["id"]], 4)} for run in runs}
    ERRORS.write_text(json.dumps({"runs": dict(sorted(rows.items()))}, indent=1) + "\n")


def figure(value, low, high, source):
    return {"value": round(value, 4), "low": round(low, 4), "high": round(high, 4), "grade": "fitted", "source": source}


if __name__ == "__main__":
    main()
