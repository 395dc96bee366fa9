"""Is it true? Predictions beside the published runs that come with chipmix. Each bound is a ratchet: what the fit
reaches, and a little; it may be tightened, never loosened without a reason in the commit."""

import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("CHIPMIX_PROGRAM", str(ROOT / "build" / "bin" / "chipmix"))

# Mean absolute error of step time, %, by device family.
FAMILIES = {
    "A100, A800": 9.0, "H100": 9.0, "H200": 10, "GH200": 14, "B200, B300": 6.0, "GB200": 8, "H800": 12, "Ascend": 13,
    "AMD Instinct": 8, "LoRA, AMD Instinct": 9, "mixed devices": 20,
}


@pytest.fixture(scope="module")
def answer():
    run = subprocess.run([PROGRAM, "validate", "--format", "json"], cwd=ROOT, capture_output=True, timeout=120, check=True)
    return json.loads(run.stdout)


@pytest.fixture(scope="module")
def runs():
    tables = sorted((ROOT / "published_runs").glob("*.json"))
    return {run["id"]: run for table in tables for run in json.loads(table.read_text())}


def test_is_every_row_of_the_table_predicted(answer, runs):
    assert len(runs) >= 150
    assert {case["id"] for case in answer["cases"]} == set(runs)
    assert [case["id"] for case in answer["cases"] if not case["predicted"]] == []


def test_does_every_run_say_where_it_was_published(runs):
    for name, run in runs.items():
        assert run["source"]["url"].startswith("https://"), name
        assert run["source"]["title"] and run["source"]["where"], name
        assert "notes" not in run, name  # figures are carried over, not sentences


def test_are_step_times_as_good_as_they_were(answer):
    everything = answer["summary"]["all"]
    assert everything["mean"] < 0.085
    assert everything["median"] < 0.055
    assert abs(everything["bias"]) < 0.02
    assert everything["p90"] < 0.22
    assert answer["summary"]["rank_tau"] > 0.70


@pytest.mark.parametrize("family", FAMILIES)
def test_is_each_device_family_as_good_as_it_was(answer, family):
    score = answer["summary"]["by_family"][family]
    assert score["predicted"] == score["timed"]
    assert 100 * score["mean"] < FAMILIES[family]


def test_does_about_four_fifths_of_runs_fall_inside_their_interval(answer):
    assert 0.75 < answer["summary"]["all"]["coverage"] < 0.93


def test_is_memory_as_good_as_it_was(answer):
    by_source = answer["summary"]["by_source"]
    assert next(s for name, s in by_source.items() if "SimuMax" in name)["memory_mean"] < 0.01
    verdicts = next(s for name, s in by_source.items() if "nanotron" in name)
    assert verdicts["verdicts_right"] / verdicts["verdicts"] >= 0.95


def test_are_the_peers_beaten_on_their_own_rows(answer, runs):
    errors, theirs = {}, {}
    for case in answer["cases"]:
        run = runs[case["id"]]
        for peer in run.get("peer_prediction", []):
            tool = peer["tool"].split()[0]
            measured = run["measured"]["iteration_s"]
            theirs.setdefault(tool, []).append(abs(peer["iteration_s"] / measured - 1))
            errors.setdefault(tool, []).append(abs(case["predicted"]["iteration_s"] / measured - 1))
    for tool in ("Calculon", "SimuMax"):
        assert sum(errors[tool]) < sum(theirs[tool]), tool


def test_does_a_table_with_faults_tell_them_all(tmp_path):
    table = tmp_path / "runs.json"
    table.write_text('[{"id":"a","model":{"num_layers":"x"},"cluster":{},"plan":{}},\n {"id":"b"}]')
    run = subprocess.run([PROGRAM, "validate", "--cases", table], capture_output=True, encoding="utf-8")
    assert run.returncode == 3
    assert "runs.json:1:" in run.stderr and "runs.json:2:" in run.stderr
    assert run.stdout == ""
