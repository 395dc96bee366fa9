#!/usr/bin/python3
"""Writes into docs/accuracy.md the tables of `chipmix validate`, between the lines <!-- tables --> and <!-- /tables -->, 
those of `chipmix validate --anchor` between <!-- anchors --> and <!-- /anchors -->, and how far the records lie apart among
themselves, between <!-- noise --> and <!-- /noise -->.

    refresh_accuracy.py [--program build/bin/chipmix]
"""
import argparse
import json
import math
import statistics
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "accuracy.md"
HELD_OUT = ROOT / "published_runs" / "errors" / "left_out.json"

# What two records of the same run may say differently: names, and who ran it when.
NAMES = {"name", "params_total_b", "params_active_b"}
WHEN = {"release", "framework", "campaign", "after_pp_fix"}


def tables(program, *options):
    """What the program prints, without its title: the page has one."""
    text = subprocess.run([program, "validate", *options, "--format", "markdown"], cwd=ROOT, check=True, capture_output=True,
                          encoding="utf-8").stdout
    title, rest = text.split("\n", 1)
    return f"*{title.removeprefix('# ')}.*\n{rest}"


def identity(run):
    model = {key: value for key, value in run["model"].items() if key not in NAMES}
    plan = {key: value for key, value in run["plan"].items() if key not in WHEN and value is not None}
    cluster = [run["cluster"].get(key) for key in ("device", "devices", "devices_per_node")]
    return json.dumps([model, plan, cluster], sort_keys=True)


def noise():
    """How far runs lie apart whose records say the same in every field of model, cluster and plan."""
    times = defaultdict(list)
    for table in sorted((ROOT / "published_runs").glob("*.json")):
        for run in json.loads(table.read_text(encoding="utf-8")):
            if run["tier"] in ("full", "fill", "lora") and run["measured"].get("iteration_s"):
                times[identity(run)].append(run["measured"]["iteration_s"])
    sets = [list_ for list_ in times.values() if len(list_) > 1]
    apart = sorted(max(list_) / min(list_) - 1 for list_ in sets)
    errors = [abs(statistics.geometric_mean(list_) / time - 1) for list_ in sets for time in list_]
    return (f"Of the timed runs, {sum(map(len, sets))} fall into {len(sets)} sets whose records say the same in every field of "
            f"model, cluster, plan, batch and\nstack. At the median the runs of a set lie {100 * statistics.median(apart):.1f} % "
            f"apart, in a tenth of the sets more than {100 * apart[math.floor(0.9 * len(apart))]:.0f} %. A prediction that\nhit "
            f"the middle of each set would still be {100 * statistics.mean(errors):.1f} % off on average.\n")


def put(page, name, text):
    """The page with this text between the two lines of this name."""
    begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->\n"
    before, rest = page.split(begin)
    _, after = rest.split(end)
    return f"{before}{begin}\n{text}\n{end}{after}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=str(ROOT / "build/bin/chipmix"), type=lambda path: str(Path(path).resolve()))
    program = parser.parse_args().program
    page = put(PAGE.read_text(encoding="utf-8"), "noise", noise())
    errors = json.loads(HELD_OUT.read_text(encoding="utf-8"))["runs"].values()
    is_held_out = any(one["left_out"] != one["shipped"] for one in errors)
    if is_held_out:
        page = put(page, "tables", tables(program))
        page = put(page, "anchors", tables(program, "--anchor"))
    PAGE.write_text(page, encoding="utf-8")
    if not is_held_out:
        sys.exit(f"{HELD_OUT}: nothing was left out of the fit, every run is predicted as shipped: the tables stay as they "
                 "were. Run bench/fit_step.py first.")


if __name__ == "__main__":
    main()
