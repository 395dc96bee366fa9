"""What 'estimate' tells of its option: targets that it misses, formats that its plan needs, and nothing of the others."""

import csv
import io
import json
import re

import pytest

from program import ANSWER, RENT, ROOT, chipmix, small

STAGES = ROOT / "scenarios" / "qwen3_235b_stages.json"
LING = ROOT / "scenarios" / "ling_plus.json"


def told(*words) -> str:
    run = chipmix(*words)
    assert (run.returncode, run.stderr) == (ANSWER, ""), run
    return " ".join(run.stdout.split())


def asked(*words) -> dict:
    run = chipmix(*words, "--format", "json")
    assert (run.returncode, run.stderr) == (ANSWER, ""), run
    return json.loads(run.stdout)


def test_is_a_missed_deadline_told_as_compare_tells_it():
    one = asked("estimate", STAGES, "--option", "h800")
    beside = next(o for o in asked("compare", STAGES)["options"] if o["name"] == "h800")
    for target, by in (("deadline", "days_late"), ("budget", "over")):
        assert not one[target]["met"] and one[target][by] == pytest.approx(beside[target][by]) and one[target][by] > 0
        assert one[target]["probability"] == pytest.approx(beside[target]["probability"])
    text = told("estimate", STAGES, "--option", "h800")
    late, over = one["deadline"]["days_late"], one["budget"]["over"] / 1e3
    assert f"The deadline of 60 days is missed by {late:.1f} days" in text and f"is exceeded by {over:.0f} k USD" in text


@pytest.mark.parametrize("deadline, words", [("400 days", "is kept"), ("1 day", "is missed by")])
def test_is_a_deadline_that_is_kept_told_too(scenario, deadline, words):
    assert words in told("estimate", scenario(small(job__deadline=deadline)), "--option", "a")


def test_has_every_figure_a_name_of_its_own():
    run = chipmix("estimate", LING, "--option", "E", "--format", "csv")
    names = [row[0] for row in csv.reader(io.StringIO(run.stdout))]
    assert len(names) > 8 and len(set(names)) == len(names)


def test_are_assumptions_of_other_options_left_out(scenario):
    content = small()
    content["options"].append({"name": "other", "cluster": {"device": "mi300x", "devices": 64}})
    path = scenario(content)
    mine, theirs = (told("estimate", path, "--option", name) for name in ("a", "other"))
    assert "MI300X" in theirs and "no price given" in theirs and "mi300x-platform" in theirs
    assert "MI300X" not in mine and "no price given" not in mine and "mi300x-platform" not in mine
    assert "mi300x-platform" in told("compare", path)


def test_are_defaults_of_the_job_still_told(scenario):
    content = small()
    del content["job"]["practice"]
    assert "practice typical" in told("estimate", scenario(content), "--option", "a")


def test_are_gradients_beside_the_plan_where_they_are_not_in_fp32(scenario):
    """Megatron-Core's recipes sum gradients up in bf16, Megatron-LM in fp32 (hardware_profiles/stacks)."""
    content = small()
    content["options"].append({**content["options"][0], "name": "b", "label": "b"})
    for option, stack in zip(content["options"], ("megatron-core", "megatron-lm")):
        option["cluster"] = {**option["cluster"], "stack": stack}
    path = scenario(content)
    narrow, wide = asked("compare", path)["options"]
    assert [one["precision"][0]["gradients"] for one in (narrow, wide)] == ["bf16", "fp32"]
    assert [one["precision"][0]["gradient_bytes"] for one in (narrow, wide)] == [2, 4]
    mine, theirs = (told("estimate", path, "--option", name) for name in ("a", "b"))
    assert re.search(r"Plan on 64 \S+: TP[^:]*, bf16 gradients\.", mine)
    assert "bf16 gradients" not in theirs and "its gradient 4 (fp32)" in theirs
    assert "gradients, megatron-core bf16" in mine and "gradients, megatron-core" not in theirs
    for words in (("compare",), ("compare", "--details"), ("explain", "--option", "a", "--account", "optimizer")):
        assert "bf16 gradients" in told(words[0], path, *words[1:])


def test_is_it_told_that_a_plan_fits_by_narrow_gradients_alone():
    """The ledger's gradients doubled: two bytes more a weight."""
    one = asked("estimate", LING, "--option", "C")
    fullest = max((stage["peak_gib"] + sum(entry["gib"] for entry in stage["ledger"] if entry["account"] == "gradients"))
                  / stage["capacity_gib"] for stage in one["memory"])
    text = told("estimate", LING, "--option", "C")
    (said,) = re.findall(r"With fp32 gradients the fullest rank would take ([\d.]+) % of its memory", text)
    assert float(said) == pytest.approx(100 * fullest, rel=2e-3)
    assert ("this plan would not fit" in text) == (fullest > 1)


def test_has_a_report_the_formats_in_its_chapter_of_plans(tmp_path):
    file = tmp_path / "r.md"
    assert chipmix("report", LING, "-o", file).returncode == ANSWER
    plans = file.read_text().split("## Plan and time")[1].split("\n## ")[0]
    assert "bf16 gradients" in plans
