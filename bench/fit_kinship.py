#!/usr/bin/env python3
"""Fits what the errors of predicted steps have in common: `kinship` of hardware_profiles/practice/published-runs.json.

    /usr/bin/python3 bench/fit_kinship.py [--program build/bin/chipmix] [--write]

The errors are r = ln(measured / predicted) of published runs with their whole project left out of the fit of the steps
(published_runs/errors/left_out.json), over the deviation s that the program's own interval gives each. The parts of
their variance that runs of one publisher share are fitted by greatest likelihood, r ~ N(0, S C S), with C as
sim/practice/kinship.hpp has it; the length of `work` is chosen on a grid. Errors beyond 2 s count as 2 s. Shares are
normed to 1: how wide intervals are is fitted elsewhere.

Again without each project: published_runs/errors/kinship_left_out.json, with which `chipmix validate --anchor` judges
the project's own runs.
"""

import argparse
import json
import math
import subprocess
from pathlib import Path

import numpy
from scipy.optimize import minimize

ROOT = Path(__file__).resolve().parents[1]
PROFILE = ROOT / "hardware_profiles" / "practice" / "published-runs.json"
LEFT_OUT = ROOT / "published_runs" / "errors" / "kinship_left_out.json"
PARTS = ["team", "stack", "device", "network", "work", "run"]
LENGTHS = [0.1, 0.15, 0.2, 0.25, 0.3, 0.4]
FURTHEST_OFF = 2  # deviations, as sim/practice/kinship.hpp
Z80 = 1.2816


def runs_of(program):
    text = subprocess.run([program, "validate", "--format", "json"], cwd=ROOT, capture_output=True, check=True).stdout
    kept = []
    for case in json.loads(text)["cases"]:
        error = (case["held_out_log_error"] or {}).get("left_out")
        predicted = case["predicted"]
        if error is None or case["class"] == "LoRA" or not predicted["iteration_s"] or not case["measured"]["iteration_s"]:
            continue
        profiles = {}
        for profile in case["profiles"]:
            kind, name = profile.split("/", 1)
            profiles[kind] = name  # the last link is the one between servers
        deviation = math.log(predicted["iteration_s_p90"] / predicted["iteration_s_p10"]) / 2 / Z80
        kept.append({"project": case["project"], "stack": profiles["stacks"], "device": case["device"], "network": profiles["links"],
                     "accounts": case["accounts"], "error": -error, "deviation": deviation})
    return kept


class Fit:
    def __init__(self, runs):
        self.project = numpy.array([run["project"] for run in runs])
        self.deviation = numpy.array([run["deviation"] for run in runs])
        error = numpy.array([run["error"] for run in runs]) / self.deviation
        self.error = numpy.clip(error, -FURTHEST_OFF, FURTHEST_OFF)
        names = sorted({name for run in runs for name in run["accounts"]})
        roots = numpy.sqrt(numpy.array([[run["accounts"].get(name, 0) for name in names] for run in runs]))
        self.unlike = ((roots[:, None, :] - roots[None]) ** 2).sum(axis=2)
        same = lambda *keys: self.same([tuple(run[key] for key in ("project", *keys)) for run in runs])
        self.here = same("stack", "device")
        self.fixed = {"team": same(), "stack": same("stack"), "device": self.here, "network": same("network"),
                      "run": numpy.eye(len(runs))}

    @staticmethod
    def same(keys):
        number = {key: i for i, key in enumerate(dict.fromkeys(keys))}
        each = numpy.array([number[key] for key in keys])
        return (each[:, None] == each[None, :]).astype(float)

    def blocks(self, rows, length):
        """Runs of different projects share nothing: each project's matrices apart."""
        work = self.here * numpy.exp(-self.unlike / (2 * length**2))
        for project in dict.fromkeys(self.project[rows]):
            own = rows[self.project[rows] == project]
            pick = numpy.ix_(own, own)
            yield [work[pick] if part == "work" else self.fixed[part][pick] for part in PARTS], self.error[own]

    def likeliest(self, rows, length, start):
        blocks = list(self.blocks(rows, length))

        def unlikely(logs):
            value, slope = 0.0, numpy.zeros(len(PARTS))
            weight = numpy.exp(logs)
            for parts, error in blocks:
                factor = numpy.linalg.cholesky(sum(w * part for w, part in zip(weight, parts)))
                inverse = numpy.linalg.inv(factor)
                inverse = inverse.T @ inverse
                scaled = inverse @ error
                value += numpy.log(numpy.diag(factor)).sum() + 0.5 * error @ scaled
                slope += [0.5 * w * ((inverse * part).sum() - scaled @ part @ scaled) for w, part in zip(weight, parts)]
            return value, slope

        found = minimize(unlikely, start, jac=True, method="L-BFGS-B", bounds=[(-9, 3)] * len(PARTS))
        return found.fun, found.x

    def fitted(self, rows, lengths, start):
        best = min((self.likeliest(rows, length, start) + (length,) for length in lengths), key=lambda one: one[0])
        weight = numpy.exp(best[1])
        shares = numpy.floor(1e4 * weight / weight.sum()) / 1e4
        shares[-1] = 1 - shares[:-1].sum()
        return {**{part: round(float(share), 4) for part, share in zip(PARTS, shares)}, "work_length": best[2]}, weight.sum(), best


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=str(ROOT / "build" / "bin" / "chipmix"))
    parser.add_argument("--write", action="store_true", help="write the profile and the fits without each project")
    options = parser.parse_args()
    runs = runs_of(options.program)
    fit = Fit(runs)
    rows = numpy.arange(len(runs))
    shares, total, best = fit.fitted(rows, LENGTHS, numpy.log(numpy.full(len(PARTS), 0.2)))
    print(f"{len(runs)} runs: {shares}, of {total:.3f} of the intervals' variance")
    without = {}
    for project in sorted(set(fit.project)):
        without[project], part, _ = fit.fitted(rows[fit.project != project], LENGTHS, best[1])
        print(f"  without {project}: {without[project]}, {part:.3f}")
    if options.write:
        write(shares, without, len(runs))


def write(shares, without, count):
    source = (f"fit to the errors of {count} published runs of {len(without)} publishers, each publisher left out of the fit "
              "of the steps, bench/fit_kinship.py")
    profile = json.loads(PROFILE.read_text())
    profile["kinship"] = {name: {"value": value, "grade": "fitted", "source": source} for name, value in shares.items()}
    lines = [f'  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}' for key, value in profile.items()]
    PROFILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    rows = ",\n".join(f"  {json.dumps(project)}: {json.dumps(one)}" for project, one in without.items())
    note = "kinship of hardware_profiles/practice without any run of a project (bench/fit_kinship.py)"
    LEFT_OUT.write_text(f'{{\n "note": {json.dumps(note)},\n "projects": {{\n{rows}\n }}\n}}\n')


if __name__ == "__main__":
    main()
