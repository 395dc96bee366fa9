"""Does the table of commands hold: examples that work, completions, a manual, options only where they act?"""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from program import ANSWER, BAD_INPUT, PROGRAM, ROOT, USAGE, chipmix, on_terminal

FOLDERS = ("scenarios", "models", "hardware_profiles", "published_runs", "docs")


def commands() -> list[str]:
    return re.findall(r"^  ([a-z]+) ", chipmix("help").stdout.split("first steps")[0], re.MULTILINE)[:-1]


def examples(command: str) -> list[str]:
    text = chipmix("help", command).stdout
    part = re.search(r"^examples:\n(.*?)\n\n", text, re.MULTILINE | re.DOTALL)
    return [line.strip() for line in part[1].splitlines() if not line.startswith("  #")] if part else []


EXAMPLES = [line for command in commands() for line in examples(command)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A folder with the data folders, in which one example after another is run."""
    place = tmp_path_factory.mktemp("examples")
    for name in FOLDERS:
        (place / name).symlink_to(ROOT / name)
    return place


def shell(line: str, folder: Path, shell_program="bash") -> subprocess.CompletedProcess:
    path = f"{Path(PROGRAM).parent}:{os.environ['PATH']}"
    return subprocess.run([shell_program, "-c", line], cwd=folder, capture_output=True, encoding="utf-8", timeout=300,
                          env={**os.environ, "PATH": path, "MANPAGER": "cat"})


def test_does_every_command_have_examples_and_a_group():
    names = commands()
    assert {"compare", "nodes", "fabrics", "doctor", "man", "merge"} <= set(names)
    assert [name for name in names if not examples(name)] == []
    assert len(EXAMPLES) == len(set(EXAMPLES)) >= len(names)


@pytest.mark.parametrize("line", EXAMPLES)
def test_does_every_example_of_the_help_work(line, folder):
    run = shell(f"set -o pipefail; {line}", folder)
    assert run.returncode == ANSWER, run.stderr
    for name in re.findall(r"-o (\S+)", line):
        assert (folder / name).stat().st_size > 0


def test_is_the_reference_in_the_docs_the_one_the_program_writes():
    assert (ROOT / "docs" / "commands.md").read_text() == chipmix("man", "markdown").stdout


def test_does_groff_accept_the_man_page_and_show_every_command():
    page = chipmix("man").stdout
    run = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-rCHECKSTYLE=3"], input=page, capture_output=True,
                         encoding="utf-8")
    assert (run.returncode, run.stderr) == (0, "")
    plain = re.sub(r"\x1b\[\d+m|.\x08", "", run.stdout)
    for name in commands():
        assert f"chipmix {name}" in plain
    assert "EXIT STATUS" in plain and "CHIPMIX_DATA" in plain


def offered_by(shell_program: str, tmp_path, line: str) -> list[str]:
    """What a shell offers after the words of a line, the last of which is being typed."""
    script = tmp_path / "completion"
    script.write_text(chipmix("completion", shell_program).stdout)
    if shell_program == "fish":
        run = shell(f"source {script}; complete -C '{line}'", tmp_path, "fish")
        return [word.split("\t")[0] for word in run.stdout.splitlines()]
    words = line.split(" ")
    ask = f"source {script}; COMP_WORDS=({' '.join(w or repr('') for w in words)}); COMP_CWORD={len(words) - 1}; _chipmix"
    return shell(ask + "; printf '%s\\n' \"${COMPREPLY[@]}\"", tmp_path).stdout.split()


@pytest.mark.parametrize("name", ["bash", "fish"])
def test_does_a_shell_complete_commands_options_values_and_ids(name, tmp_path):
    assert {"compare", "completion"} <= set(offered_by(name, tmp_path, "chipmix comp"))
    assert "--engine" in offered_by(name, tmp_path, "chipmix compare --eng")
    assert offered_by(name, tmp_path, "chipmix compare --engine ev") == ["event"]
    assert "h800-sxm5-80gb" in offered_by(name, tmp_path, "chipmix devices h800")
    assert "h800-sxm5-80gb" in offered_by(name, tmp_path, "chipmix calibrate --device h800")
    assert "--seed" not in offered_by(name, tmp_path, "chipmix compare --see")
    assert "--seed" in offered_by(name, tmp_path, "chipmix calibrate --see")


def test_does_zsh_complete_commands_options_values_and_ids(tmp_path):
    """In a zsh that somebody types into: a pseudo terminal, tab after the words."""
    script = tmp_path / "_chipmix"
    script.write_text(chipmix("completion", "zsh").stdout)
    driver = """
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "PS1='> '; autoload -Uz compinit; compinit -u -d $1/dump; source $1/_chipmix; cd $1; print ready''now"
zpty -r z out '*readynow*'
zpty -n -w z "$2"$'\\t'
sleep 2
zpty -n -w z $'\\x01print -r -- \\'\\x05\\'; print fin''ished\\r'
zpty -r z out '*finished'
print -r -- $out
"""
    def completed(line: str) -> str:
        run = subprocess.run(["zsh", "-f", "-c", driver, "zsh", str(tmp_path), line], capture_output=True,
                             encoding="utf-8", timeout=60,
                             env={**os.environ, "PATH": f"{Path(PROGRAM).parent}:{os.environ['PATH']}", "TERM": "dumb"})
        return run.stdout
    assert "chipmix estimate" in completed("chipmix estim")
    assert "--engine=event" in completed("chipmix compare --engine=ev")
    assert "chipmix devices mtt-s4000" in completed("chipmix devices mtt-s4")


IDLE = {
    ("compare", "s.json", "--seed", "1"): "--seed has no effect in compare; it applies to: calibrate",
    ("devices", "--set", "a=1"): "--set has no effect in devices",
    ("check", "s.json", "--jobs", "2"): "--jobs has no effect in check",
    ("schema", "--format", "json"): "--format has no effect in schema",
    ("report", "s.json", "--format", "json"): "--format has no effect in report",
    ("plan", "s.json", "--option", "a", "--export", "megatron", "--top", "3"): "--top has no effect with --export",
    ("validate", "--energy", "--cases", "x.json"): "--cases has no effect with --energy",
    ("calibrate", "x", "--device", "a", "--set", "b=1"): "--set changes a --scenario",
    ("calibrate", "x", "--stack", "a", "--seed", "1"): "--seed has no effect with --stack",
    ("estimate", "s.json", "--option", "a", "-o", "x.html"): "is written by 'chipmix report",
    ("compare", "s.json", "--language", "zh"): "--language applies to reports",
    ("compare", "s.json", "-o", "x.json", "--author", "A"): "--author applies to reports",
    ("sweep", "s.json", "--vary", "job.global_batch=256", "-o", "x.csv", "--format", "json"):
        "--format has no effect with -o x.csv",
}


@pytest.mark.parametrize("words", IDLE, ids=" ".join)
def test_is_an_option_refused_where_it_would_be_ignored(words, scenario):
    run = chipmix(*words, cwd=scenario().parent)
    assert (run.returncode, run.stdout) == (USAGE, "") and IDLE[words] in run.stderr


@pytest.mark.parametrize("words", [("devices",), ("nodes", "hgx-h100"), ("fabrics",), ("compare", "s.json"),
                                   ("doctor",), ("sweep", "s.json", "--vary", "job.global_batch=256")], ids=" ".join)
def test_does_the_ending_of_the_file_say_how_it_is_written(words, scenario):
    folder = scenario().parent
    for end, dress in ((".json", "json"), (".csv", "csv"), (".md", "markdown")):
        if words[0] == "sweep" and end == ".csv":
            continue
        assert chipmix(*words, "-o", f"x{end}", "--quiet", cwd=folder).returncode == ANSWER
        assert (folder / f"x{end}").read_text() == chipmix(*words, "--format", dress, cwd=folder).stdout
    assert chipmix(*words, "-o", "x.txt", cwd=folder).returncode == ANSWER
    assert (folder / "x.txt").read_text() == chipmix(*words, cwd=folder).stdout


def test_does_a_format_that_is_named_win_over_the_ending(scenario):
    assert chipmix("links", "-o", "x.csv", "--format", "json", cwd=scenario().parent).returncode == ANSWER
    assert json.loads((scenario().parent / "x.csv").read_text())["links"]


def test_does_the_doctor_find_everything_here_and_say_so():
    run = chipmix("doctor", "--json")
    assert run.returncode == ANSWER, run.stdout
    found = json.loads(run.stdout)
    assert found["well"] and found["faults"] == [] and found["program"]["version"]
    assert run.stdout == chipmix("doctor", "--format", "json").stdout
    data = {row["kind"]: row for row in found["data"]}
    for kind in ("devices", "nodes", "links", "fabrics", "stacks"):
        assert data[kind]["files"] == data[kind]["clean"] == len(list((ROOT / "hardware_profiles" / kind).glob("*.json")))
    assert data["models"]["clean"] == len(list((ROOT / "models").glob("*.json")))
    assert all(row["files"] == row["clean"] for row in found["data"])
    assert {row["part"]: row["found"] for row in found["optional"]}["SimGrid player"]


def test_does_the_doctor_name_a_file_that_cannot_be_read(tmp_path):
    broken = tmp_path / "hardware_profiles" / "links" / "broken.json"
    broken.parent.mkdir(parents=True)
    broken.write_text('{"id": "broken"}')
    run = chipmix("doctor", env={**os.environ, "CHIPMIX_DATA": str(tmp_path)})
    assert run.returncode == BAD_INPUT and "links 'broken'" in run.stdout and str(broken) in run.stdout


def test_does_the_doctor_do_without_python(tmp_path):
    run = chipmix("doctor", "--json", env={**os.environ, "PATH": str(tmp_path)})
    assert run.returncode == ANSWER
    parts = {row["part"]: row["found"] for row in json.loads(run.stdout)["optional"]}
    assert parts["Python 3"] is None and parts["Chromium or WeasyPrint"] is None


def test_are_plans_accepted_as_they_are_printed(scenario):
    answer = json.loads(chipmix("compare", scenario(), "--format", "json").stdout)["options"][0]
    printed = next(row for row in chipmix("compare", scenario(), "--format", "csv").stdout.splitlines() if "TP" in row)
    words = re.search(r"TP\d+ PP\d+ DP\d+[^,\"]*", printed)[0]
    given = json.loads(chipmix("compare", scenario(), "--format", "json", "--set",
                               f"options.a.plan=\"{words}\"").stdout)["options"][0]
    assert given["plan"] == answer["plan"] and given["step_time_s"] == answer["step_time_s"]
    run = chipmix("explain", scenario(), "--option", "a", "--neighbour", words)
    assert run.returncode == ANSWER
    same = chipmix("explain", scenario(), "--option", "a", "--neighbour", "TP=2,PP=2").stdout
    assert same == chipmix("explain", scenario(), "--option", "a", "--neighbour", "tp2 pp2").stdout
    wrong = chipmix("compare", scenario(), "--set", 'options.a.plan="TP2 DP7"')
    assert wrong.returncode == BAD_INPUT and "DP7: 64 ranks leave DP32" in wrong.stderr
    assert "'XP3' is not part of a plan" in chipmix("compare", scenario(), "--set", 'options.a.plan="XP3"').stderr


def test_does_the_schema_offer_ids_and_let_others_stand():
    schema = json.loads(chipmix("schema").stdout)
    text = json.dumps(schema)
    for known in ("deepseek-v3", "h800-sxm5-80gb", "hgx-h100", "fat-tree-non-blocking", "megatron-core", "roce-200"):
        assert f'"{known}"' in text
    model = schema["properties"]["job"]["properties"]["model"]
    assert "llama-3.1-8b" in model["anyOf"][0]["enum"] and model["anyOf"][1] == {"type": "string"}
    assert "nvlink4" in json.loads(chipmix("schema", "node").stdout)["properties"]["scale_up"]["anyOf"][0]["enum"]


def test_are_hidden_sizes_and_steps_shown_in_full(scenario):
    assert "12,288" in chipmix("models", "gpt-3-175b").stdout and "12,290" not in chipmix("models", "gpt-3-175b").stdout
    text = chipmix("estimate", ROOT / "scenarios" / "llama31_405b.json", "--option", "h100").stdout
    assert re.search(r"step time, best plan +[\d.]+ s +[\d.]+ s - [\d.]+ s +best plan's steps\n", text)


def test_is_what_a_narrow_terminal_leaves_out_said():
    _, text = on_terminal("models", "--quiet", columns=80)
    assert re.search(r"\(no room at 80 columns for: name[;,]", re.sub(r"\x1b\[\d*m", "", text))
    assert "no room" not in chipmix("models").stdout
