"""Several sources of a folder are compiled as one unit: what a source keeps to itself must not be another's name there.

A compiler finds two definitions of one signature. It does not find that an unnamed namespace hides a function of the
folder from the calls in it, or has an overload that fits another source's call better.
"""

import re
from collections import defaultdict
from hashlib import md5
from pathlib import Path

SIM = Path(__file__).resolve().parents[2] / "sim"
UNITS = {name: int(count) for name, count in
         re.findall(r"chipmix_module\((\w+) UNITS (\d+)", (SIM / "CMakeLists.txt").read_text())}
DEFINITION = re.compile(
    r"(?:(?:struct|class|enum class) (\w+)|using (\w+) =|(?:template <.*> )?[\w:<>,*&\[\] ]+?[ *&](\w+)(?:\(|\{| = |;))")
SAME_ANYWHERE = {"Json", "fs", "MixWay", "A"}  # aliases that mean one thing in every source of a folder


def own_names(path):
    """Names that a source defines in its unnamed namespaces."""
    names, inside = set(), False
    for line in path.read_text(encoding="utf-8").splitlines():
        if line == "namespace {":
            inside = True
        elif line == "}  // namespace":
            inside = False
        elif inside and re.match(r"[A-Za-z]", line) and (found := DEFINITION.match(line)):
            names.add(next(group for group in found.groups() if group))
    return names - SAME_ANYWHERE


def unit_of(path):
    name = path.relative_to(SIM).as_posix()
    return int(md5(name.encode()).hexdigest()[:6], 16) % UNITS[name.split("/")[0]]  # as chipmix_units in cmake


def sources(room):
    return sorted((SIM / room).rglob("*.cpp"))


def test_are_names_of_a_source_its_own_in_its_unit():
    assert len(UNITS) == sum(path.is_dir() for path in SIM.iterdir())
    shared = []
    for room in UNITS:
        owners = defaultdict(list)
        for path in sources(room):
            for name in own_names(path):
                owners[unit_of(path), name].append(path.name)
        shared += [(room, name, files) for (_, name), files in owners.items() if len(files) > 1]
    assert shared == []


def test_does_no_source_name_its_own_like_a_function_of_its_folder():
    taken = []
    for room in UNITS:
        declared = {name for header in [*(SIM / room).rglob("*.hpp"), *(SIM / "base").glob("*.hpp")]
                    for name in re.findall(r"^(?! )[\w:<>,*& ]+[ *&](\w+)\([^{]*(?:;|,)$", header.read_text(), re.M)}
        taken += [(path.name, name) for path in sources(room) for name in own_names(path) & declared]
    assert taken == []
