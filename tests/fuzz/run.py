#!/usr/bin/env python3
"""Fuzzes the readers for some seconds each and says what came of it.

    cmake --preset fuzz && cmake --build --preset fuzz
    tests/fuzz/run.py [--build build-fuzz] [--seconds 600] [--keep FOLDER] [TARGET...]

Inputs that went wrong are left in FOLDER/TARGET, with the corpus, which the next run reuses. Exit code 1 if any
did."""

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path


def seeds(replay, target, folder):
    folder.mkdir(parents=True, exist_ok=True)
    files = subprocess.run([replay, "--seeds", target], capture_output=True, encoding="utf-8", check=True).stdout
    for number, file in enumerate(files.split()):
        shutil.copyfile(file, folder / f"seed{number}")


def fuzz(build, target, seconds, keep):
    replay, place = build / "tests/fuzz/fuzz_replay", keep / target
    seeds(replay, target, place / "corpus")
    words = place / "words.dict"
    words.write_bytes(subprocess.run([replay, "--words", target], capture_output=True, check=True).stdout)
    run = subprocess.run(
        [build / "tests/fuzz/fuzz_readers", "corpus", f"-max_total_time={seconds}",
         *([f"-dict={words.name}"] if words.stat().st_size else []),
         "-timeout=60", "-report_slow_units=60", "-rss_limit_mb=3000", "-max_len=65536",
         "-artifact_prefix=fault-", "-print_final_stats=1", "-reload=0"],
        cwd=place, env={**os.environ, "CHIPMIX_FUZZ_TARGET": target}, capture_output=True, encoding="utf-8",
        errors="replace")
    (place / "log").write_text(run.stderr, encoding="utf-8")
    figure = {name: value for name, value in re.findall(r"stat::(\w+):\s+(\d+)", run.stderr)}
    edges = re.findall(r"cov: (\d+)", run.stderr)
    faults = sorted(path.name for path in place.glob("fault-*")) or (
        [f"ended with code {run.returncode}: {place / 'log'}"] if run.returncode else [])
    print(f"{target:<15} {figure.get('number_of_executed_units', '?'):>9} executions, "
          f"{edges[-1] if edges else '?':>6} edges, "
          f"{len(os.listdir(place / 'corpus')):>5} inputs kept: {', '.join(faults) or 'sound'}", flush=True)
    return run.returncode != 0


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    root = Path(__file__).resolve().parents[2]
    words.add_argument("--build", type=Path, default=root / "build-fuzz")
    words.add_argument("--seconds", type=int, default=600)
    words.add_argument("--keep", type=Path)
    words.add_argument("targets", nargs="*")
    asked = words.parse_args()
    build = asked.build.resolve()
    keep = (asked.keep or build / "fuzz").resolve()
    known = subprocess.run([build / "tests/fuzz/fuzz_replay", "--targets"], capture_output=True, encoding="utf-8",
                           check=True).stdout.split()
    for name in asked.targets:
        if name not in known:
            words.error(f"no target {name}: one of {', '.join(known)}")
    return any([fuzz(build, target, asked.seconds, keep) for target in asked.targets or known])


if __name__ == "__main__":
    sys.exit(main())
