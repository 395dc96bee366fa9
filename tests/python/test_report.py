"""Reports as files: whole, safe, the same every time, and asking nobody for anything."""

import csv
import json
import re

import pytest

from program import ANSWER, BAD_FILE, ROOT, USAGE, chipmix, small

NASTY = "</script><img src=x onerror=alert(1)> & \u202e\u5f02\u817e \U0001f600"


def nasty() -> dict:
    content = small(name=NASTY)
    content["options"][0]["label"] = NASTY
    content["options"].append({**content["options"][0], "name": "b", "label": "plain"})
    return content


def made(path, file):
    run = chipmix("report", path, "--output", file)
    assert (run.returncode, run.stdout, run.stderr) == (ANSWER, "", ""), run
    return file.read_bytes()


def test_is_every_name_shown_as_text_and_nobody_asked_for_anything(scenario, tmp_path):
    text = made(scenario(nasty()), tmp_path / "r.html").decode()
    assert "<img" not in text and "<script" not in text and "onerror=alert(1)&gt;" in text
    assert "\U0001f600" in text and "\u817e" in text
    assert "default-src 'none'" in text
    assert not re.search(r"<[^>]*\b(src|href)\s*=", text)
    assert text.count("<svg") == 3 and text.count("</svg>") == 3 and text.endswith("</html>\n")


def test_is_the_same_scenario_the_same_file(scenario, tmp_path):
    path = scenario(nasty())
    for name in ("r.html", "r.md"):
        assert made(path, tmp_path / name) == made(path, tmp_path / ("again." + name))


def test_does_markdown_hold_what_compare_shows(scenario, tmp_path):
    path = scenario(small())
    assert made(path, tmp_path / "r.md").decode() == chipmix("compare", path, "--format", "markdown").stdout


def test_is_a_report_without_prices_one_of_speed(scenario, tmp_path):
    content = small()
    del content["options"][0]["rent"]
    text = made(scenario(content), tmp_path / "r.html").decode()
    assert text.count("<svg") == 1 and "tokens/s per device" in text


@pytest.mark.parametrize("name", ["r.docx", "r", ""])
def test_is_an_unknown_kind_of_file_refused(scenario, tmp_path, name):
    words = ["--output", tmp_path / name] if name else []
    assert chipmix("report", scenario(small()), *words).returncode == USAGE


def test_is_nothing_left_behind_where_a_file_cannot_be_written(scenario, tmp_path):
    run = chipmix("report", scenario(small()), "--output", tmp_path / "no" / "r.html")
    assert run.returncode == BAD_FILE and "r.html" in run.stderr
    assert not (tmp_path / "no").exists()


def test_do_cost_rows_add_up_to_the_bills_in_cash_and_in_effect(tmp_path):
    path, file = ROOT / "scenarios" / "us_rent_or_own.json", tmp_path / "r.csv"
    assert chipmix("report", path, "--output", file).returncode == USAGE  # no start
    assert chipmix("report", path, "--output", file, "--set", "start=2027-01-15").returncode == ANSWER
    rows = list(csv.DictReader(file.read_text().splitlines()))
    options = json.loads(chipmix("compare", path, "--format", "json").stdout)["options"]
    for option in options:
        own = [row for row in rows if row["x_Option"] == option["name"]]
        for column, total in (("BilledCost", "cash"), ("EffectiveCost", "total")):
            summed = sum(float(row[column]) for row in own)
            assert summed == pytest.approx(option["cost"][total], rel=1e-8), (option["name"], column)
    assert {row["x_Forecast"] for row in rows} == {"true"}
    assert {row["ChargeCategory"] for row in rows} == {"Usage", "Purchase"}
    assert {row["BillingPeriodStart"] for row in rows} == {"2027-01-01T00:00:00Z"}
    for row in rows:
        assert row["ChargePeriodStart"] < row["ChargePeriodEnd"] <= row["BillingPeriodEnd"]


def test_is_a_name_that_looks_like_a_formula_text_in_cost_rows(scenario, tmp_path):
    formula, file = '=HYPERLINK("http://x","y")', tmp_path / "r.csv"
    content = small(name=formula, start="2027-01-15")
    content["options"][0]["name"] = formula
    assert chipmix("report", scenario(content), "--output", file).returncode == ANSWER
    row = next(csv.DictReader(file.read_text().splitlines()))
    assert row["BillingAccountId"] == row["x_Option"] == "'" + formula
