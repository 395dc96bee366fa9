"""Is the published JSON Schema the same as what the program reads?"""

import copy
import json

import jsonschema
import pytest

from program import BAD_INPUT, ROOT, SCENARIOS, SMALL, chipmix
from test_bad_input import FAULTS, PROFILES

PROFILE_FOLDERS = {"device": "devices", "node": "nodes", "link": "links", "fabric": "fabrics", "stack": "stacks"}
PROFILE_FILES = [(kind, path) for kind, folder in PROFILE_FOLDERS.items()
                 for path in sorted((ROOT / "hardware_profiles" / folder).glob("*.json"))]


@pytest.fixture(scope="module")
def validators():
    """The schema of each kind of file, itself checked against draft-07."""
    known = {}
    for kind in ("scenario", *PROFILE_FOLDERS):
        schema = json.loads(chipmix("schema", kind).stdout)
        assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
        jsonschema.Draft7Validator.check_schema(schema)
        known[kind] = jsonschema.Draft7Validator(schema)
    return known


def faults(validator, content) -> list[str]:
    return [error.message for error in validator.iter_errors(content)]


def test_are_there_files_of_every_kind():
    assert len(SCENARIOS) >= 3 and {kind for kind, _ in PROFILE_FILES} == set(PROFILE_FOLDERS)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_do_schema_and_program_accept_every_scenario(path, validators):
    assert faults(validators["scenario"], json.loads(path.read_text())) == []
    assert chipmix("check", path).returncode == 0


@pytest.mark.parametrize("kind, path", PROFILE_FILES, ids=lambda value: getattr(value, "stem", value))
def test_does_the_schema_accept_every_profile(kind, path, validators):
    assert faults(validators[kind], json.loads(path.read_text())) == []


def test_does_the_program_accept_every_profile_and_model():
    paths = [path for _, path in PROFILE_FILES] + sorted((ROOT / "models").glob("*.json"))
    run = chipmix("check", *paths, "--format", "json")
    assert run.returncode == 0, run.stderr
    assert [row["file"] for row in json.loads(run.stdout)["checked"]] == list(map(str, paths))


def test_do_schema_and_program_accept_the_example_of_measurements():
    path = ROOT / "docs" / "measurements_example.json"
    validator = jsonschema.Draft7Validator(json.loads(chipmix("schema", "measurements").stdout))
    assert faults(validator, json.loads(path.read_text())) == []
    assert faults(validator, {**json.loads(path.read_text()), "samples": [{"kind": "gemm", "m": 0}]}) != []
    assert chipmix("check", path).returncode == 0


def test_do_editors_find_the_schema_key_allowed(validators, scenario):
    named = {"$schema": "scenario.schema.json", **SMALL}
    assert faults(validators["scenario"], named) == [] and chipmix("check", scenario(named)).returncode == 0


# A schema knows neither other files nor other fields: names, sums and what belongs together are the reader's to judge.
BEYOND_A_SCHEMA = {
    "unknown device", "unknown model", "unknown fabric", "unknown stack", "unknown server", "servers not filled",
    "no tokens", "negative tokens", "less than a step", "an endless number in quotes",
    "degrees that overflow when multiplied",
    "degrees that do not divide", "plan and search", "negative rent", "currency without rate", "phases of itself",
    "phases of nothing", "phases of an unknown option", "shares that are no whole", "rent that phases would not use",
    "two options of one name", "unknown baseline", "a case of an unknown path", "a case of an unknown option",
    "a case of the wrong type", "a case with other options", "a budget without a rate", "a day that there is not",
    "a deadline before the start", "a deadline by day without a start", "a deadline of no time",
    "a stage less than a step", "neither tokens nor stages", "no budget", "stages and a purchase", "stages and phases",
    "stages that are not the job", "two stages of one name"}


@pytest.mark.parametrize("name", sorted(set(FAULTS) - BEYOND_A_SCHEMA))
def test_does_the_schema_refuse_what_the_program_refuses(name, validators):
    assert faults(validators["scenario"], FAULTS[name][0]) != []


@pytest.mark.parametrize("name", sorted(BEYOND_A_SCHEMA))
def test_is_what_is_called_beyond_a_schema_beyond_it(name, validators):
    assert faults(validators["scenario"], FAULTS[name][0]) == []


@pytest.mark.parametrize("name", sorted(set(PROFILES) - {"a negative size", "an interval without its figure"}))
def test_does_the_schema_refuse_bad_profiles(name, validators):
    assert faults(validators["device"], PROFILES[name][0]) != []


def members(content, path=()):
    """Where each object of a file stands, and each of its keys."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield (*path, key)
            yield from members(value, (*path, key))
    elif isinstance(content, list):
        for index, value in enumerate(content):
            yield from members(value, (*path, index))


def mutated(content, path, change):
    copied = copy.deepcopy(content)
    place = copied
    for step in path[:-1]:
        place = place[step]
    change(place, path[-1])
    return copied


MUTATIONS = {
    "misspelt": lambda place, key: place.update({key + "_": place.pop(key)}),
    "null": lambda place, key: place.update({key: None}),
    "a list of lists": lambda place, key: place.update({key: [[]]}),
    "true": lambda place, key: place.update({key: True}),
    "left out": lambda place, key: place.pop(key),
}


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_do_schema_and_program_agree_on_every_change_of_a_scenario(mutation, validators, tmp_path):
    """Whatever the schema refuses the program refuses; what only the program refuses is no matter of shape."""
    original = json.loads((ROOT / "scenarios" / "llama31_405b.json").read_text())
    paths = [path for path in members(original) if "set" not in path[:-1]]
    assert len(paths) > 60
    lenient = []
    for number, path in enumerate(paths):
        content = mutated(original, path, MUTATIONS[mutation])
        if not faults(validators["scenario"], content):
            continue
        file = tmp_path / f"{number}.json"
        file.write_text(json.dumps(content))
        if chipmix("check", file).returncode != BAD_INPUT:
            lenient.append(path)
    assert lenient == []
