#!/usr/bin/env python3
"""Which lines and branches of sim/ the unit and property tests run, folder by folder, counted by gcov.

    cmake --preset coverage && cmake --build --preset coverage
    tests/coverage.py [--build build-coverage] [--lines 90] [--branches 75]

Branches that only exceptions take are not counted: every call has one. Exit code 1 where less runs than is asked
for."""

import argparse
import collections
import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def counted(data: Path):
    """What one object's counters say: lines and branches of each source of ours."""
    with tempfile.TemporaryDirectory() as scratch:
        run = subprocess.run(["gcov", "--json-format", "--stdout", "--branch-probabilities", data], cwd=scratch,
                             capture_output=True, encoding="utf-8", check=True)
    for text in run.stdout.splitlines():
        for file in json.loads(text)["files"]:
            path = os.path.relpath(os.path.join(ROOT, file["file"]), ROOT)
            if path.startswith("sim/"):
                yield path, file["lines"]


def totals(build: Path):
    lines, branches = collections.defaultdict(int), collections.defaultdict(int)
    data = sorted((build / "sim").rglob("*.gcno"))  # also of what was never loaded
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for found in pool.map(lambda one: list(counted(one)), data):
            for path, rows in found:
                for row in rows:
                    lines[path, row["line_number"]] += row["count"]
                    for number, branch in enumerate(row["branches"]):
                        if not branch["throw"]:
                            branches[path, row["line_number"], number] += branch["count"]
    return lines, branches


def share(counts, folder=""):
    chosen = [count > 0 for key, count in counts.items() if key[0].startswith(f"sim/{folder}")]
    return (100 * sum(chosen) / len(chosen) if chosen else 0.0), len(chosen)


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--build", type=Path, default=ROOT / "build-coverage")
    words.add_argument("--lines", type=float, default=90)
    words.add_argument("--branches", type=float, default=75)
    words.add_argument("--no-run", action="store_true", help="counts what earlier runs left")
    asked = words.parse_args()
    build = asked.build.resolve()
    if not asked.no_run:
        for left in build.rglob("*.gcda"):
            left.unlink()
        subprocess.run(["ctest", "--test-dir", build, "-R", "^(unit|property|fuzz)", "--output-on-failure",
                        "--parallel", str(os.cpu_count())], check=True)
    lines, branches = totals(build)
    folders = sorted({key[0].split("/")[1] for key in lines})
    print(f"{'sim/':<14} {'lines':>7} {'run':>7} {'branches':>9} {'taken':>7}")
    for folder in [*folders, ""]:
        name = f"{folder}/" if folder else ""
        (line, of_lines), (branch, of_branches) = share(lines, name), share(branches, name)
        print(f"{folder or 'all':<14} {of_lines:>7} {line:>6.1f}% {of_branches:>9} {branch:>6.1f}%")
    return not (share(lines)[0] >= asked.lines and share(branches)[0] >= asked.branches)


if __name__ == "__main__":
    sys.exit(main())
