"""Is a plan that cannot run an answer, with the reason in numbers, in every format and by every command?"""

import csv
import io
import json
import re

import pytest

from program import ANSWER, FORMATS, NO_ANSWER, SMALL, chipmix, small

TOO_BIG = small(job__model="llama-3.1-405b", options__0__cluster__devices=8)
REASONS = {
    "a search in which nothing fits": (TOO_BIG, r"nearest: TP\d+ .* needs [\d.]+ GiB on a rank with 80.0 GiB"),
    "a plan that does not fit": (
        small(job__model="llama-3.1-405b", options__0__plan={"tensor": 8}), r"needs [\d.]+ GiB on a rank .* GiB short"),
    "heads not divisible by TP": (
        small(options__0__plan={"tensor": 64}), r"32 attention heads cannot be divided over TP 64"),
    "a batch not divisible": (
        small(options__0__plan={"micro_batch": 3}), r"256 cannot be divided by micro-batch x DP = 192"),
    "more stages than layers": (
        small(options__0__plan={"pipeline": 64}), r"32 layers are fewer than PP x interleave = 64"),
    "experts a dense model has not": (small(options__0__plan={"expert": 2}), r"no experts, but EP is 2"),
    "degrees that divide nothing": (
        small(options__0__search={"tensor": [3]}), r"64 ranks, 32 layers, 32 attention heads"),
    "fp8 on a chip without it": (
        small(job__dtype="fp8", options__0__cluster__device="a100-sxm4-80gb"), r"A100 .* has no fp8 rate"),
}


@pytest.mark.parametrize("name", REASONS)
def test_is_the_reason_told(name, scenario):
    content, reason = REASONS[name]
    path = scenario(content)
    one = (path, "--option", "a")
    for words in (("compare", path), ("estimate", *one), ("explain", *one, "--account", "x")):
        for dress in FORMATS:
            run = chipmix(*words, "--format", dress)
            assert (run.returncode, run.stderr) == (NO_ANSWER, ""), run
            assert re.search(reason, re.sub(r"\s+", " ", run.stdout)), run.stdout
    assert chipmix("check", path).returncode == ANSWER  # nothing is wrong with the file


def test_is_the_shortfall_the_difference_of_need_and_capacity(scenario):
    path = scenario(REASONS["a plan that does not fit"][0])
    reason = json.loads(chipmix("estimate", path, "--option", "a", "--format", "json").stdout)["reason"]
    need, capacity, short = (float(number) for number in re.findall(r"([\d.]+) GiB", reason))
    assert short > 0 and need - capacity == pytest.approx(short, abs=0.11)


def test_does_an_option_that_cannot_run_leave_the_others_their_answer(scenario):
    impossible = {**SMALL["options"][0], "name": "b", "plan": {"tensor": 64}}
    path = scenario({**SMALL, "options": [*SMALL["options"], impossible]})
    run = chipmix("compare", path, "--format", "json")
    first, second = json.loads(run.stdout)["options"]
    assert (run.returncode, first["feasible"], second["feasible"]) == (ANSWER, True, False)
    rows = list(csv.DictReader(io.StringIO(chipmix("compare", path, "--format", "csv").stdout)))
    assert [bool(row["reason"]) for row in rows] == [False, True]


def test_does_the_plan_command_say_what_nearly_fitted(scenario):
    run = chipmix("plan", scenario(TOO_BIG), "--option", "a", "--format", "json")
    answer = json.loads(run.stdout)
    assert (run.returncode, answer["plans"]) == (NO_ANSWER, [])
    assert answer["search"]["considered"] > 0 and answer["search"]["fitting"] == 0
    assert "nearest: TP" in chipmix("plan", scenario(TOO_BIG), "--option", "a").stdout
