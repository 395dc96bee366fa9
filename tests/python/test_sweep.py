"""Many points: the answer of one command at each, nothing lost when the program is killed, and nothing asked twice."""

import csv
import io
import json
import signal
import subprocess
import time

import pytest

from program import ANSWER, BAD_FILE, BAD_INPUT, PROGRAM, RENT, USAGE, chipmix, small

RENTS = "options.a.rent.value=1:3:5 USD/h"
BATCHES = "job.global_batch=64,128,many,256"


def fixed() -> dict:
    """Two options on eight devices, their plans fixed, so that nothing is searched for long."""
    content = small()
    cluster = {"device": "h100-sxm5-80gb", "devices": 8, "fabric": "rail-optimised-non-blocking"}
    content["options"] = [
        {"name": name, "cluster": cluster, "plan": {"tensor": 2, "recompute": "full"}, "rent": RENT} for name in "ab"
    ]
    return content


def searched() -> dict:
    content = small(options__0__cluster__devices=1024)
    return content


def rows(text: str) -> list[dict]:
    return list(csv.DictReader(io.StringIO(text)))


def sweep(path, *words, code=ANSWER):
    run = chipmix("sweep", path, *words, "--quiet")
    assert run.returncode == code, run
    return run


def test_is_every_row_the_answer_of_estimate_with_the_same_values_set(scenario):
    path = scenario(fixed())
    table = rows(sweep(path, "--vary", RENTS, "--vary", BATCHES, "--format", "csv").stdout)
    assert [(int(row["point"]), row["option"]) for row in table] == [(p, o) for p in range(20) for o in "ab"]
    assert len({row["key"] for row in table}) == 40
    for row in table[::3]:
        values = [f"{path_}={row[path_]}" for path_ in ("options.a.rent.value", "job.global_batch")]
        run = chipmix("estimate", path, "--option", row["option"], "--format", "json",
                      *(word for value in values for word in ("--set", value)))
        if row["job.global_batch"] == '"many"':
            assert (run.returncode, row["feasible"]) == (BAD_INPUT, "false")
            assert "expected a whole number, found text at '/job/global_batch'" in row["error"]
            continue
        answer = json.loads(run.stdout)
        assert float(row["step_time_s"]) == answer["step_time_s"] and float(row["mfu"]) == answer["mfu"]
        assert float(row["cost_usd"]) == answer["cost"]["total"] and float(row["days"]) == answer["days"]
        assert row["error"] == row["reason"] == ""


def test_do_intervals_come_when_asked_for(scenario):
    path = scenario(fixed())
    words = ("--vary", RENTS, "--option", "a", "--format", "csv")
    assert "days_p10" not in rows(sweep(path, *words).stdout)[0]
    row = rows(sweep(path, *words, "--intervals").stdout)[2]
    answer = json.loads(chipmix("estimate", path, "--option", "a", "--format", "json").stdout)
    assert float(row["days_p90"]) == answer["days_p90"] and float(row["cost_p10_usd"]) == answer["cost"]["p10"]


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_do_shards_merged_make_the_file_of_the_whole_sweep(kind, scenario, tmp_path):
    path = scenario(fixed())
    whole, merged = tmp_path / f"whole.{kind}", tmp_path / f"merged.{kind}"
    axes = ("--vary", RENTS, "--vary", BATCHES)
    sweep(path, *axes, "--output", whole)
    parts = [tmp_path / f"part{i}.{kind}" for i in range(3)]
    for i, part in enumerate(parts):
        sweep(path, *axes, "--shard", f"{i + 1}/3", "--output", part, "--jobs", i + 1)
    assert chipmix("merge", *reversed(parts), "--output", merged).returncode == ANSWER
    assert merged.read_bytes() == whole.read_bytes()
    assert whole.read_text().count("\n") == 40 + (kind == "csv")
    gap = chipmix("merge", parts[0], parts[2], "--output", merged)
    assert gap.returncode == 1 and "points missing from all files: 1, 4, 7, 10, 13, 16" in gap.stderr


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_is_nothing_lost_and_nothing_repeated_when_a_sweep_is_killed(kind, scenario, tmp_path):
    path = scenario(searched())
    axes = ("--vary", "job.global_batch=64:1024:16", "--vary", "options.a.rent.value=1 USD/h,2 USD/h")
    whole, killed = tmp_path / f"whole.{kind}", tmp_path / f"killed.{kind}"
    sweep(path, *axes, "--output", whole)
    words = [PROGRAM, "sweep", str(path), *axes, "--output", str(killed), "--jobs", "1", "--quiet"]
    process = subprocess.Popen(words)
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        if killed.exists() and killed.read_bytes().count(b"\n") > 4:
            break
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    process.wait()
    kept = killed.read_bytes()
    assert whole.read_bytes().startswith(kept)
    with killed.open("ab") as file:
        file.write(b"0123abcd-torn")
    assert chipmix("sweep", path, *axes, "--output", killed).returncode == BAD_FILE  # without --resume
    again = chipmix("sweep", path, *axes, "--output", killed, "--resume")
    there = kept.count(b"\n") - (kind == "csv")
    assert again.returncode == ANSWER and f"{there} rows are done, {32 - there} to go" in again.stderr
    assert killed.read_bytes() == whole.read_bytes()


WRONG = {
    ("--vary", "job.global_bach=1,2"): (BAD_INPUT, "did you mean 'global_batch'?"),
    ("--vary", "jobs.global_batch=1,2"): (BAD_INPUT, "did you mean 'job'?"),
    ("--vary", "options.c.rent.value=1 USD/h"): (BAD_INPUT, "there is no 'c' in 'options'"),
    ("--vary", "job.tokens"): (USAGE, "--vary needs PATH=V1,V2"),
    ("--vary", "job.tokens=1T,1T"): (USAGE, "twice"),
    ("--vary", "job.tokens=1:2:1"): (USAGE, "a range has 2 to"),
    ("--vary", "job.tokens=1T", "--vary", "job.tokens=2T"): (USAGE, "change the same value"),
    ("--vary", "currency=USD,CNY"): (USAGE, "'currency' cannot vary"),
    ("--vary", "job.tokens=1T", "--shard", "3/2"): (USAGE, "--shard needs I/N"),
    ("--vary", "job.tokens=1T", "--option", "z"): (USAGE, "no option 'z'"),
    ("--vary", "job.tokens=1T", "--output", "rows.xlsx"): (USAGE, "ends in .csv or .jsonl"),
    ("--vary", "job.tokens=1T", "--resume"): (USAGE, "--resume needs --output"),
    ("--vary", "job.tokens=1T", "--output", "nowhere/rows.csv"): (BAD_FILE, "nowhere/rows.csv"),
    (): (USAGE, "sweep needs --vary"),
}


@pytest.mark.parametrize("words", WRONG, ids=" ".join)
def test_is_a_wrong_word_refused_before_anything_is_computed(words, scenario):
    run = chipmix("sweep", scenario(fixed()), *words)
    code, message = WRONG[words]
    assert (run.returncode, run.stdout) == (code, "") and message in run.stderr, run


def test_are_values_that_are_not_valid_said_on_stderr(scenario, tmp_path):
    """Rows with a fault each are no answer: exit 3 where all of them are, and what is wrong once, not in a last column."""
    path = scenario(fixed())
    run = chipmix("sweep", path, "--vary", "options.a.cluster.device=h1oo,h2oo", "--output", tmp_path / "rows.csv")
    assert run.returncode == BAD_INPUT
    assert "chipmix: no row is valid, of 4:" in run.stderr  # two values, two options
    assert 'options.a.cluster.device = "h1oo"' in run.stderr and "unknown device 'h2oo'" in run.stderr
    run = chipmix("sweep", path, "--vary", "options.a.cluster.device=h1oo,h100", "--output", tmp_path / "some.csv")
    assert run.returncode == ANSWER and "unknown device 'h1oo'" in run.stderr and "2 of 4 rows are not" in run.stderr


def test_is_a_file_of_another_scenario_or_another_grid_left_as_it_was(scenario, tmp_path):
    path, file = scenario(fixed()), tmp_path / "rows.csv"
    sweep(path, "--vary", RENTS, "--output", file)
    before = file.read_bytes()
    for words in (("--vary", RENTS, "--set", "job.tokens=3T"), ("--vary", BATCHES), ("--vary", RENTS, "--intervals"),
                  ("--vary", RENTS.replace(":5 ", ":3 ")), ("--vary", RENTS, "--shard", "1/2"),
                  ("--vary", RENTS, "--option", "a")):
        run = chipmix("sweep", path, *words, "--output", file, "--resume")
        assert run.returncode == BAD_FILE and "holds rows of another sweep" in run.stderr
        assert file.read_bytes() == before
    changed = fixed()
    changed["job"]["expert_imbalance"] = 1.5
    run = chipmix("sweep", scenario(changed), "--vary", RENTS, "--output", file, "--resume")
    assert run.returncode == BAD_FILE and file.read_bytes() == before


def test_are_files_refused_that_merge_cannot_put_together(scenario, tmp_path):
    path, one, two, out = scenario(fixed()), tmp_path / "1.csv", tmp_path / "2.csv", tmp_path / "out.csv"
    sweep(path, "--vary", RENTS, "--output", one)
    sweep(path, "--vary", RENTS, "--set", "job.tokens=2T", "--output", two)
    (tmp_path / "note.csv").write_text("name,age\n")
    for files, code, message in (((one, two), BAD_FILE, "belongs to another sweep"),
                                 ((one, tmp_path / "note.csv"), BAD_FILE, "is not a file of a sweep"),
                                 ((one, tmp_path / "none.csv"), BAD_FILE, "No such file"),
                                 ((one, tmp_path / "x.jsonl"), USAGE, "have different formats")):
        run = chipmix("merge", *files, "--output", out)
        assert run.returncode == code and message in run.stderr and not out.exists()
    assert chipmix("merge", one).returncode == USAGE


def test_is_a_row_cut_in_the_middle_of_a_file_told(scenario, tmp_path):
    path, file = scenario(fixed()), tmp_path / "a.csv"
    words = ["--vary", "job.tokens=1T,2T,3T", "--output", file]
    sweep(path, *words)
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join([*lines[:2], lines[2][:90] + "\n", *lines[3:]]))
    run = chipmix("sweep", path, *words, "--resume")
    assert run.returncode == BAD_FILE and "line 3 is truncated" in run.stderr
    run = chipmix("merge", file, "--output", tmp_path / "b.csv")
    assert run.returncode == BAD_FILE and "line 3 is truncated" in run.stderr and not (tmp_path / "b.csv").exists()
