"""Did an answer change? Every change beyond 0.1 % is listed. One that is meant is accepted with its reason:
/usr/bin/python3 tests/regression/answers.py "why"."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
import answers  # noqa: E402


@pytest.fixture(scope="module")
def new():
    return answers.today()


def test_are_all_answers_what_they_were(new):
    changes = answers.changed(answers.known(), new)
    listed = "\n".join(f"{name}: {changes[name]}" for name in sorted(changes))
    assert not changes, f"{len(changes)} of {len(new)} answers changed:\n{listed}\n(if meant: answers.py \"why\")"


def test_are_enough_answers_kept(new):
    assert len(new) >= 600
    assert sum("cannot_run" not in answer for answer in new.values()) >= 600


def test_is_a_change_found_and_named():
    old = {"a": {"value": 1.0, "cost": 2.0, "accounts": {"experts": 0.5, "host": 0.5}}, "b": {"value": 1.0},
           "c": {"value": 1.0}, "d": {"cannot_run": "no memory"}, "e": {"value": 1.0}}
    new = {"a": {"value": 1.01, "cost": 2.0, "accounts": {"experts": 0.52, "host": 0.48}},
           "b": {"cannot_run": "no memory"},
           "c": {"value": 1.0005}, "d": {"cannot_run": "memory is short"}, "f": {"value": 1.0}}
    changes = answers.changed(old, new)
    assert set(changes) == {"a", "b", "e", "f"}
    assert changes["a"].startswith("value 1.0 -> 1.01 (+1.00 %); ") and "experts +2.00 points" in changes["a"]
    assert changes["b"].startswith("CANNOT RUN any more") and changes["e"] == "is gone" and changes["f"] == "is new"


def test_has_every_accepted_change_a_reason():
    rows = [line for line in answers.ACCEPTED.read_text(encoding="utf-8").splitlines() if line.startswith("| 20")]
    assert rows and all(len(row.split("|")[3].strip()) > 10 for row in rows)
