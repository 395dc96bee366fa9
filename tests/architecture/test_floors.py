"""Does the code keep the house rules that a compiler does not check? Each test names the rule it asks about."""

import json
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SIM = ROOT / "sim"

# A folder may include only folders of lower floors, and itself.
FLOORS = {
    "base": 0,
    "io": 1,
    "hardware": 2,
    "workload": 2,
    "prices": 2,
    "estimate": 2,
    "plan": 3,
    "laws": 4,
    "engine": 5,
    "goodput": 6,
    "economics": 6,
    "practice": 6,
    "planner": 7,
    "uncertainty": 7,
    "calibration": 7,
    "procurement": 8,
    "scenario": 9,
    "interop": 9,
    "report": 9,
    "validation": 9,
    "sweep": 10,
    "cli": 11,
}
# Peers of one floor that may include one another, in this direction only.
PEERS = {("interop", "scenario"), ("report", "scenario"), ("report", "validation"), ("validation", "scenario")}
# Floors that use less than what lies below them.
ONLY = {"estimate": {"base"}, "io": {"base"}}
# Heavy or special libraries and the only place that may include them.
LIBRARIES = {
    r"CLI/": r"cli/options\.cpp$",
    r"simgrid/": r"engine/simgrid/",
    r"xlsxwriter": r"report/book/xlsx\.cpp$",
    r"(unsupported/)?Eigen/": r"calibration/(robust_fit|neighbours)\.cpp$",
    r"pybind11/": r"^$",
    r"nlohmann/json\.hpp": r"\.cpp$",
}

HEADER_LINES = 200
SOURCE_LINES = 400
LINE_LENGTH = 120

SOURCES = sorted(path for path in SIM.rglob("*") if path.suffix in (".hpp", ".cpp"))
PACKAGE = sorted([*(ROOT / "bindings").glob("*.?pp"), *(ROOT / "python").rglob("*.py")])  # above all floors


def module(path: Path) -> str:
    return path.relative_to(SIM).parts[0]


@cache
def includes(path: Path) -> list[tuple[int, str]]:
    """The line number and the text between quotes or angle brackets of every #include."""
    pattern = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    return [(number, match[1]) for number, line in lines if (match := pattern.match(line))]


def included_modules(path: Path) -> list[tuple[int, str]]:
    return [(number, text.split("/")[0]) for number, text in includes(path) if (SIM / text).is_file()]


def allowed(user: str, used: str) -> bool:
    if user == used or (user, used) in PEERS:
        return True
    if user in ONLY:
        return used in ONLY[user]
    return FLOORS[used] < FLOORS[user]


@cache
def project_files() -> list[Path]:
    """What git knows or would add; without git, everything outside the build trees."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        names = subprocess.run(command, check=True, capture_output=True).stdout.decode().split("\0")
        paths = [ROOT / name for name in names if name]
    except (OSError, subprocess.CalledProcessError):
        paths = []
    paths = paths or list(ROOT.rglob("*"))
    skipped = ("build", ".git", ".cache", "__pycache__", ".pytest_cache")
    return [
        path
        for path in paths
        if path.is_file() and not any(part.startswith(skipped) for part in path.relative_to(ROOT).parts[:-1])
    ]


def report(faults: list[str]) -> None:
    assert not faults, "\n" + "\n".join(faults)


def show(path: Path, line: int = 0) -> str:
    return f"{path.relative_to(ROOT)}:{line}" if line else str(path.relative_to(ROOT))


def test_is_there_code_to_check():
    assert len(SOURCES) > 10
    assert set(SOURCES) <= set(project_files())


def test_does_every_module_have_a_floor():
    report([show(folder) for folder in SIM.iterdir() if folder.is_dir() and folder.name not in FLOORS])


def test_does_every_include_go_down():
    faults = []
    for path in SOURCES:
        for line, used in included_modules(path):
            if not allowed(module(path), used):
                faults.append(f"{show(path, line)}: {module(path)} includes {used}")
    report(faults)


def test_do_no_two_modules_include_each_other():
    pairs = {(module(path), used) for path in SOURCES for _, used in included_modules(path) if used != module(path)}
    report([f"{a} and {b}" for a, b in pairs if a < b and (b, a) in pairs])


def test_does_every_quoted_include_name_a_file_of_ours_from_sim():
    pattern = re.compile(r'^\s*#\s*include\s*"([^"]+)"')
    faults = []
    for path in SOURCES:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            match = pattern.match(line)
            if match and not (SIM / match[1]).is_file():
                faults.append(f"{show(path, number)}: {match[1]}")
    report(faults)


@pytest.mark.parametrize("library", LIBRARIES)
def test_is_a_heavy_library_included_only_where_it_belongs(library):
    place = re.compile(LIBRARIES[library])
    faults = []
    for path in SOURCES:
        for line, text in includes(path):
            if re.match(library, text) and not place.search(path.relative_to(SIM).as_posix()):
                faults.append(f"{show(path, line)}: {text}")
    report(faults)


@pytest.mark.parametrize("suffix, limit", [(".hpp", HEADER_LINES), (".cpp", SOURCE_LINES), (".py", SOURCE_LINES)])
def test_are_files_small(suffix, limit):
    paths = [path for path in SOURCES + PACKAGE if path.suffix == suffix]
    sizes = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    report([f"{show(path)}: {size} lines, the limit is {limit}" for path, size in sizes.items() if size >= limit])


def test_are_lines_short():
    faults = []
    for path in SOURCES + PACKAGE:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if len(line) > LINE_LENGTH:
                faults.append(f"{show(path, number)}: {len(line)} characters")
    report(faults)


def test_does_every_header_guard_itself():
    report([show(path) for path in SOURCES if path.suffix == ".hpp" and "#pragma once" not in path.read_text()])


def test_does_every_header_say_what_it_holds():
    report([show(path) for path in SOURCES if path.suffix == ".hpp" and not path.read_text().startswith("//")])


def test_does_nothing_outside_cli_end_the_program():
    pattern = re.compile(r"\b(std::)?(exit|_exit|quick_exit|abort|terminate)\s*\(")
    faults = []
    for path in SOURCES:
        if module(path) == "cli":
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if pattern.search(line.split("//")[0]):
                faults.append(f"{show(path, number)}: {line.strip()}")
    report(faults)


def test_are_there_no_macros_of_ours():
    faults = []
    for path in SOURCES:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if re.match(r"\s*#\s*define\b", line):
                faults.append(f"{show(path, number)}: {line.strip()}")
    report(faults)


def test_does_no_file_name_a_place_of_one_machine_or_an_unsourced_number():
    # Put together here, so that this file does not hold what it looks for.
    forbidden = ["/" + "work/", "/" + "root/", "unsourced" + "-recollection"]
    faults = []
    for path in project_files():
        text = path.read_bytes().decode("utf-8", errors="ignore")
        for word in forbidden:
            if word in text:
                faults.append(f"{show(path, text[: text.index(word)].count(chr(10)) + 1)}: {word}")
    report(faults)


def figures(value, pointer=""):
    """Every JSON object that states a figure: one with a "value", or a price or rate, and its pointer."""
    if isinstance(value, dict):
        if {"value", "amount", "rate"} & value.keys():
            yield pointer, value
        for key, member in value.items():
            yield from figures(member, f"{pointer}/{key}")
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from figures(member, f"{pointer}/{index}")


PROFILES = sorted((ROOT / "hardware_profiles").rglob("*.json"))


def test_are_there_profiles_to_check():
    assert PROFILES


@pytest.mark.parametrize("path", PROFILES, ids=show)
def test_does_every_figure_of_a_profile_have_a_source(path):
    profile = json.loads(path.read_text(encoding="utf-8"))
    faults = []
    for pointer, figure in figures(profile):
        source = figure.get("source")
        if not isinstance(source, str) or not source.strip():
            faults.append(f"{show(path)}: {pointer or '/'}: no source")
    report(faults)


@pytest.mark.parametrize("path", PROFILES, ids=show)
def test_does_every_profile_state_figures_or_a_source_of_its_own(path):
    profile = json.loads(path.read_text(encoding="utf-8"))
    stated = any(True for _ in figures(profile)) or str(profile.get("source", "")).strip()
    assert stated, f"{show(path)}: neither figures with sources nor a source"
