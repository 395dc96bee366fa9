#!/usr/bin/python3
"""Writes the tables of `chipmix validate` into docs/accuracy.md, between the lines <!-- tables --> and <!-- /tables -->.

    refresh_accuracy.py [--program build/bin/chipmix]
"""
import argparse
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "accuracy.md"
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
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    PAGE.write_text(before + BEGIN + "\n" + tables(program) + "\n" + END + after, encoding="utf-8")


if __name__ == "__main__":
    main()
