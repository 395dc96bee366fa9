#!/usr/bin/python3
"""Fits the few parameters of dies, stacks, links and hosts that only whole training steps can tell.

    fit_step.py [RUNS] [--program build/bin/chipmix] [--write] [--report]

RUNS: published runs, a table or a folder of tables as `chipmix validate --cases` reads them (published_runs/). Which parameters are fitted, where each starts
and how far it may wander (width of a normal prior on the logarithm, or on the logit of an overlap) stands in
step_priors.json beside this file. A parameter is of a die, a stack, a link or a server: never of a run or a model. Devices of one die share theirs.

Runs of one publisher share an error: their machine, their release, their way of reading a clock. So the errors r of a project's n runs have the covariance
    w^2 I + t^2 11'     w = 6 % within a project, t = 10 % between projects
and many rows of one table weigh little more than one table. Loss: r' C^-1 r over projects + sum over parameters ((theta - theta0)/width)^2. Rows far off
pull less (weights 1/sqrt(1 + (r/w)^2)). Minimised by Gauss-Newton steps with damping. `chipmix validate` is the
only model; its derivatives are taken by differences, all profiles of a kind at once, since a run feels only its own.

The errors that count are those with a whole project left out: from the fit of all runs one more Gauss-Newton step is made without the project, with the
slopes at that point, and its runs are predicted. --write rewrites the fitted figures in hardware_profiles/ (low and high: 80 % of the posterior), leaves
a figure alone that no run informs, and writes published_runs/errors/left_out.json. Needs numpy. Mixed fleets are left out.
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

from step_profiles import Parameter, Profiles, number_and_unit

ROOT = Path(__file__).resolve().parents[1]
WITHIN = 0.06         # spread of log time errors within a project
BETWEEN = 0.10        # and between projects
COMMON = 0.5          # share of a prior's variance that figures of one of these names have in common
ALIKE = {"expert_efficiency", "attention_efficiency", "jitter", "grouped_gemm", "sustained"}
SPREAD = 0.05         # between publishers, where none was seen on a die: as sim/uncertainty/sensitivity.cpp
ABSORBED = 0.6        # of what publishers on a die lie apart, the part that counts beside the other parts of an interval
INFORMED = 0.75       # posterior over prior standard deviation above which no run has told anything of a parameter
NORMAL_80 = 1.2816    # half-width of 80 % of a normal distribution
STEP = 0.02           # of a difference quotient, in the transformed parameter


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
            for profile in parameter.profiles:
                changed.replace(profile, parameter.name, parameter.outward(value, profile), parameter.unit)
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
        self.projects = np.array([run["project"] for run in self.runs])
        self.dies = np.array([cases[i]["die"] for i in self.rows])
        self.devices = [cases[i]["device"] for i in self.rows]
        self.start = np.array([p.start for p in model.parameters])
        self.width = np.array([p.width for p in model.parameters])
        self.prior = np.linalg.inv(self.prior_covariance())

    def prior_covariance(self):
        """Figures of one name and kind are drawn to a common mean: half of what may be wrong with one is wrong with all."""
        kinds = [parameter.kind for parameter in self.model.parameters]
        alike = np.array([[one == other and one[1] in ALIKE for other in kinds] for one in kinds])
        spread = np.outer(self.width, self.width)
        return np.where(np.eye(len(kinds), dtype=bool), spread, np.where(alike, COMMON * spread, 0))

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
                    felt = [self.model.parameters[k].felt_by(used) for used in self.uses]
                    jacobian[felt, k] = slope[felt]
        return jacobian

    def apart(self, members):
        """Parameters of one kind in groups of which a run feels one at most: links inside nodes, links between them."""
        outer = {profile for order in self.orders for profile in order[1:]}
        is_outer = [self.model.parameters[k].profile in outer for k in members]
        groups = [[k for k, o in zip(members, is_outer) if o == side] for side in (False, True)]
        return [group for group in groups if group]

    def precision(self, errors, mask):
        """C^-1 with the weights of rows far off."""
        weight = 1 / np.sqrt(1 + (errors / WITHIN) ** 2) / WITHIN ** 2
        inverse = np.zeros((len(errors), len(errors)))
        for project in sorted(set(self.projects)):
            rows = np.flatnonzero(mask & (self.projects == project))
            if not len(rows):
                continue
            d = weight[rows]
            inverse[np.ix_(rows, rows)] = np.diag(d) - np.outer(d, d) * BETWEEN ** 2 / (1 + BETWEEN ** 2 * d.sum())
        return inverse

    def loss(self, errors, theta, inverse):
        return errors @ inverse @ errors + (theta - self.start) @ self.prior @ (theta - self.start)

    def step(self, theta, errors, jacobian, inverse):
        hessian = jacobian.T @ inverse @ jacobian + self.prior
        gradient = jacobian.T @ inverse @ errors + self.prior @ (theta - self.start)
        return hessian, gradient

    def run(self, rounds=12):
        mask = np.ones(len(self.rows), bool)
        theta = self.start.copy()
        errors = self.errors(theta)
        for _ in range(rounds):
            jacobian = self.jacobian(theta, errors)
            inverse = self.precision(errors, mask)
            loss = self.loss(errors, theta, inverse)
            hessian, gradient = self.step(theta, errors, jacobian, inverse)
            for damping in (0, 0.3, 3, 30):   # Levenberg and Marquardt: shorter steps where the slopes deceive
                move = -np.linalg.solve(hessian + damping * np.diag(np.diag(hessian)), gradient)
                tried = theta + np.clip(move, -0.7, 0.7)
                new_errors = self.errors(tried)
                new_loss = self.loss(new_errors, tried, inverse)
                if new_loss < loss:
                    break
            else:
                break
            theta, errors = tried, new_errors
            if loss - new_loss < 0.02 * max(1, len(self.rows) / 400):
                break
        self.slopes = self.jacobian(theta, errors)
        hessian, _ = self.step(theta, errors, self.slopes, self.precision(errors, mask))
        return theta, errors, np.linalg.inv(hessian)

    def without(self, out, theta, errors):
        """Errors of the rows left out, after the steps that the others alone would make from here."""
        moved, expected = theta.copy(), errors.copy()
        for _ in range(3):
            inverse = self.precision(expected, ~out)
            hessian, gradient = self.step(moved, expected, self.slopes, inverse)
            move = np.clip(-np.linalg.solve(hessian, gradient), -0.7, 0.7)
            moved = moved + move
            expected = expected + self.slopes @ move
        return self.errors(moved)[out]


def usable(run, case):
    timed = run["tier"] in ("full", "fill", "lora") and run["measured"].get("iteration_s")
    return bool(timed and case["predicted"] and run["cluster"]["device"] != "mixed")


def summary(errors):
    size = np.abs(np.expm1(errors))
    return f"n {len(size):4}  median {100 * np.median(size):5.1f}  mean {100 * size.mean():5.1f}  bias {100 * np.expm1(errors).mean():+6.1f}  p90 {100 * np.quantile(size, 0.9):5.1f}"


def cross_validate(fit, theta, errors):
    count = len(fit.rows)
    order = np.random.default_rng(7).permutation(count)
    folds, left = np.zeros(count), np.zeros(count)
    for fold in range(5):
        out = np.isin(np.arange(count), order[fold::5])
        folds[out] = fit.without(out, theta, errors)
    for project in sorted(set(fit.projects)):
        out = fit.projects == project
        left[out] = fit.without(out, theta, errors)
    return folds, left


def print_errors(title, fit, errors, by_project=False):
    kinds = {"all": np.array([run["tier"] != "lora" for run in fit.runs])}
    moe = np.array([bool(run["model"].get("moe")) for run in fit.runs])
    kinds |= {"MoE": kinds["all"] & moe, "dense": kinds["all"] & ~moe, "LoRA": ~kinds["all"]}
    for kind, rows in kinds.items():
        if rows.any():
            print(f"{title:22} {kind:6} {summary(errors[rows])}")
    if by_project:
        for project in sorted(set(fit.projects), key=lambda p: -np.mean(np.abs(errors[fit.projects == p]))):
            print(f"    {project[:44]:44} {summary(errors[fit.projects == project])}")


def write(fit, theta, covariance):
    """Fitted figures, with the range of the posterior; a figure that no run informs keeps the value it starts from."""
    profiles = Profiles(ROOT / "hardware_profiles")
    for k, parameter in enumerate(fit.model.parameters):
        spread = np.sqrt(covariance[k, k])
        rows = [i for i, used in enumerate(fit.uses) if parameter.felt_by(used)]
        projects = len(set(fit.projects[rows]))
        fitted = spread / parameter.width < INFORMED
        source = (f"fitted over {len(rows)} published training runs of {projects} publishers (docs/accuracy.md, bench/fit_step.py)"
                  if fitted else "drawn to others of its kind (bench/step_priors.json); no published run of its own informs it")
        for profile in parameter.profiles:
            low, value, high = (parameter.outward(theta[k] + side * NORMAL_80 * spread, profile) for side in (-1, 0, 1))
            profiles.replace(profile, parameter.name, value, parameter.unit, (low, high), source, "fitted" if fitted else "assumed")
    for profile, text in profiles.texts.items():
        (ROOT / "hardware_profiles" / f"{profile}.json").write_text(text, encoding="utf-8")


def write_evidence(fit, folds):
    """Of each stack: how far runs of one publisher lie from one another (80 % of five-fold errors less their publisher's median, drawn to that of all
    runs), and how many publishers were seen on which die."""
    profiles = Profiles(ROOT / "hardware_profiles")
    folds = folds - np.array([np.median(folds[fit.projects == project]) for project in fit.projects])
    usual = np.quantile(np.abs(folds), 0.8)
    for path in sorted((ROOT / "hardware_profiles/stacks").glob("*.json")):
        stack = f"stacks/{path.stem}"
        rows = [i for i, used in enumerate(fit.uses) if stack in used]
        spread = (sum(np.sort(np.abs(folds[rows]))[int(0.8 * len(rows)):][:1]) * len(rows) + 10 * usual) / (len(rows) + 10)
        source = f"bench/fit_step.py: 80 % of five-fold errors of {len(rows)} published runs around their publisher's, drawn to that of all"
        profiles.replace(stack, "residual", 1, "", (np.exp(-spread), np.exp(spread)), source, "fitted" if rows else "assumed")
        seen = defaultdict(lambda: {"dense": set(), "moe": set()})
        for i in rows:
            seen[fit.dies[i]]["moe" if fit.runs[i]["model"].get("moe") else "dense"].add(fit.projects[i])
        counts = {die: {kind: len(found) for kind, found in kinds.items() if found} for die, kinds in sorted(seen.items())}
        text = re.sub(r',\n  "seen": \{.*\}(?=\n\})', "", profiles.text(stack).rstrip()).rstrip()
        profiles.texts[stack] = text[:-1].rstrip() + (f',\n  "seen": {json.dumps(counts)}' if counts else "") + "\n}\n"
    for profile, text in profiles.texts.items():
        (ROOT / "hardware_profiles" / f"{profile}.json").write_text(text, encoding="utf-8")


def write_publisher_spread(fit, left):
    """Of each die: how far dense runs of publishers that the fit never saw lie off. Median size of their median errors, over 0.6745 as for a normal
    distribution, of n publishers drawn to SPREAD as if two more had shown it, times ABSORBED: what the other parts of an interval cover is not counted twice.
    Its variance is shared between slower and faster as publishers are, as if one more had been seen on each side."""
    profiles = Profiles(ROOT / "hardware_profiles")
    known = json.loads((Path(__file__).parent / "step_priors.json").read_text(encoding="utf-8"))["dies"].values()
    dense = np.array([not run["model"].get("moe") and run["tier"] != "lora" for run in fit.runs])
    for die in sorted(set(fit.dies)):
        rows = dense & (fit.dies == die)
        medians = np.array([np.median(left[rows & (fit.projects == project)]) for project in sorted(set(fit.projects[rows]))])
        count = len(medians)
        seen = np.median(np.abs(medians)) / 0.6745 if count else 0
        spread = ABSORBED * np.sqrt((count * seen**2 + 2 * SPREAD**2) / (count + 2))
        slower = (np.count_nonzero(medians < 0) + 1) / (count + 2)
        high, low = (round(float(spread * np.sqrt(2 * share)), 4) for share in (slower, 1 - slower))
        here = {fit.devices[i] for i in np.flatnonzero(fit.dies == die)}
        alike = here.union(*[group["devices"] for group in known if here & set(group["devices"])])
        figure = {"value": 0, "low": -low, "high": high, "grade": "fitted" if count else "assumed",
                  "source": f"bench/fit_step.py: errors of {count} publishers of dense runs on {die}, each left out of the fit"}
        for device in sorted(alike):
            profile = f"devices/{device}"
            text = re.sub(r'\n  "publisher_spread": \{.*\},(?=\n)', "", profiles.text(profile))
            profiles.texts[profile] = re.sub(r'\n  "node":', f'\n  "publisher_spread": {json.dumps(figure)},\n  "node":', text, count=1)
    for profile, text in profiles.texts.items():
        (ROOT / "hardware_profiles" / f"{profile}.json").write_text(text, encoding="utf-8")


def write_errors(fit, errors, folds, left):
    rows = {run["id"]: {"shipped": round(float(e), 4), "five_fold": round(float(f), 4), "left_out": round(float(l), 4)}
            for run, e, f, l in zip(fit.runs, errors, folds, left)}
    path = ROOT / "published_runs/errors/left_out.json"
    path.parent.mkdir(exist_ok=True)
    lines = ",\n".join(f"    {json.dumps(name)}: {json.dumps(row)}" for name, row in sorted(rows.items()))
    path.write_text('{\n  "note": "ln(predicted/measured) of each published run: as shipped, without a fifth of the runs in the fit, '
                    'and without its whole project (bench/fit_step.py)",\n  "runs": {\n' + lines + "\n  }\n}\n", encoding="utf-8")


def read_parameters(runs, program, runs_file):
    """The parameters of step_priors.json that at least one run feels."""
    priors = json.loads((Path(__file__).parent / "step_priors.json").read_text(encoding="utf-8"))
    answer = subprocess.run([program, "validate", "--cases", runs_file, "--no-intervals", "--format", "json"], check=True,
                            capture_output=True, cwd=ROOT)
    cases = json.loads(answer.stdout)["cases"]
    used = set().union(*[set(case["profiles"]) for run, case in zip(runs, cases) if usable(run, case)])
    groups = [([f"devices/{d}" for d in die["devices"]], die["figures"], die.get("power", {})) for die in priors["dies"].values()]
    groups += [([f"devices/{d}"], figures, {}) for d, figures in priors["devices"].items()]
    groups += [([f"stacks/{s}"], priors["stacks"]["*"] | own, {}) for s, own in priors["stacks"].items() if s != "*"]
    groups += [([f"{kind}/{name}" for name in names.split("+")], figures, {}) for kind in ("links", "nodes") for names, figures in priors[kind].items()]
    return [Parameter(profiles, name, *number_and_unit(prior[0]), prior[1], clocks(power) if name == "sustained" else {})
            for profiles, figures, power in groups if used & set(profiles) for name, prior in figures.items()]


def clocks(power):
    """A die held at its power limit: power grows as the cube of the clock (voltage follows it), so f ~ P^(1/3), here over the geometric mean."""
    mean = np.exp(np.mean(np.log(list(power.values())))) if power else 1
    return {f"devices/{device}": (watts / mean) ** (1 / 3) for device, watts in power.items()}


def read_runs(path):
    """The records of one table, or of all tables of a folder in the order `chipmix validate` reads them."""
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    return [run for file in files for run in json.loads(file.read_text(encoding="utf-8"))]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="?", default=str(ROOT / "published_runs"), type=lambda path: str(Path(path).resolve()))
    parser.add_argument("--program", default=str(ROOT / "build/bin/chipmix"), type=lambda path: str(Path(path).resolve()))
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--report", action="store_true", help="print every parameter and the errors by project")
    options = parser.parse_args()
    runs = read_runs(Path(options.runs))
    parameters = read_parameters(runs, options.program, options.runs)
    model = Model(options.runs, options.program, parameters)
    fit = Fit(model, runs)
    print_errors("at the priors", fit, fit.errors(fit.start))
    theta, errors, covariance = fit.run()
    print(f"{len(parameters)} parameters, {len(fit.rows)} runs, {model.calls} evaluations")
    folds, left = cross_validate(fit, theta, errors)
    print_errors("fitted", fit, errors)
    print_errors("five-fold", fit, folds)
    print_errors("a project left out", fit, left, options.report)
    if options.report:
        for k, p in enumerate(parameters):
            print(f"{p.profile:32} {p.name:22} {p.outward(p.start):10.4g} -> {p.outward(theta[k]):10.4g} {p.unit:5} "
                  f"({(theta[k] - p.start) / p.width:+.1f} widths, posterior {np.sqrt(covariance[k, k]) / p.width:.2f})")
    if options.write:
        write(fit, theta, covariance)
        write_evidence(fit, folds)
        write_publisher_spread(fit, left)
    write_errors(fit, errors, folds, left)
    model.close()


if __name__ == "__main__":
    sys.exit(main())
