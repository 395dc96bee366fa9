"""Is every fault of a file shown at its place, with the user's own line, before anything is answered?"""

import json
import re

import pytest

from program import BAD_INPUT, RENT, ROOT, SMALL, chipmix, small, write

CLUSTER = "options__0__cluster__"
PHASES = {"name": "fleet", "phases": [{"option": "a", "share": 1}]}


def with_option(option) -> dict:
    return {**SMALL, "options": [*SMALL["options"], option]}


def with_case(changes) -> dict:
    return {**SMALL, "assumptions": [{"assumed": "something", "cases": [{"label": "else", "set": changes}]}]}


# what is wrong: scenario, a part of the message, what the caret points at, a part of the hint ("" for none asked)
FAULTS = {
    "misspelt key": (small(job__modle="x"), "unknown key 'modle'", '"modle"', "did you mean 'model'?"),
    "misspelt key at the top": (small(optoins=[]), "unknown key 'optoins'", '"optoins"', "did you mean 'options'?"),
    "unknown device": (
        small(**{CLUSTER + "device": "h100-sxm5-80g"}), "unknown device", '"h100-sxm5-80g"', "h100-sxm5-80gb"),
    "unknown model": (small(job__model="llama-3-8b"), "unknown model", '"llama-3-8b"', "llama-3.1-8b"),
    "unknown fabric": (small(**{CLUSTER + "fabric": "rail"}), "unknown fabric", '"rail"', "rail-optimised"),
    "unknown stack": (small(**{CLUSTER + "stack": "megatron-cor"}), "unknown stack", '"megatron-cor"', "megatron-core"),
    "unknown server": (small(**{CLUSTER + "node": "hgx-h10"}), "unknown node", '"hgx-h10"', "hgx-h100"),
    "negative count": (small(**{CLUSTER + "devices": -8}), "found -8", "-8", ""),
    "no devices": (small(**{CLUSTER + "devices": 0}), "found 0", "0", ""),
    "half a device": (small(**{CLUSTER + "devices": 7.5}), "expected a whole number", "7.5", ""),
    "more devices than an int holds": (small(**{CLUSTER + "devices": 2**31}), "too large", "2147483648", ""),
    "more devices than there are": (small(**{CLUSTER + "devices": 2**31 - 8}), "between 1 and", "2147483640", ""),
    "count in quotes": (small(**{CLUSTER + "devices": "64"}), "found text", '"64"', "without quotes"),
    "servers not filled": (small(**{CLUSTER + "devices": 12}), "do not fill servers of 8", "12", "8 and 16"),
    "no tokens": (small(job__tokens=0), "'tokens' must be", "0", ""),
    "negative tokens": (small(job__tokens="-1T"), "'tokens' must be", '"-1T"', ""),
    "tokens with a unit": (small(job__tokens="1 TB"), "'TB' is not a suffix of a count", '"1 TB"', "1T"),
    "less than a step": (small(job__tokens=1000), "shorter than one step of 256 x 4096", "1000", ""),
    "an endless number in quotes": (small(job__tokens="1e999"), "too large a number", '"1e999"', ""),
    "a batch no schedule can be played for": (small(job__global_batch=2**31 - 1), "between 1 and", "2147483647", ""),
    "no sequence": (small(job__sequence_length=0), "between 1 and", "0", ""),
    "empty options": (small(options=[]), "'options' must not be empty", "[]", ""),
    "empty search list": (small(options__0__search={"tensor": []}), "must not be empty", "[]", ""),
    "degrees beyond any integer": (
        small(options__0__plan={"tensor": 2**30, "context": 2**30}), "'tensor' must be between", "1073741824", ""),
    "degrees that overflow when multiplied": (
        small(options__0__plan={"tensor": 2**16, "context": 2**16}), "64 ranks cannot be divided", "{", ""),
    "degrees that do not divide": (small(options__0__plan={"tensor": 3}), "64 ranks cannot be divided", "{", ""),
    "plan and search": (small(options__0__plan={}, options__0__search={}), "not both", "{}", ""),
    "unknown recomputation": (small(options__0__plan={"recompute": "ful"}), "unknown name 'ful'", '"ful"', "'full'"),
    "rent without unit": (small(options__0__rent={**RENT, "value": "2"}), "has no unit", '"2"', "27.5 CNY/h"),
    "rent without time": (small(options__0__rent={**RENT, "value": "2 USD"}), "not a rent", '"2 USD"', "CNY/h"),
    "negative rent": (small(options__0__rent={**RENT, "value": "-2 USD/h"}), "must be more than 0", '"-2 USD/h"', ""),
    "rent without unit": (small(options__0__rent="2 USD"), "is an amount of money, not a rent", '"2 USD"', "CNY/h"),
    "currency without rate": (
        small(options__0__rent={**RENT, "value": "2 JPY/h"}), "no rate between", "{", "exchange_rates"),
    "no currency": (small(currency=""), "three capitals", '""', ""),
    "currency in words": (small(currency="dollars"), "three capitals", '"dollars"', ""),
    "a rate without a date": (
        small(exchange_rates=[{"from": "CNY", "to": "USD", "rate": 0.14, "date": "today", "source": "x"}]),
        "YYYY-MM-DD", '"today"', ""),
    "phases of itself": (
        with_option({"name": "f", "phases": [{"option": "f", "share": 1}]}), "itself made of phases", "{", "cluster"),
    "phases of nothing": (with_option({"name": "f", "phases": []}), "one of a cluster, a mix and phases", "{", ""),
    "phases of an unknown option": (
        with_option({"name": "f", "phases": [{"option": "b", "share": 1}]}), "no option named 'b'", "{", ""),
    "shares that are no whole": (
        with_option({"name": "f", "phases": [{"option": "a", "share": 0.5}]}), "add to 0.5, not to 1", "[", ""),
    "rent that phases would not use": (
        with_option({**PHASES, "rent": RENT}), "'rent' in an option made of phases", '"rent"', ""),
    "two options of one name": (with_option(SMALL["options"][0]), "a second option named 'a'", '"a"', ""),
    "a stage without tokens": (small(job__stages=[{"name": "x"}]), "missing key 'tokens'", "{", "200B"),
    "a stage without a sequence": (
        small(job__stages=[{"tokens": "1T", "sequence_length": 0}]), "'sequence_length' must be between", "0", ""),
    "stages that are not the job": (
        small(job__stages=[{"tokens": "1T"}, {"tokens": "1B"}]), "the stages have 1.001e+12 tokens", '"1T"', "sum"),
    "a stage less than a step": (
        small(job__stages=[{"tokens": "1T"}, {"tokens": 10}], job__tokens=1e12 + 10), "the stage is shorter than one",
        "10", ""),
    "two stages of one name": (
        small(job__stages=[{"tokens": "500B", "name": "x"}, {"tokens": "500B", "name": "x"}]),
        "a second stage named 'x'", "{", "own name"),
    "neither tokens nor stages": (
        {**SMALL, "job": {k: v for k, v in SMALL["job"].items() if k != "tokens"}}, "missing key 'tokens'", "{", "1T"),
    "stages and phases": (
        {**with_option(PHASES), "job": {**SMALL["job"], "stages": [{"tokens": "1T"}]}},
        "'phases' in an option, but the job has stages", '"phases"', "a cluster or a mix"),
    "stages and a purchase": (
        {**small(job__stages=[{"tokens": "1T"}]),
         "procurement": {"months": 12, "supplies": [{"option": "a", "sizes": [64], "rent": {}}]}},
        "'stages' in the job of a purchase plan", '"stages"', "procurement"),
    "a deadline of no time": (small(job__deadline="0 days"), "'deadline' must be more than 0", '"0 days"', ""),
    "a deadline without a unit": (small(job__deadline=60), "has no unit", "60", "2026-12-31"),
    "a deadline before the start": (
        {**small(job__deadline="2026-01-01"), "start": "2026-02-01"}, "is not after the start 2026-02-01",
        '"2026-01-01"', ""),
    "a deadline by day without a start": (
        small(job__deadline="2026-01-01"), "nothing says when the run begins", '"2026-01-01"', '"start"'),
    "a day that there is not": (
        {**small(job__deadline="2026-02-30"), "start": "2026-02-01"}, "there is no day 2026-02-30", '"2026-02-30"', ""),
    "no budget": (small(job__budget="0 USD"), "'budget' must be more than 0", '"0 USD"', ""),
    "a budget without a rate": (small(job__budget="5 JPY"), "no rate between", '"5 JPY"', "exchange_rates"),
    "unknown baseline": (small(baseline="z"), "no option named 'z'", '"z"', "one of: a"),
    "a case of an unknown path": (with_case({"options.a.cluster.devcies": 8}), "unknown key 'devcies'", "8", "devices"),
    "a case of an unknown option": (
        with_case({"options.z.cluster.devices": 8}), "no 'z' in 'options'", "8", "one of: a"),
    "a case of the wrong type": (with_case({"options.a.cluster.devices": "x"}), "expected a whole number", '"x"', ""),
    "a case without changes": (with_case({}), "must not be empty", "{}", ""),
    "a case with other options": (
        with_case({"options": [SMALL["options"][0], {**SMALL["options"][0], "name": "b"}]}),
        "keeps the scenario's options", "{", ""),
}

PLACE = re.compile(r"^(?P<file>[^:]+):(?P<line>\d+):(?P<column>\d+): error: (?P<message>.*)$")


def check_fault(error: str, path, message: str, pointed: str, hint: str) -> None:
    """The fault with this message is at a place where the file has `pointed`; the caret stands under it."""
    lines = error.splitlines()
    at = next((i for i, line in enumerate(lines) if PLACE.match(line) and message in line), None)
    assert at is not None, error
    place = PLACE.match(lines[at])
    assert place["file"] == str(path)
    there = path.read_text(encoding="utf-8").splitlines()[int(place["line"]) - 1][int(place["column"]) - 1:]
    assert there.startswith(pointed), (there, error)
    assert lines[at + 1][lines[at + 2].index("^"):].startswith(pointed[:20]), error
    if hint:
        assert lines[at + 3].startswith("  hint: ") and hint in lines[at + 3], error


@pytest.mark.parametrize("name", FAULTS)
def test_is_the_fault_shown_at_its_place_and_nothing_answered(name, scenario):
    content, message, pointed, hint = FAULTS[name]
    path = scenario(content)
    for command in ("compare", "check"):
        run = chipmix(command, path)
        assert (run.returncode, run.stdout) == (BAD_INPUT, ""), run
        check_fault(run.stderr, path, message, pointed, hint)


def test_are_all_faults_shown_at_once_in_the_order_of_the_file(scenario):
    run = chipmix("check", scenario(small(currency=3, job__tokens="x", job__sequence_length=-1, job__extra=1)))
    lines = [int(match["line"]) for match in map(PLACE.match, run.stderr.splitlines()) if match]
    assert run.returncode == BAD_INPUT
    assert len(lines) == 4 and lines == sorted(lines), run.stderr


def raw(old: str, new: str) -> str:
    text = json.dumps(SMALL, indent=2)
    assert text.count(old) == 1
    return text.replace(old, new)


TEXTS = {
    "duplicate key": (
        raw('"currency": "USD",', '"currency": "USD",\n  "currency": "CNY",'), "duplicate key 'currency'"),
    "not a number": (raw('"1T"', "NaN"), "unexpected 'NaN'"),
    "an endless number": (raw('"1T"', "1e999"), "too large"),
    "a comment": ("// why\n" + raw('"1T"', '"1T"'), "unexpected '/'"),
    "a trailing comma": (raw('"1T"', '"1T",'), "expected a key"),
    "two documents": (json.dumps(SMALL) * 2, "after the end"),
    "cut in half": (json.dumps(SMALL, indent=2)[:250], "the file ends inside"),
    "empty": ("", "the file is empty"),
    "null": ("null", "expected an object, found null"),
    "a list": ("[]", "expected an object, found a list"),
    "an empty object": ("{}", "missing key 'job'"),
    "Latin-1": (raw('"small"', '"sm\u00e5ll"').encode("latin-1"), "not UTF-8"),
    "UTF-16": (json.dumps(SMALL).encode("utf-16"), "not UTF-8"),
    "a program": (bytes(range(256)) * 64, "error: "),
    "10 MB of [": ("[" * 10_000_000, "nested deeper"),
    '10 MB of {"a":': ('{"a":' * 2_000_000, "nested deeper"),
    "10 MB of []": ("[" + "[]," * 3_333_333 + "[]]", "expected an object"),
    "10 MB of spaces": (" " * 10_000_000, "empty"),
    "a key of 10 MB": ('{"' + "x" * 10_000_000 + '": 1}', "unknown key 'xxx"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_is_text_that_is_no_scenario_refused_in_few_words(name, scenario):
    text, message = TEXTS[name]
    run = chipmix("compare", scenario(text), timeout=20)
    assert (run.returncode, run.stdout) == (BAD_INPUT, ""), run.stderr[:2000]
    assert PLACE.match(run.stderr.splitlines()[0]) and message in run.stderr, run.stderr[:2000]
    assert len(run.stderr) < 10_000


@pytest.mark.parametrize("dress", ["\ufeff{}", "{}\n\n", "windows"])
def test_are_marks_and_line_ends_of_editors_accepted(dress, scenario):
    text = json.dumps(SMALL, indent=2)
    text = text.replace("\n", "\r\n") if dress == "windows" else dress.replace("{}", text)
    assert chipmix("check", scenario(text.encode())).returncode == 0


# --- profiles and models beside the scenario

DEVICE = json.loads((ROOT / "hardware_profiles" / "devices" / "h100-sxm5-80gb.json").read_text())
MODEL = json.loads((ROOT / "models" / "llama-3.1-8b.json").read_text())


def changed(content: dict, section: str, **members) -> dict:
    return {**content, section: {**content[section], **members}}


PROFILES = {
    "a rate where bytes are due": (
        changed(DEVICE, "memory", value="80 GB/s"), "'80 GB/s' is a data rate, not a size", '"80 GB/s"'),
    "bits where bytes are due": (changed(DEVICE, "memory", value="80 Gb"), "b is bits, B is bytes", '"80 Gb"'),
    "no unit": (changed(DEVICE, "memory", value=80), "has no unit", "80"),
    "a negative size": (changed(DEVICE, "memory", value="-80 GB"), "more than 0", '"-80 GB"'),
    "an interval without its figure": (
        changed(DEVICE, "memory", low="90 GB", high="99 GB"), "low <= value <= high", "{"),
    "an unknown number format": (
        changed(DEVICE, "peak", bf17=DEVICE["peak"]["bf16"]), "unknown number format 'bf17'", '"bf17"'),
    "no ranks": ({**DEVICE, "ranks": 0}, "'ranks' must be between", "0"),
    "an unknown grade": (changed(DEVICE, "memory", grade="guess"), "unknown name 'guess'", '"guess"'),
}


@pytest.mark.parametrize("name", PROFILES)
def test_is_a_bad_device_beside_the_scenario_shown_in_its_own_file(name, scenario):
    content, message, pointed = PROFILES[name]
    path = scenario(small(**{CLUSTER + "device": "mine"}))
    device = write(path.parent / "devices" / "mine.json", {**content, "id": "mine", "aliases": []})
    for words in (("compare", path), ("check", device)):
        run = chipmix(*words)
        assert (run.returncode, run.stdout) == (BAD_INPUT, "")
        check_fault(run.stderr, device, message, pointed, "")


MODELS = {
    "heads that do not divide": ({"num_attention_heads": 7}, "not divisible by 7 attention heads"),
    "no layers": ({"num_hidden_layers": 0}, "'num_hidden_layers' must be"),
    "a billion layers": ({"num_hidden_layers": 10**9}, "'num_hidden_layers' must be"),
    "a negative width": ({"hidden_size": -4}, "'hidden_size' must be"),
    "key heads that do not divide": ({"num_key_value_heads": 5}, "not divisible by 5 key/value heads"),
    "half of a mixture of experts": ({"num_experts": 8}, "missing key 'num_experts_per_tok'"),
}


@pytest.mark.parametrize("name", MODELS)
def test_is_a_bad_model_beside_the_scenario_shown_in_its_own_file(name, scenario):
    members, message = MODELS[name]
    path = scenario(small(job__model="mine"))
    model = write(path.parent / "models" / "mine.json", {**MODEL, **members})
    run = chipmix("compare", path)
    assert (run.returncode, run.stdout) == (BAD_INPUT, "")
    assert message in run.stderr and run.stderr.startswith(f"{model}:"), run.stderr


def test_is_a_good_device_beside_the_scenario_used(scenario):
    path = scenario(small(**{CLUSTER + "device": "mine"}))
    slow = changed(DEVICE, "memory_bandwidth", value="1 TB/s", low="0.9 TB/s", high="1.1 TB/s")
    write(path.parent / "devices" / "mine.json", {**slow, "id": "mine", "aliases": []})
    question = ("estimate", path, "--option", "a", "--format", "json")
    as_sold = chipmix(*question, "--set", "options.a.cluster.device=h100-sxm5-80gb")
    with_less = chipmix(*question)
    assert json.loads(with_less.stdout)["step_time_s"] > 1.05 * json.loads(as_sold.stdout)["step_time_s"]


def test_does_a_bad_device_nobody_asked_for_hide_no_other_fault(scenario):
    path = scenario(small(**{CLUSTER + "device": "h100-sxm5-80g"}))
    write(path.parent / "devices" / "unfinished.json", "{")
    run = chipmix("compare", path)
    assert run.returncode == BAD_INPUT
    check_fault(run.stderr, path, "unknown device", '"h100-sxm5-80g"', "h100-sxm5-80gb")
    assert chipmix("compare", scenario(small(**{CLUSTER + "device": "h100"}))).returncode == 0  # an alias


def test_are_all_unknown_names_shown_at_once(scenario):
    run = chipmix("check", scenario(small(job__model="x1", baseline="x2", **{
        CLUSTER + "device": "x3", CLUSTER + "node": "x4", CLUSTER + "stack": "x5", CLUSTER + "fabric": "x6"})))
    assert run.returncode == BAD_INPUT and all(f"'x{number}'" in run.stderr for number in range(1, 7)), run.stderr
