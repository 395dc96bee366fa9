#!/usr/bin/python3
"""Writes the tables of `chipmix validate` into docs/accuracy.md, between the lines <!-- tables --> and <!-- /tables -->.

    refresh_accuracy.py [--program build/bin/chipmix]
"""
import argparse
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "accuracy.md"
HELD_OUT = ROOT / "published_runs" / "errors" / "left_out.json"
BEGIN, END = "<!-- tables -->\n", "<!-- /tables -->\n"


def tables(program):
    """What the program prints, without its title: the page has one."""
    text = subprocess.run([program, "validate", "--format", "markdown"], cwd=ROOT, check=True, capture_output=True,
                          encoding="utf-8").stdout
    title, rest = text.split("\n", 1)
    return f"*{title.removeprefix('# ')}.*\n{rest}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=str(ROOT / "build/bin/chipmix"), type=lambda path: str(Path(path).resolve()))
    program = parser.parse_args().program
    errors = json.loads(HELD_OUT.read_text(encoding="utf-8"))["runs"].values()
    if all(one["left_out"] == one["shipped"] for one in errors):
        sys.exit(f"{HELD_OUT}: every run is as well predicted left out as not: nothing was left out. Run bench/fit_step.py")
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    PAGE.write_text(before + BEGIN + "\n" + tables(program) + "\n" + END + after, encoding="utf-8")


if __name__ == "__main__":
    main()
