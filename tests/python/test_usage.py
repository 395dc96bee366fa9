"""Is a command line that makes no sense refused with exit code 2 and a word on what would?"""

import subprocess

import pytest

from program import ANSWER, BAD_INPUT, FORMATS, USAGE, chipmix

COMMANDS = ("compare", "estimate", "plan", "explain", "import", "check", "schema", "devices", "models", "links", "stacks",
            "nodes", "fabrics", "completion", "man", "doctor")

WRONG = {
    ("comapre", "s.json"): "did you mean 'compare'?",
    ("compare",): "compare needs SCENARIO",
    ("compare", "s.json", "t.json"): "unexpected argument 't.json'",
    ("compare", "s.json", "--format", "xyz"): "one of: table, json, csv, markdown",
    ("compare", "s.json", "--outptu", "x"): "did you mean '--output'?",
    ("compare", "s.json", "--jobs", "0"): "a whole number from 1",
    ("compare", "s.json", "--jobs", "many"): "a whole number from 1",
    ("calibrate", "s.json", "--device", "a", "--seed", "-1"): "a whole number from 0",
    ("compare", "s.json", "--set"): "--set needs a value",
    ("compare", "s.json", "--set", "job.tokens"): "--set needs PATH=VALUE",
    ("compare", "s.json", "--quiet=yes"): "--quiet takes no value",
    ("compare", "s.json", "--output", "a", "--output", "b"): "given 2 times",
    ("estimate", "s.json"): "estimate needs --option NAME",
    ("estimate", "s.json", "--option", "b"): "no option 'b' in this scenario, one of: a",
    ("plan", "s.json", "--option", "a", "--top", "0"): "at least 1, not '0'",
    ("plan", "s.json", "--option", "a", "--top", "99999999999"): "at least 1",
    ("explain", "s.json", "--option", "a"): "explain needs either --account A or --neighbour",
    ("explain", "s.json", "--option", "a", "--account", "zzz"): "accounts: matrix products",
    ("check",): "check needs FILE",
    ("schema", "scenari"): "did you mean 'scenario'?",
    ("help", "zzz"): "unknown command 'zzz'",
    ("completion", "csh"): "unknown SHELL 'csh'",
}


@pytest.mark.parametrize("words", WRONG, ids=" ".join)
def test_is_a_wrong_command_line_refused(words, scenario):
    run = chipmix(*words, cwd=scenario().parent)
    assert (run.returncode, run.stdout) == (USAGE, ""), run
    assert run.stderr.startswith("chipmix: ") and WRONG[words] in run.stderr
    assert "--help'" in run.stderr.splitlines()[-1]


def test_does_help_name_every_command_and_option():
    for words in ((), ("--help",), ("help",)):
        run = chipmix(*words)
        assert (run.returncode, run.stderr) == (ANSWER, "")
        assert all(f"\n  {command} " in run.stdout for command in COMMANDS)
    for command in COMMANDS:
        text = chipmix(command, "--help").stdout
        assert f"usage: chipmix {command}" in text and "--output" in text and "examples:" in text
        assert text == chipmix("help", command).stdout


@pytest.mark.parametrize("kind", ["devices", "models", "links", "stacks", "nodes", "fabrics"])
def test_is_an_unknown_profile_refused_and_a_way_on_shown(kind):
    for word in ("zzz", "", "../../no/such"):
        run = chipmix(kind, word)
        assert (run.returncode, run.stdout) == (BAD_INPUT, "")
        assert f"no '{word}' among the {kind}" in run.stderr and "hint: " in run.stderr


@pytest.mark.parametrize("kind", ["devices", "models", "links", "stacks", "nodes", "fabrics"])
@pytest.mark.parametrize("dress", FORMATS)
def test_is_every_profile_listed_and_shown_in_every_format(kind, dress):
    first = chipmix(kind, "--format", "csv").stdout.splitlines()[1].split(",")[0]
    for words in ((kind,), (kind, first)):
        run = chipmix(*words, "--format", dress)
        assert (run.returncode, run.stderr) == (ANSWER, "") and run.stdout.count("\n") > 5
    assert first in chipmix(kind, "--format", dress).stdout


def test_does_bash_accept_the_completion_and_complete_with_it():
    script = chipmix("completion", "bash").stdout
    ask = "\nCOMP_WORDS=(chipmix comp); COMP_CWORD=1; _chipmix; echo ${COMPREPLY[@]}"
    run = subprocess.run(["bash", "-c", script + ask], capture_output=True, text=True)
    assert (run.stdout.split(), run.stderr) == (["compare", "completion"], "")
