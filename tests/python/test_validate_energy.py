"""`validate --energy`: measured power beside the law, as text and JSON, and what is said about rows that are wrong."""

import json

import pytest
from program import ANSWER, BAD_FILE, BAD_INPUT, USAGE, chipmix, write

ROW = {"id": "a", "kind": "device_power", "device": "A100-40GB", "devices": 8, "model": "GEMM", "boundary": "gpu",
       "avg_w_per_device": 380, "tdp_w": 400, "method": "measured", "grade": "A", "conditions": None,
       "source": {"title": "A source", "url": "https://example.org"}}


def rows(path, *changes):
    return write(path / "rows.json", [{**ROW, "id": f"r{i}", **change} for i, change in enumerate(changes)])


def asked(path):
    run = chipmix("validate", "--energy", path, "--format", "json")
    answer = json.loads(run.stdout)
    return run, {row["id"]: row for row in answer["energy"]}, answer["summary"]


def test_does_every_own_row_have_an_answer_or_a_reason():
    run = chipmix("validate", "--energy", "--format", "json")
    answer = json.loads(run.stdout)
    assert run.returncode == ANSWER and run.stderr == "" and answer["schema_version"] == 1
    assert len(answer["energy"]) >= 60
    for row in answer["energy"]:
        assert row["reason"] and row["status"] in ("ok", "unsupported") and row["unit"] in ("W", "MWh")
        assert (row["predicted"] is not None) == (row["status"] == "ok")
    ok = [row for row in answer["energy"] if row["status"] == "ok"]
    assert answer["summary"]["rows"] == len(ok) and answer["summary"]["unsupported"] == len(answer["energy"]) - len(ok)
    errors = [abs(row["predicted"] / row["measured"] - 1) for row in ok]
    assert answer["summary"]["mean"] == pytest.approx(sum(errors) / len(errors))


def test_is_the_law_as_good_as_the_docs_say():
    boundary = json.loads(chipmix("validate", "--energy", "--format", "json").stdout)["summary"]["by_boundary"]
    assert boundary["device"]["mean"] < 0.08 and boundary["server"]["mean"] < 0.05
    assert boundary["device"]["left_out"]["mean"] < 0.125 and boundary["server"]["left_out"]["mean"] < 0.07


def test_is_whole_training_met_without_a_figure_fitted_to_it():
    summary = json.loads(chipmix("validate", "--energy", "--format", "json").stdout)["summary"]
    for phase in ("pre-training", "training in one server"):
        score = summary["by_phase"][phase]
        assert score["left_out"]["mean"] < 0.07 and abs(score["left_out"]["bias"]) < 0.02
    assert summary["by_grade"]["device, grade A"]["left_out"]["mean"] < 0.10


def test_is_power_at_outer_boundaries_larger(tmp_path):
    names = ("gpu", "server", "it", "facility")
    run, answered, _ = asked(rows(tmp_path, *({"boundary": name, "devices": 64} for name in names)))
    watts = [answered[f"r{i}"]["predicted"] for i in range(4)]
    assert run.returncode == ANSWER and watts == sorted(watts) and len(set(watts)) == 4
    assert watts[3] == pytest.approx(1.2 * watts[2])


def test_are_rows_that_say_too_little_unsupported_with_the_reason(tmp_path):
    run, answered, summary = asked(rows(
        tmp_path, {"method": "tdp"}, {"kind": "embodied", "avg_w_per_device": None}, {"device": "Abacus 3"},
        {"avg_w_per_device": None}, {"grade": "C"}, {"model": "vector FP32"}, {}))
    assert run.returncode == ANSWER and summary["rows"] == 1 and summary["unsupported"] == 6
    for i, part in enumerate(("tdp: computed", "embodied:", "Abacus 3", "neither watts", "graded C", "no phase")):
        assert answered[f"r{i}"]["status"] == "unsupported" and part in answered[f"r{i}"]["reason"]


def test_is_energy_of_a_run_predicted_from_its_hours(tmp_path):
    _, answered, _ = asked(rows(tmp_path, {"kind": "run", "model": "OLMo", "device": "H100", "devices": 512, "tdp_w": 700,
                                           "avg_w_per_device": None, "energy_mwh": 60, "device_hours": 100000}))
    assert answered["r0"]["unit"] == "MWh" and answered["r0"]["predicted"] == pytest.approx(700 * 0.84 * 0.1, rel=0.02)


def test_are_all_faults_shown_at_once_and_the_other_rows_answered(tmp_path):
    path = write(tmp_path / "rows.json", [
        {**ROW, "boundary": "rack"}, {**ROW, "id": "b", "avg_w_per_device": -3, "pue": 0.5}, 7, {**ROW, "id": "c"},
        {**ROW, "id": "c"}, {**ROW, "id": "d", "modle": "x"}])
    run, answered, _ = asked(path)
    assert run.returncode == BAD_INPUT
    for part in ("unknown boundary 'rack'", "gpu, server, it or facility", "must be between", "at least 1",
                 "an object that describes", "a second row with the id 'c'", "did you mean 'model'?"):
        assert part in run.stderr, part
    assert "rows.json:" in run.stderr and "^" in run.stderr and set(answered) == {"c", "d"}


def test_does_a_folder_hold_tables_and_is_a_missing_one_refused(tmp_path):
    rows(tmp_path / "t", {})
    assert chipmix("validate", "--energy", tmp_path / "t").returncode == ANSWER
    assert chipmix("validate", "--energy", tmp_path / "none.json").returncode == BAD_FILE
    assert chipmix("validate", tmp_path / "t").returncode == USAGE


def test_do_pages_say_worst_groups_first_and_where_power_is_measured():
    text = chipmix("validate", "--energy").stdout
    assert text.index("By device family, worst first") < text.index("By boundary") < text.index("Every row")
    assert "Watts are of one device" in text


def test_do_tables_of_training_runs_leave_energy_alone():
    assert "flagperf-a100" not in chipmix("validate", "--no-intervals", "--format", "json").stdout


def test_does_a_bill_say_where_power_is_metered_and_where_its_load_comes_from(tmp_path):
    figure = {"grade": "assumed", "source": "test"}
    scenario = {
        "name": "s", "currency": "USD",
        "job": {"model": "llama-3.1-8b", "sequence_length": 4096, "global_batch": 256, "tokens": "10B"},
        "electricity": {"pue": {"value": 1.2, **figure}, "tariff": {"value": "0.1 USD/kWh", **figure},
                        "carbon": {"value": "0.4 kg/kWh", **figure}},
        "options": [{"name": "a", "cluster": {"device": "h100-sxm5-80gb", "devices": 64,
                                              "fabric": "rail-optimised-non-blocking"},
                     "rent": {"value": "2 USD/h", **figure}}]}
    path = write(tmp_path / "s.json", scenario)
    run = chipmix("explain", path, "--option", "a", "--account", "electricity")
    text = " ".join(run.stdout.split())
    assert all(part in text for part in ("from what the step does", "at the facility's meter", "W at the server"))
    run = chipmix("explain", path, "--option", "a", "--account", "electricity", "--set",
                  'electricity.load={"value": 0.75, "grade": "assumed", "source": "t"}')
    assert "as the scenario gives it" in " ".join(run.stdout.split())
