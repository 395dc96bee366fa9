"""Measured steps anchor the package's answers as they anchor the program's."""

import json

import pytest

import chipmix
from conftest import fixed
from program import chipmix as program
from program import write


@pytest.fixture(scope="module")
def step():
    return chipmix.estimate(fixed(), intervals=False).step_time_s


def said_by(path, command, *words):
    run = program(command, path, "--format", "json", *words)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_the_package_says_what_the_program_says(tmp_path, step):
    path = write(tmp_path / "s.json", fixed())
    time = f"{1.2 * step}s"
    plain, moved = chipmix.compare(path), chipmix.compare(path, measured=time)
    said = said_by(path, "compare", "--measured", time)["options"][0]
    assert moved.best.days == pytest.approx(said["days"]) and moved.best.days > 1.05 * plain.best.days
    one = chipmix.estimate(path, "a", measured={"step": time, "on": "a"})
    assert one.days == pytest.approx(said["days"])
    words = {"step": "20s", "plan": "TP2 mbs1", "on": "16xH100 batch=128"}
    there = said_by(path, "compare", "--measured", "20s", "--measured-plan", "TP2 mbs1", "--measured-on", words["on"])
    assert chipmix.compare(path, measured=[words]).best.days == pytest.approx(there["options"][0]["days"])


def test_sweeps_are_anchored_too_and_their_rows_have_other_keys(tmp_path, step):
    path = write(tmp_path / "s.json", fixed())
    time, grid = f"{1.2 * step}s", {"options.a.rent.value": ["1 USD/h", "2 USD/h"]}
    plain = chipmix.sweep(path, grid, progress=False).to_pandas()
    moved = chipmix.sweep(path, grid, progress=False, measured=time).to_pandas()
    factor = chipmix.compare(path, measured=time).best.days / chipmix.compare(path).best.days
    assert (moved["days"] / plain["days"]).tolist() == pytest.approx([factor] * 2)
    files = [tmp_path / name for name in ("plain.csv", "moved.csv")]
    words = ["sweep", path, "--vary", "options.a.rent.value=1 USD/h,2 USD/h"]
    for file, more in zip(files, ([], ["--measured", time])):
        run = program(*words, *more, "-o", file)
        assert run.returncode == 0, run.stderr
    rows = [[line.split(",") for line in file.read_text().splitlines()[1:]] for file in files]
    assert {row[0] for row in rows[0]}.isdisjoint(row[0] for row in rows[1])
    assert program(*words, "--measured", time, "-o", files[0], "--resume").returncode != 0


def test_a_report_says_what_it_is_anchored_on(tmp_path, step):
    path, time = write(tmp_path / "s.json", fixed()), f"{1.2 * step}s"
    chipmix.report(path, tmp_path / "r.md", measured=time)
    assert program("report", path, "--measured", time, "-o", tmp_path / "p.md").returncode == 0
    for file in ("r.md", "p.md"):
        assert "x1.20 the predicted time of its plan's steps" in " ".join((tmp_path / file).read_text().split())


@pytest.mark.parametrize("measured, error, said", [
    (3.0, TypeError, "measured: takes a step"), ([3.0], TypeError, "measured: takes a time, a path or a dictionary"),
    ({"plan": "TP2"}, ValueError, "has a 'step'"), ({"step": "1s", "at": "a"}, ValueError, "no 'at'"),
    ("12.4", chipmix.InputError, "neither the time of a step nor a file"),
    ({"step": "9s", "on": "b"}, chipmix.InputError, "no option 'b'"),
])
def test_what_is_no_measured_step_is_refused(measured, error, said):
    with pytest.raises(error, match=said):
        chipmix.compare(fixed(), measured=measured)


def test_plans_and_questions_are_anchored_as_the_program_anchors_them(tmp_path, step):
    path = write(tmp_path / "s.json", fixed())
    found = chipmix.plan(path, "a", measured=f"{1.2 * step}s").to_dict()
    said = said_by(path, "plan", "--option", "a", "--measured", f"{1.2 * step}s")
    assert found["plans"][0]["cost"] == pytest.approx(said["plans"][0]["cost"])
    assert found["plans"][0]["cost"] > 1.05 * chipmix.plan(path, "a").to_dict()["plans"][0]["cost"]
    words = ("llama-3.1-8b", "20B", "16xH100@2USD/h")
    anchor = {"step": "20s", "plan": "TP2 mbs1", "on": "16xH100 batch=128"}
    asked = program("ask", *words, "--measured", "20s", "--measured-plan", "TP2 mbs1", "--measured-on", anchor["on"],
                    "--format", "json")
    days = json.loads(asked.stdout)["options"][0]["days"]
    assert chipmix.ask(*words, measured=anchor).best.days == pytest.approx(days)
