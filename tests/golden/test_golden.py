"""Did any answer change? Each .txt file here is a transcript: commands as typed, then what they print.

A line "$ chipmix WORDS" is run in this folder; below it stand stdout, stderr (after a line "[stderr]") and "[exit N]"
for any N but 0. To add a case, write the line with the command and run with --update.
"""

import difflib
import re
import shlex
from pathlib import Path

import pytest

from program import ROOT, chipmix

HERE = Path(__file__).resolve().parent
TRANSCRIPTS = sorted(HERE.glob("*.txt"))
PROMPT = "$ chipmix "

# What differs from run to run or from machine to machine, and what stands for it.
MASKS = [
    (re.compile(r"(played to the end, )\d[\d.,]* (ns|µs|ms|s|min)\."), r"\1TIME."),
    (re.compile(re.escape(str(ROOT))), "ROOT"),
]


def play(command: str) -> str:
    """The command and what it prints, as a transcript shows it."""
    run = chipmix(*shlex.split(command.removeprefix(PROMPT)), cwd=HERE)
    text = command + "\n" + run.stdout
    if run.stderr:
        text += "[stderr]\n" + run.stderr
    if run.returncode:
        text += f"[exit {run.returncode}]\n"
    for pattern, sign in MASKS:
        text = pattern.sub(sign, text)
    return text


def replay(transcript: str) -> str:
    commands = [line for line in transcript.splitlines() if line.startswith(PROMPT)]
    return "\n".join(play(command) for command in commands)


def test_are_there_transcripts_of_every_command():
    lines = [line for path in TRANSCRIPTS for line in path.read_text(encoding="utf-8").splitlines()]
    commands = {line.split()[2] for line in lines if line.startswith(PROMPT)}
    assert commands >= {"compare", "estimate", "plan", "explain", "check", "devices", "models", "links", "stacks", "procure",
                        "calibrate"}


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_is_every_answer_what_it_was(path, request):
    before = path.read_text(encoding="utf-8")
    now = replay(before)
    if request.config.getoption("--update"):
        path.write_text(now, encoding="utf-8")
        return
    changes = difflib.unified_diff(before.splitlines(), now.splitlines(), path.name, "now", lineterm="", n=1)
    assert now == before, "\n".join(changes) + "\n(if this is meant: pytest tests/golden --update)"
