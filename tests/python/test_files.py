"""Do files that cannot be read or written end with exit code 4, and is an output file whole or not there at all?"""

import os
import subprocess

import pytest

from program import ANSWER, BAD_FILE, BAD_INPUT, NO_ANSWER, PROGRAM, chipmix, small


def test_is_a_folder_or_a_missing_file_named(tmp_path):
    for words, reason in ((("compare", tmp_path), "is a folder"), (("check", tmp_path / "no.json"), "No such file"),
                          (("compare", ""), "No such file")):
        run = chipmix(*words)
        assert (run.returncode, run.stdout) == (BAD_FILE, "")
        assert run.stderr.startswith(f"chipmix: {words[1]}: ") and reason in run.stderr


def test_is_a_file_that_may_not_be_read_named(scenario):
    path = scenario()
    path.chmod(0)
    for folder in (path.parent, *path.parent.parents[:3]):
        if os.stat(folder).st_uid == os.getuid() and folder != folder.parent and str(folder).startswith("/tmp/"):
            folder.chmod(0o755)
    someone = {"user": 65534} if os.getuid() == 0 else {}  # root may read everything
    if someone and subprocess.run(["test", "-x", PROGRAM], **someone).returncode != 0:
        pytest.skip("the program stands where only root may run it")
    run = chipmix("compare", path, cwd="/", **someone)
    assert (run.returncode, run.stdout) == (BAD_FILE, "") and "Permission denied" in run.stderr


def test_is_an_output_file_the_same_as_stdout_and_alone_in_its_folder(scenario, tmp_path):
    path = scenario()
    (tmp_path / "out").mkdir()
    target = tmp_path / "out" / "answer.csv"
    run = chipmix("compare", path, "--format", "csv", "--output", target)
    assert (run.returncode, run.stdout) == (ANSWER, "")
    assert target.read_text() == chipmix("compare", path, "--format", "csv").stdout
    assert os.listdir(target.parent) == ["answer.csv"]


UNWRITABLE = [("no/such/x.txt", "No such file"), (".", "is a folder"), ("/dev/full", "No space")]


@pytest.mark.parametrize("target, reason", UNWRITABLE)
def test_is_an_output_that_cannot_be_written_named(scenario, target, reason):
    path = scenario()
    run = chipmix("compare", path, "-o", target, cwd=path.parent)
    assert (run.returncode, run.stdout) == (BAD_FILE, "") and reason in run.stderr
    assert os.listdir(path.parent) == ["s.json"]


def test_does_an_old_answer_survive_when_there_is_no_new_one(scenario):
    path = scenario(small(options=[]))
    target = path.parent / "answer.txt"
    target.write_text("old")
    assert chipmix("compare", path, "-o", target).returncode == BAD_INPUT
    assert target.read_text() == "old"


def test_does_an_infeasible_answer_still_go_to_the_output(scenario):
    path = scenario(small(job__model="llama-3.1-405b", options__0__cluster__devices=8))
    target = path.parent / "answer.txt"
    run = chipmix("compare", path, "-o", target)
    assert (run.returncode, run.stdout) == (NO_ANSWER, "") and "cannot run" in target.read_text()


def test_is_a_full_disk_behind_stdout_noticed(scenario):
    with open("/dev/full", "w") as full:
        run = subprocess.run([PROGRAM, "compare", scenario()], stdout=full, stderr=subprocess.PIPE, text=True)
    assert run.returncode == BAD_FILE and "No space left" in run.stderr


def test_is_a_reader_that_goes_away_no_fault(scenario):
    command = f'"{PROGRAM}" compare "{scenario()}" --format json | head -1; echo "${{PIPESTATUS[0]}}"'
    for _ in range(5):
        run = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
        assert (run.stdout, run.stderr) == ("{\n0\n", "")
    reader, writer = os.pipe()
    os.close(reader)
    run = subprocess.run([PROGRAM, "compare", scenario()], stdout=writer, stderr=subprocess.PIPE, text=True)
    os.close(writer)
    assert (run.returncode, run.stderr) == (ANSWER, "")
