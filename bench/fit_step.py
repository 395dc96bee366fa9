#!/usr/bin/python3
"""Fits the few parameters of devices, stacks and links that only whole training steps can tell.

    fit_step.py [RUNS] [--program build/bin/chipmix] [--write] [--cross-validate] [--report FILE.md]

RUNS: published runs, a table or a folder of tables as `chipmix validate --cases` reads them (published_runs/). Which parameters are fitted, where each starts
and how far it may wander (width of a normal prior on the logarithm, or on the logit of an overlap) stands in
step_priors.json beside this file. A parameter is of a device, a stack or a link: never of a run or a model.

Loss: Σ over runs ρ((ln predicted − ln measured)/6 %) + Σ over parameters ((θ − θ₀)/width)², ρ(x) = 2(√(1 + x²) − 1),
so that a row far off pulls with constant force. Minimised by Gauss-Newton steps with reweighting and damping. `chipmix validate` is the
only model; its derivatives are taken by differences, all profiles of a kind at once, since a run feels only its own.

--write rewrites value, low and high of the fitted figures in hardware_profiles/ (low and high: 80 % of the posterior).
--cross-validate fits again without each fifth of the runs, and without each source, and prints the errors on those.
Needs numpy. Mixed fleets are left out.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
SCALE = 0.06          # log time error that still counts as noise
NORMAL_80 = 1.2816    # half-width of 80 % of a normal distribution
STEP = 0.02           # of a difference quotient, in the transformed parameter

OVERLAPS = {"tensor_overlap", "gradient_overlap", "parameter_overlap", "pipeline_overlap", "context_overlap",
            "expert_overlap", "fused_tensor_overlap"}
SHARES = {"sustained", "expert_efficiency", "attention_efficiency", "shard_rate", "collective_rate", "network_rate", "efficiency", "grouped_gemm",
          "attention_forward", "attention_backward", "memory"}


def number_and_unit(text):
    if isinstance(text, (int, float)):
        return float(text), ""
    number, unit = text.split()
    return float(number), unit


class Profiles:
    """The texts of hardware_profiles/, with figures that can be read and replaced in place."""

    def __init__(self, folder):
        self.folder = folder
        self.texts = {}

    def text(self, profile):
        if profile not in self.texts:
            self.texts[profile] = (self.folder / f"{profile}.json").read_text(encoding="utf-8")
        return self.texts[profile]

    @staticmethod
    def figure(name):
        indent = r"\n    " if name == "memory" else ""   # the share reached, not the capacity
        return re.compile(r'(%s"%s": \{)([^{}]*)(\})' % (indent, re.escape(name)))

    def value(self, profile, name):
        match = self.figure(name).search(self.text(profile))
        return number_and_unit(json.loads("{" + match[2] + "}")["value"]) if match else None

    def replace(self, profile, name, value, unit, interval=None, source=None):
        def written(number):
            shown = f"{number:.4g}"
            return f'"{shown} {unit}"' if unit else shown

        def rewrite(match):
            figure = json.loads("{" + match[2] + "}")
            parts = [f'"value": {written(value)}']
            if interval:
                parts += [f'"low": {written(min(interval[0], value))}', f'"high": {written(max(interval[1], value))}']
            figure["source"] = source or figure.get("source")
            if source:
                figure["grade"] = "fitted"
            parts += [f'"{k}": {json.dumps(figure[k], ensure_ascii=False)}' for k in ("grade", "source", "note") if k in figure]
            return match[1] + ", ".join(parts) + match[3]
        self.texts[profile] = self.figure(name).sub(rewrite, self.text(profile), count=1)


class Parameter:
    def __init__(self, profile, name, start, unit, width):
        self.profile, self.name, self.unit, self.width = profile, name, unit, width
        self.kind = (profile.split("/")[0], name)
        self.start = self.inward(start)

    def inward(self, value):
        if self.name in OVERLAPS:
            value = min(max(value, 0.02), 0.98)
            return np.log(value / (1 - value))
        return np.log(value)

    def outward(self, theta):
        if self.name in OVERLAPS:
            return 1 / (1 + np.exp(-theta))
        value = np.exp(theta)
        return min(value, 1.0) if self.name in SHARES else value


class Model:
    """`chipmix validate` over the runs, as a function of the parameters."""

    def __init__(self, runs_file, program, parameters):
        self.runs_file, self.program, self.parameters = runs_file, program, parameters
        self.scratch = Path(tempfile.mkdtemp(prefix="fit-step-"))
        shutil.copytree(ROOT / "hardware_profiles", self.scratch / "hardware_profiles")
        self.profiles = Profiles(ROOT / "hardware_profiles")
        self.calls = 0

    def close(self):
        shutil.rmtree(self.scratch)

    def __call__(self, theta):
        changed = Profiles(ROOT / "hardware_profiles")
        for parameter, value in zip(self.parameters, theta):
            changed.replace(parameter.profile, parameter.name, parameter.outward(value), parameter.unit)
        for profile, text in changed.texts.items():
            (self.scratch / "hardware_profiles" / f"{profile}.json").write_text(text, encoding="utf-8")
        self.calls += 1
        answer = subprocess.run([self.program, "validate", "--cases", self.runs_file, "--no-intervals", "--format", "json"],
                                env={**os.environ, "CHIPMIX_DATA": str(self.scratch)}, cwd=self.scratch, capture_output=True)
        if answer.returncode:
            raise RuntimeError(answer.stderr.decode())
        return json.loads(answer.stdout)["cases"]


class Fit:
    def __init__(self, model, runs):
        self.model = model
        cases = model([p.start for p in model.parameters])
        self.rows = [i for i, (run, case) in enumerate(zip(runs, cases)) if usable(run, case)]
        self.measured = np.log([runs[i]["measured"]["iteration_s"] for i in self.rows])
        self.uses = [set(cases[i]["profiles"]) for i in self.rows]
        self.orders = [[p for p in cases[i]["profiles"] if p.startswith("links/")] for i in self.rows]
        self.runs = [runs[i] for i in self.rows]
        self.start = np.array([p.start for p in model.parameters])
        self.width = np.array([p.width for p in model.parameters])

    def errors(self, theta):
        cases = self.model(theta)
        return np.log([cases[i]["predicted"]["iteration_s"] for i in self.rows]) - self.measured

    def jacobian(self, theta, errors):
        jacobian = np.zeros((len(self.rows), len(theta)))
        kinds = defaultdict(list)
        for k, parameter in enumerate(self.model.parameters):
            kinds[parameter.kind].append(k)
        for members in kinds.values():
            for group in self.apart(members):
                moved = theta.copy()
                moved[group] += STEP
                slope = (self.errors(moved) - errors) / STEP
                for k in group:
                    felt = [self.model.parameters[k].profile in used for used in self.uses]
                    jacobian[felt, k] = slope[felt]
        return jacobian

    def apart(self, members):
        """Parameters of one kind in groups of which a run feels one at most: links inside nodes, links between them."""
        outer = {profile for order in self.orders for profile in order[1:]}
        is_outer = [self.model.parameters[k].profile in outer for k in members]
        groups = [[k for k, o in zip(members, is_outer) if o == side] for side in (False, True)]
        return [group for group in groups if group]

    def loss(self, errors, theta, mask):
        scaled = errors[mask] / SCALE
        return np.sum(2 * (np.sqrt(1 + scaled ** 2) - 1)) + np.sum(((theta - self.start) / self.width) ** 2)

    def run(self, mask=None, theta=None, rounds=12):
        mask = np.ones(len(self.rows), bool) if mask is None else mask
        theta = self.start.copy() if theta is None else theta.copy()
        kept = set().union(*[used for used, keep in zip(self.uses, mask) if keep])
        unfelt = [k for k, parameter in enumerate(self.model.parameters) if parameter.profile not in kept]
        theta[unfelt] = self.start[unfelt]
        errors = self.errors(theta)
        loss = self.loss(errors, theta, mask)
        hessian = np.diag(self.width ** -2.0)
        for _ in range(rounds):
            jacobian = self.jacobian(theta, errors)[mask]
            weight = 1 / np.sqrt(1 + (errors[mask] / SCALE) ** 2) / SCALE ** 2
            hessian = jacobian.T @ (weight[:, None] * jacobian) + np.diag(self.width ** -2.0)
            gradient = jacobian.T @ (weight * errors[mask]) + (theta - self.start) / self.width ** 2
            for damping in (0, 0.3, 3, 30):   # Levenberg and Marquardt: shorter steps where the slopes deceive
                move = -np.linalg.solve(hessian + damping * np.diag(np.diag(hessian)), gradient)
                tried = theta + np.clip(move, -0.7, 0.7)
                new_errors = self.errors(tried)
                new_loss = self.loss(new_errors, tried, mask)
                if new_loss < loss:
                    break
            else:
                break
            gain = loss - new_loss
            theta, errors, loss = tried, new_errors, new_loss
            if gain < 0.02:
                break
        return theta, errors, np.linalg.inv(hessian)


def usable(run, case):
    timed = run["tier"] in ("full", "fill", "lora") and run["measured"].get("iteration_s")
    return bool(timed and case["predicted"] and run["cluster"]["device"] != "mixed")


def summary(errors):
    size = np.abs(np.expm1(errors))
    return f"n {len(size):4}  median {100 * np.median(size):5.1f}  mean {100 * size.mean():5.1f}  bias {100 * np.expm1(errors).mean():+6.1f}  p90 {100 * np.quantile(size, 0.9):5.1f}"


def by_source(fit, errors):
    groups = defaultdict(list)
    for run, error in zip(fit.runs, errors):
        groups[(run["source"]["title"][:44], run["cluster"]["device"], run["plan"].get("stack"))].append(error)
    for key, list_ in sorted(groups.items(), key=lambda item: -np.mean(np.abs(item[1]))):
        print(f"  {key[0]:44} {key[1]:22} {str(key[2]):20} {summary(np.array(list_))}")


def cross_validate(fit, theta, sources_too=True):
    count = len(fit.rows)
    order = np.random.default_rng(7).permutation(count)
    held = np.zeros(count)
    for fold in range(5):
        out = np.isin(np.arange(count), order[fold::5])
        _, errors, _ = fit.run(~out, theta, rounds=2)
        held[out] = errors[out]
    print("five-fold            ", summary(held))
    if not sources_too:
        return held, None
    left = np.zeros(count)
    titles = [run["source"]["title"] for run in fit.runs]
    for title in sorted(set(titles)):
        out = np.array([t == title for t in titles])
        _, errors, _ = fit.run(~out, theta, rounds=2)
        left[out] = errors[out]
    print("a source left out    ", summary(left))
    by_source(fit, left)
    return held, left


def write(fit, theta, covariance):
    profiles = Profiles(ROOT / "hardware_profiles")
    for k, parameter in enumerate(fit.model.parameters):
        spread = NORMAL_80 * np.sqrt(covariance[k, k])
        interval = parameter.outward(theta[k] - spread), parameter.outward(theta[k] + spread)
        rows = sum(parameter.profile in used for used in fit.uses)
        profiles.replace(parameter.profile, parameter.name, parameter.outward(theta[k]), parameter.unit, interval,
                         f"fitted over {rows} published training runs (docs/accuracy.md, bench/fit_step.py)")
    for profile, text in profiles.texts.items():
        (ROOT / "hardware_profiles" / f"{profile}.json").write_text(text, encoding="utf-8")


def write_residuals(fit, held, left):
    """The stacks' residuals: 80 % of held-out runs, nine parts five-fold and one part with the source left out, drawn
    towards 25 % (runs of stacks that were left out) as one run would."""
    profiles = Profiles(ROOT / "hardware_profiles")
    stacks = sorted({p for used in fit.uses for p in used if p.startswith("stacks/")})
    for stack in stacks:
        rows = np.array([stack in used for used in fit.uses])
        spread = 0.9 * np.quantile(np.abs(held[rows]), 0.8) + 0.1 * np.quantile(np.abs(left[rows]), 0.8)
        count = rows.sum()
        spread = (count * spread + 0.25) / (count + 1)
        source = (f"bench/fit_step.py: measured over predicted, 80 % of {count} published training runs, each predicted "
                  f"without it (docs/accuracy.md)")
        profiles.replace(stack, "residual", 1, "", (np.exp(-spread), np.exp(spread)), source)
        print(f"{stack:32} residual {np.exp(-spread):.3f} to {np.exp(spread):.3f} over {count} runs")
    for profile, text in profiles.texts.items():
        (ROOT / "hardware_profiles" / f"{profile}.json").write_text(text, encoding="utf-8")


def read_parameters(runs, program, runs_file):
    """The parameters of step_priors.json whose profile at least one run uses."""
    priors = json.loads((Path(__file__).parent / "step_priors.json").read_text(encoding="utf-8"))
    answer = subprocess.run([program, "validate", "--cases", runs_file, "--no-intervals", "--format", "json"], check=True,
                            capture_output=True)
    cases = json.loads(answer.stdout)["cases"]
    used = set().union(*[set(case["profiles"]) for run, case in zip(runs, cases) if usable(run, case)])
    return [Parameter(profile, name, *number_and_unit(prior[0]), prior[1])
            for profile, figures in priors.items() if profile in used for name, prior in figures.items()]


def read_runs(path):
    """The records of one table, or of all tables of a folder in the order `chipmix validate` reads them."""
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    return [run for file in files for run in json.loads(file.read_text(encoding="utf-8"))]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="?", default=str(ROOT / "published_runs"), type=lambda path: str(Path(path).resolve()))
    parser.add_argument("--program", default=str(ROOT / "build/bin/chipmix"), type=lambda path: str(Path(path).resolve()))
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--cross-validate", action="store_true")
    parser.add_argument("--five-fold", action="store_true")
    parser.add_argument("--held-out", metavar="FILE", help="write the held-out log errors, by run, as JSON")
    options = parser.parse_args()
    runs = read_runs(Path(options.runs))
    parameters = read_parameters(runs, options.program, options.runs)
    model = Model(options.runs, options.program, parameters)
    fit = Fit(model, runs)
    theta, errors, covariance = fit.run()
    print(f"{len(parameters)} parameters, {len(fit.rows)} runs, {model.calls} evaluations")
    print("in sample            ", summary(errors))
    by_source(fit, errors)
    for k, p in enumerate(parameters):
        print(f"{p.profile:32} {p.name:22} {p.outward(p.start):10.4g} -> {p.outward(theta[k]):10.4g} {p.unit:5} "
              f"({(theta[k] - p.start) / p.width:+.1f} widths, sd {np.sqrt(covariance[k, k]):.2f})")
    if options.cross_validate or options.five_fold:
        held, left = cross_validate(fit, theta, options.cross_validate)
        if options.held_out:
            rows = {run["id"]: [float(h), float(l) if left is not None else None]
                    for run, h, l in zip(fit.runs, held, held if left is None else left)}
            Path(options.held_out).write_text(json.dumps(rows), encoding="utf-8")
    if options.write:
        write(fit, theta, covariance)
        if options.cross_validate:
            write_residuals(fit, held, left)
    model.close()


if __name__ == "__main__":
    sys.exit(main())
