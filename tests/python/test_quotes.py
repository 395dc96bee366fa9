"""Until when prices hold: read with their places, and told by every answer that rests on them."""

import json
import os

import pytest

from program import ANSWER, BAD_INPUT, ROOT, chipmix, small
from purchases import figure, scenario_of, supply

BEFORE, AFTER = ({**os.environ, "SOURCE_DATE_EPOCH": str(day * 86400)} for day in (20_000, 20_500))  # 2024-10-04, 2026-02-16
LAST = "2025-12-31"  # 47 days before the second


def valid(day=LAST, **changes) -> dict:
    return small(options__0__valid_until=day, **changes)


@pytest.mark.parametrize("day", ["2026-02-30", "2026-13-01", "31.12.2025", "", "2025-12"])
def test_is_what_is_no_day_a_fault_with_its_place(scenario, day):
    run = chipmix("compare", scenario(valid(day)))
    assert run.returncode == BAD_INPUT
    assert "YYYY-MM-DD" in run.stderr and f'"valid_until": "{day}"' in run.stderr and "^" in run.stderr


def test_is_a_day_without_a_price_a_fault(scenario):
    content = valid()
    del content["options"][0]["rent"]
    run = chipmix("compare", scenario(content))
    assert run.returncode == BAD_INPUT and "no price of its own that could expire" in run.stderr


@pytest.mark.parametrize("place", ["buy", "rent"])
def test_is_a_wrong_day_of_a_purchase_a_fault(scenario, place):
    content = scenario_of({"months": 6, "supplies": [supply("a", rent={})]})
    content["procurement"]["supplies"][0][place] = {"valid_until": "soon"}
    run = chipmix("procure", scenario(content))
    assert run.returncode == BAD_INPUT and '"valid_until": "soon"' in run.stderr


@pytest.mark.parametrize("words", [("compare",), ("compare", "--details"), ("estimate", "--option", "a"),
                                   ("plan", "--option", "a")])
def test_does_an_answer_say_that_a_quote_is_out_of_date(scenario, words):
    command, *others = words
    path = scenario(valid())
    holds, past = (" ".join(chipmix(command, path, *others, env=day).stdout.split()) for day in (BEFORE, AFTER))
    assert f"a until {LAST}" in holds and "out of date" not in holds
    assert f"Prices out of date on 2026-02-16: a until {LAST} (47 days ago)." in past


def test_does_json_have_the_day(scenario):
    run = chipmix("compare", scenario(valid()), "--format", "json")
    assert json.loads(run.stdout)["options"][0]["valid_until"] == LAST


def test_does_a_report_ask_while_the_quote_holds_and_warn_after(scenario, tmp_path):
    path, file = scenario(valid()), tmp_path / "r.md"
    said = []
    for day in (BEFORE, AFTER):
        assert chipmix("report", path, "-o", file, env=day).returncode == ANSWER
        said.append(file.read_text())
    assert f"- Quotes hold until: a {LAST}." in said[0]
    assert f"- Quotes out of date: a {LAST}. Ask for new ones before signing." in said[1]
    without = chipmix("report", scenario(small()), "-o", file)
    assert without.returncode == ANSWER and "No quote has an expiry date" in file.read_text()


def test_does_a_purchase_say_until_when_what_it_rents_is_offered(scenario):
    content = scenario_of({"months": 12, "supplies": [supply("a", rent={"valid_until": LAST}), supply("b")]}, tokens="200B")
    content["procurement"]["supplies"][1]["rent"] = {"price": figure("9 USD/h")}
    path = scenario(content)
    holds, past = (" ".join(chipmix("procure", path, env=day).stdout.split()) for day in (BEFORE, AFTER))
    assert f"Prices hold: renting a until {LAST}." in holds
    assert f"renting a until {LAST} (47 days ago)" in past


def test_do_the_shipped_scenarios_promise_no_day():
    """Their prices are quotes of the past, and their transcripts the same on every day."""
    for path in sorted((ROOT / "scenarios").glob("*.json")):
        assert "valid_until" not in path.read_text(encoding="utf-8"), path
