"""The C++ library: installed, found by a project of its own, and the example of docs/library.md built and run."""

import json
import os
import re
import subprocess

import pytest

from program import PROGRAM, ROOT

BUILD = os.path.dirname(os.path.dirname(PROGRAM))


def run(words, **options):
    done = subprocess.run(words, capture_output=True, encoding="utf-8", timeout=300, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    folder = tmp_path_factory.mktemp("library")
    run(["cmake", "--install", BUILD, "--component", "development", "--prefix", folder / "sdk"])
    page = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
    blocks = dict(re.findall(r"```(\w+)\n(.*?)```", page, re.S))
    (folder / "CMakeLists.txt").write_text(blocks["cmake"], encoding="utf-8")
    (folder / "example.cpp").write_text(blocks["cpp"], encoding="utf-8")
    run(["cmake", "-B", "build", f"-DCMAKE_PREFIX_PATH={folder / 'sdk'}"], cwd=folder)
    run(["cmake", "--build", "build"], cwd=folder)
    return folder / "build" / "example"


def test_does_the_example_answer_as_the_program_does(example):
    scenario = ROOT / "scenarios" / "deepseek_v3_h800.json"
    said = run([example, scenario])
    rows = run([PROGRAM, "compare", scenario, "--format", "json", "--quiet"])

    for option in json.loads(rows)["options"]:
        days = re.search(rf"^{re.escape(option['name'])}: ([\d.]+) days", said, re.M)
        assert days and float(days[1]) == pytest.approx(option["days"], rel=1e-4), said


def test_are_faults_of_input_thrown_with_their_place(example, tmp_path):
    bad = tmp_path / "bad.json"
    bad.write_text('{"job": 3}', encoding="utf-8")
    done = subprocess.run([example, bad], capture_output=True, encoding="utf-8", timeout=60)
    assert done.returncode == 3 and "bad.json:1:9" in done.stderr
