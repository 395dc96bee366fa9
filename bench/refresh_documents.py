#!/usr/bin/python3
"""Writes the figures of README.md, docs/energy.md and docs/accuracy.md's last section as the program gives them, between the
lines <!-- NAME --> and <!-- /NAME -->. The tables of steps in docs/accuracy.md are refresh_accuracy.py's.

    refresh_documents.py [--program build/bin/chipmix] [--check] [NAME...]

With --check nothing is written: the names of sections that are stale are printed, and the exit code is 1.
"""
import argparse
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WIDTH = 118
# Scenario, what the table calls its run, and the option that stands for it.
REPORTS = [("ling_plus", "Ling-Plus, device D of its report, 1T tokens", "D"),
           ("deepseek_v3_h800", "DeepSeek-V3, 2,048 H800, 1T tokens", "report"),
           ("llama31_405b_h100", "Llama 3.1 405B, 16,384 H100", "meta"),
           ("smollm3_h100", "SmolLM3 3B, 384 H100", "as-run"),
           ("poro_mi250x", "Poro 34B, 512 MI250X", "lumi")]


class Answers:
    """What the program says, each question once."""

    def __init__(self, program):
        self.program, self.known = program, {}

    def __call__(self, *words):
        if words not in self.known:
            run = subprocess.run([self.program, *words, "--format", "json"], cwd=ROOT, check=True, capture_output=True,
                                 encoding="utf-8")
            self.known[words] = json.loads(run.stdout)
        return self.known[words]

    def compared(self, scenario):
        return self("compare", f"scenarios/{scenario}.json")


def percent(value, digits=1, sign=False):
    return f"{100 * value + 0.0:{'+' if sign else ''}.{digits}f} %"


def table(head, rows, right=()):
    rule = ["---:" if i in right else "---" for i in range(len(head))]
    return "".join("| " + " | ".join(map(str, row)) + " |\n" for row in [head, rule, *rows])


def wrapped(text):
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + len(word) + 1 > WIDTH:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return "\n".join([*lines, line]) + "\n"


def million(value):
    return f"{value / 1e6:.2f}"


def scaled(value):
    return f"{million(value)} M" if value >= 1e6 else f"{value / 1e3:.0f} K"


def reported(answers, scenario, name):
    """The published figure of an option, what the program reaches in its scope, and P10 to P90 as wide as the bill's."""
    answer = answers.compared(scenario)
    option = next(one for one in answer["options"] if one["name"] == name)
    figure = next(one for one in answer["published"] if one["option"] == name)
    ours = next(one for one in figure["predicted"] if one["option"] == name)
    if figure["device_hours"]:
        low, high = option["days_p10"] / option["days"], option["days_p90"] / option["days"]
        unit, published, predicted = "device-hours", figure["device_hours"], ours["device_hours"]
    else:
        cost = option["cost"]
        low, high = cost["p10"] / cost["total"], cost["p90"] / cost["total"]
        unit, published, predicted = cost["currency"], figure["cost_per_1t_tokens"], ours["cost_per_1t_tokens"]
    return figure, unit, published, predicted, (predicted * low, predicted * high), option["practice"]


def reports(answers):
    rows = []
    for scenario, run, name in REPORTS:
        figure, unit, published, predicted, (low, high), practice = reported(answers, scenario, name)
        rows.append([f"[{run}](scenarios/{scenario}.json)", f"{scaled(published)} {unit}", figure["scope"],
                     practice, f"**{scaled(predicted)}**", f"{scaled(low)} to {scaled(high)}",
                     percent(predicted / published - 1, 0, sign=True), "yes" if low <= published <= high else "no"])
    return table(["published run", "published", "scope", "practice", "chipmix", "P10 to P90", "error", "inside"], rows, right=(1, 4, 5, 6))


def reports_from_docs(answers):
    return reports(answers).replace("](scenarios/", "](../scenarios/")


def words(plan):
    degrees = [("TP", "tensor"), ("PP", "pipeline"), ("DP", "data"), ("CP", "context"), ("EP", "expert")]
    return " ".join(f"{short}{plan[key]}" for short, key in degrees if plan[key] > 1 or short in ("TP", "PP", "DP"))


def ling(answers):
    answer = answers.compared("ling_plus")
    figures = {one["option"]: one for one in answer["published"]}
    rows = []
    for one in answer["options"]:
        figure = figures.get(one["name"])
        rows.append([one["label"], words(one["plan"]) if one["plan"] else "one cluster after another",
                     million(one["cost"]["total"]), f"{million(one['cost']['p10'])}-{million(one['cost']['p90'])}",
                     million(one["best_plan"]["cost"]), f"{one['days']:.1f}", percent(one["mfu"]),
                     percent(one["relative_cost"] - 1, 0, sign=True),
                     f"{million(figure['cost_per_1t_tokens'])} ({figure['scope']})" if figure else ""])
    head = ["option", "plan found", "M CNY, billed", "P10 to P90", "best plan, uninterrupted", "days", "MFU", "vs D", "published"]
    _, _, _, predicted, (low, high), _ = reported(answers, "ling_plus", "D")
    return (table(head, rows) + "\n> " + answer["recommendation"] + "\n\n" +
            wrapped("The report gives 6.35 M CNY on D and 5.08 M CNY (20 % less) on a cheaper system that it does not name. Prices and "
                    "peaks come from the report. It does not give vendors, networks and device counts: they are assumptions, and "
                    "the answer lists each with its effect. The report's figures exclude failures and idle hours; on that basis "
                    f"chipmix predicts {million(predicted)} for D (P10 to P90 {low / 1e6:.1f}-{high / 1e6:.1f}). Nothing was tuned to "
                    "these figures."))


def believed(answers):
    answer = answers("validate")
    summary, runs = answer["summary"], answer["cases"]
    held, folds = summary["left_out"], summary["five_fold"]

    def row(name, score, count=False):
        return [name + (f" ({score['predicted']})" if count else ""), percent(score["median"]), percent(score["mean"]),
                percent(score["coverage"], 0)]

    long_runs = answers("validate", "--runs", "published_runs/whole")
    left, publishers = long_runs["summary"]["left_out"]["all"], {run["project"] for run in long_runs["runs"]}
    text = table(["timed runs", "median error", "mean error", "inside P10-P90"],
                 [row("publisher left out: mixtures of experts", held["by_class"]["MoE"], True),
                  row("publisher left out: dense models", held["by_class"]["dense"], True),
                  row("**publisher left out: all**", held["all"], True), row("a fifth of the runs left out", folds["all"]),
                  row("fitted to all runs, as shipped", summary["all"])])
    return (f"`./chipmix validate` predicts {len(runs)} published training runs of {len(summary['by_project'])} publishers, from one "
            f"A100 to 12,288 GPUs,\nand prints its errors, worst groups first:\n\n{text}\n" +
            wrapped("For a publisher that is not among them, expect the errors with the publisher left out. True errors may be larger, "
                    "because the laws and starting points were chosen with all of these runs in sight. For whole runs, chipmix predicts "
                    f"the device-hours of {left['predicted']} runs of {len(publishers)} publishers, each publisher left out: median error "
                    f"{percent(left['median'])}, mean {percent(left['mean'], 0)}, "
                    f"{percent(left['coverage'], 0)} inside P10-P90 ([docs/whole_runs.md](docs/whole_runs.md)). Every answer shows "
                    "the nearest published runs and chipmix's signed errors on them ([docs/evidence.md](docs/evidence.md))."))


def whole(answers):
    answer = answers("validate", "--runs", "published_runs/whole")
    left, runs = answer["summary"]["left_out"]["all"], answer["runs"]

    def times(run):
        return run["measured"]["device_hours"] / run["predicted"]["device_hours"]

    def called(run):
        return run["id"].removeprefix("run-")

    big = next(run for run in runs if run["id"] == "run-llama3.1-405b")
    off = sorted((run for run in runs if run["predicted"]), key=lambda run: -abs(run["left_out_log_error"]))[:3]
    tuned = sorted((run for run in runs if run["practice"] == "tuned"), key=times)
    return wrapped(
        f"`validate --runs` predicts the device-hours of {left['predicted']} published whole runs of "
        f"{len({run['project'] for run in runs})} publishers, each in its published scope, and prints the ledger of each in "
        f"JSON. With a run's publisher left out of the fit: median error {percent(left['median'])}, mean {percent(left['mean'], 0)}, bias "
        f"{left['bias_log']:+.2f}, {percent(left['coverage'], 0)} of the runs inside P10-P90, P90/P10 {left['p90_over_p10']:.1f} on "
        f"average. Llama 3.1 405B took {times(big):.2f} times the predicted hours. Largest errors, published over predicted: " +
        ", ".join(f"{called(run)} {times(run):.2f}" for run in off) + ". Of the tuned runs: " +
        ", ".join(f"{called(run)} {times(run):.2f}" for run in tuned) + ".")


def energy(answers):
    answer = answers("validate", "--energy")
    summary = answer["summary"]

    def scores(what, groups):
        rows = [[name, s["rows"], percent(s["median"]), percent(s["mean"]), percent(s["bias"], sign=True),
                 percent(s["left_out"]["mean"]), percent(s["left_out"]["bias"], sign=True)]
                for name, s in sorted(groups.items(), key=lambda one: -one[1]["left_out"]["mean"])]
        return table([what, "rows", "median", "mean", "bias", "mean, family left out", "bias, family left out"], rows,
                     right=range(1, 7))

    groups = (("measured at", "by_boundary"), ("measured at, grade", "by_grade"), ("phase", "by_phase"), ("devices", "by_family"))
    return (f"Worst first, for the {summary['rows']} rows of chipmix's own table that can be predicted ({summary['unsupported']} more "
            "cannot):\n\n" + "\n".join(scores(what, summary[key]) for what, key in groups))


SECTIONS = {"reports": ("README.md", reports), "ling": ("README.md", ling), "believed": ("README.md", believed),
            "energy": ("docs/energy.md", energy), "whole": ("docs/whole_runs.md", whole),
            "reports-docs": ("docs/accuracy.md", reports_from_docs)}


def between(page, name):
    begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->\n"
    before, rest = page.split(begin)
    kept, after = rest.split(end)
    return before + begin, kept, end + after


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"sections, by default all: {', '.join(SECTIONS)}")
    parser.add_argument("--program", default=str(ROOT / "build/bin/chipmix"), type=lambda path: str(Path(path).resolve()))
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    if unknown := set(given.names) - set(SECTIONS):
        parser.error(f"no section {', '.join(sorted(unknown))}; there are {', '.join(SECTIONS)}")
    answers, stale = Answers(given.program), []
    for name in given.names or SECTIONS:
        file, made = SECTIONS[name]
        path = ROOT / file
        before, kept, after = between(path.read_text(encoding="utf-8"), name)
        text = f"\n{made(answers)}\n"
        if text == kept:
            continue
        stale.append(f"{file}: {name}")
        if not given.check:
            path.write_text(before + text + after, encoding="utf-8")
    outcome = "stale, run bench/refresh_documents.py" if given.check else "written"
    print("\n".join(f"{one}: {outcome}" for one in stale) or "all as the program says")
    return 1 if given.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
