"""The workbook for procurement: are its formulas ours, do they follow a changed price, is all text text?

LibreOffice recalculates every formula, in one run for all workbooks: openpyxl drops the values that we stored.
"""

import json
import os
import re
import shutil
import subprocess
import zipfile
from xml.etree import ElementTree

import openpyxl
import pytest

from purchases import scenario_of, supply
from program import ANSWER, BAD_FILE, ROOT, chipmix, small, write

NASTY = "</script><img src=x onerror=alert(1)> & \u202e\u5f02\u817e \U0001f600"
FORMULA = '=HYPERLINK("http://x","y")'
SHEETS = ["Summary", "Ledger", "Assumptions", "Options", "Sensitivity", "Provenance"]


def figure(value, low=None, high=None) -> dict:
    span = {} if low is None else {"low": low, "high": high}
    return {"value": value, **span, "grade": "assumed", "source": "a test"}


CLUSTER = {"device": "h100-sxm5-80gb", "devices": 64, "fabric": "rail-optimised-non-blocking"}
PLAN = {"tensor": 4}
OWN = {
    "device": figure("30000 USD", "25000 USD", "45000 USD"), "server": figure(1.3), "network": figure(0.15),
    "life": figure(5, 3, 6), "residual": figure(0.1), "discount": figure(0.08, 0.05, 0.1), "utilisation": figure(0.8),
    "installation": figure(0.05), "duty": figure(0.1), "freight": figure(0.02), "tax": figure(0.13),
    "maintenance": figure(0.03), "colocation": figure("900 CNY"), "demand": figure("40 CNY"),
    "staff": figure("500 USD"),
}
LEAN = {**{key: OWN[key] for key in ("device", "life", "residual", "utilisation")}, "server": figure(1),
        "network": figure(0), "discount": figure(0)}
EVERYTHING = {
    "name": "every kind of row", "currency": "CNY", "job": small()["job"],
    "exchange_rates": [
        {"from": "USD", "to": "CNY", "rate": 7.2, "date": "2026-01-05", "source": "a bank"},
        {"from": "CNY", "to": "EUR", "rate": 0.125, "date": "2026-01-05", "source": "a bank"},
    ],
    "electricity": {"load": figure(0.75), "pue": figure(1.25), "tariff": figure("0.6 CNY/kWh")},
    "reliability": {"device_mtbf": figure("50000 h"), "recovery": figure("10 min"), "storage": figure("2 TB/s"),
                    "spares": 0.05},
    "options": [
        {"name": "rent", "cluster": CLUSTER, "plan": PLAN, "rent": figure("2.5 EUR/h", "2 EUR/h", "3 EUR/h")},
        {"name": "rent long", "cluster": CLUSTER, "plan": PLAN, "rent": figure("3 USD/h"),
         "commitment": {"discount": figure(0.3), "term": "400 d"}, "tariff": figure("0.1 USD/kWh")},
        {"name": "own", "cluster": CLUSTER, "plan": PLAN, "own": OWN},
        {"name": "own lean", "cluster": CLUSTER, "plan": PLAN, "own": LEAN},
        {"name": "fleet", "phases": [{"option": "rent", "share": 0.25},
                                     {"option": "own", "share": 0.75, "moving": "2 d"}]},
        {"name": "too small", "cluster": {**CLUSTER, "devices": 8}, "plan": {"tensor": 8, "micro_batch": 64},
         "rent": figure("1 USD/h")},
    ],
}
RENT_OR_OWN = ROOT / "scenarios" / "us_rent_or_own.json"
TARGETS = ("--set", "job.deadline=71.5 d", "--set", "job.budget=2.9e6 USD")
# Named cells and what they are changed to, with the path that --set takes and its value.
CHANGES = {
    "rent_rent": (2.75, "options.rent.rent.value", "2.75 EUR/h"),
    "own_device_own": (41000, "options.own.own.device.value", "41000 USD"),
    "own_life_own": (4, "options.own.own.life.value", "4"),
    "own_duty_own": (0.25, "options.own.own.duty.value", "0.25"),
    "own_discount_own_lean": (0.06, "options.3.own.discount.value", "0.06"),
    "own_server_own_lean": (1.5, "options.3.own.server.value", "1.5"),
    "own_network_own_lean": (0.2, "options.3.own.network.value", "0.2"),
    "commitment_discount_rent_long": (0.2, "options.1.commitment.discount.value", "0.2"),
    "tariff": (0.9, "electricity.tariff.value", "0.9 CNY/kWh"),
    "PUE": (1.4, "electricity.pue.value", "1.4"),
    "load": (0.7, "electricity.load.value", "0.7"),
    "rate_USD_CNY": (6.8, "exchange_rates.0.rate", "6.8"),
    "rate_CNY_EUR": (0.13, "exchange_rates.1.rate", "0.13"),
}


def made(path, file, *words):
    run = chipmix("report", path, "--output", file, *words)
    assert (run.returncode, run.stdout, run.stderr) == (ANSWER, "", ""), run
    return file


def cell_of(book, name):
    (sheet, place), = book.defined_names[name].destinations
    return book[sheet][place.replace("$", "")]


def formulas(book):
    """Sheet, place and text of every formula."""
    return [(sheet.title, cell.coordinate, cell.value) for sheet in book for row in sheet.iter_rows() for cell in row
            if cell.data_type == "f"]


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    """Workbooks as written, and the same, or with changed prices, as LibreOffice calculates them."""
    folder = tmp_path_factory.mktemp("books")
    everything = write(folder / "everything.json", EVERYTHING)
    written = {"everything": made(everything, folder / "everything.xlsx"),
               "rent_or_own": made(RENT_OR_OWN, folder / "rent_or_own.xlsx"),
               "targets": made(RENT_OR_OWN, folder / "targets.xlsx", *TARGETS),
               "chinese": made(RENT_OR_OWN, folder / "chinese.xlsx", "--language", "zh")}
    bare = folder / "bare"
    bare.mkdir()
    for name, file in written.items():
        openpyxl.load_workbook(file).save(bare / file.name)
    changed = openpyxl.load_workbook(written["everything"])
    for name, (value, path, _) in CHANGES.items():
        cell = cell_of(changed, name)
        assert cell.parent.cell(cell.row, 9).value == path
        cell.value = value
    changed.save(bare / "changed.xlsx")
    for name, days in (("sooner", 1), ("later", 365)):
        moved = openpyxl.load_workbook(written["targets"])
        cell_of(moved, "deadline").value = days
        moved.save(bare / f"{name}.xlsx")
    soffice = shutil.which("soffice")
    if not soffice:
        pytest.skip("LibreOffice is not there")
    subprocess.run([soffice, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "xlsx",
                    "--outdir", folder / "anew", *sorted(bare.iterdir())], check=True, capture_output=True, timeout=120)
    anew = {file.stem: openpyxl.load_workbook(file, data_only=True) for file in (folder / "anew").iterdir()}
    return {"scenario": everything, "written": written, "anew": anew}


@pytest.mark.parametrize("name", ["everything", "rent_or_own", "chinese"])
def test_does_every_formula_come_to_our_number(books, name):
    ours = openpyxl.load_workbook(books["written"][name], data_only=True)
    found = formulas(openpyxl.load_workbook(books["written"][name]))
    assert len(found) > 100
    for sheet, place, text in found:
        value, again = ours[sheet][place].value, books["anew"][name][sheet][place].value
        assert value is not None, (sheet, place, text)
        assert again == (value if isinstance(value, str) else pytest.approx(value, rel=1e-9, abs=1e-12)), \
            (sheet, place, text)


def test_do_changed_prices_move_the_totals_as_set_does(books):
    words = [word for _, path, value in CHANGES.values() for word in ("--set", f"{path}={value}")]
    options = json.loads(chipmix("compare", books["scenario"], "--format", "json", *words).stdout)["options"]
    before = openpyxl.load_workbook(books["written"]["everything"], data_only=True)
    after = books["anew"]["changed"]
    for option in (option for option in options if option["cost"]):
        word = option["name"].replace(" ", "_")
        for name, key in ((f"total_{word}", "total"), (f"cash_{word}", "cash")):
            place = cell_of(openpyxl.load_workbook(books["written"]["everything"]), name)
            cells = [book[place.parent.title][place.coordinate].value for book in (before, after)]
            assert cells[1] == pytest.approx(option["cost"][key], rel=1e-9), name
            assert cells[1] != pytest.approx(cells[0], rel=1e-3), name


def cheapest_of(book) -> tuple:
    """How many options meet the targets, and the one that is said to be cheapest."""
    rows = {row[0].value: row[1].value for row in book["Summary"].iter_rows(max_col=2) if row[0].value}
    return (rows["options that meet the targets"],
            rows["cheapest at these prices: of those that meet the targets, else of all"])


def test_is_the_cheapest_option_one_that_meets_the_targets(books):
    words = ("compare", RENT_OR_OWN, "--format", "json", *TARGETS)
    options = [one for one in json.loads(chipmix(*words).stdout)["options"] if one["cost"]]
    meeting = [one for one in options if one["days"] <= 71.5 and one["cost"]["total"] <= 2.9e6]
    assert 0 < len(meeting) < len(options)
    named = lambda list_: min(list_, key=lambda one: one["cost"]["total"])["label"]
    assert named(meeting) and cheapest_of(books["anew"]["targets"]) == (len(meeting), named(meeting))
    assert cheapest_of(books["anew"]["sooner"]) == (0, named(options))
    affordable = [one for one in options if one["cost"]["total"] <= 2.9e6]
    assert cheapest_of(books["anew"]["later"]) == (len(affordable), named(affordable))


def test_do_totals_add_up_the_rows_of_the_bill(books):
    book = openpyxl.load_workbook(books["written"]["everything"], data_only=True)
    rows = [[cell.value for cell in row] for row in book["Ledger"].iter_rows(min_row=2)]
    options = json.loads(chipmix("compare", books["scenario"], "--format", "json").stdout)["options"]
    for option in (option for option in options if option["cost"]):
        own = [row for row in rows if row[0] == option["label"]]
        assert sum(row[9] for row in own[:-1]) == pytest.approx(option["cost"]["total"], rel=1e-12)
        assert own[-1][1] == "total" and own[-1][9] == pytest.approx(option["cost"]["total"], rel=1e-12)


def test_does_every_name_stand_for_a_figure_and_every_blue_figure_for_a_part_of_a_bill(books):
    book = openpyxl.load_workbook(books["written"]["everything"])
    assert book.sheetnames == SHEETS
    words = set(re.findall(r"[A-Za-z_]\w+", " ".join(text for _, _, text in formulas(book))))
    names = {name.name for name in book.defined_names.definedName if not name.name.startswith("_xlnm")}
    assert {word for word in words if "_" in word} <= names
    sheet = book["Assumptions"]
    for row in sheet.iter_rows(min_row=2):
        if row[7].value and row[6].value != "worked out":
            assert row[7].value in words and cell_of(book, row[7].value).coordinate == row[2].coordinate
            assert row[6].value and row[9].value, row[0].value


def nasty() -> dict:
    content = small(name=NASTY, description=FORMULA)
    content["options"][0]["label"] = FORMULA
    content["options"].append({**content["options"][0], "name": NASTY, "label": NASTY})
    content["options"].append({**content["options"][0], "name": "=1+1", "label": "\u202e\u0634\u0631\u0643\u0629"})
    return content


def test_is_every_name_text_and_the_file_the_same_every_time(scenario, tmp_path):
    path = scenario(nasty())
    file = made(path, tmp_path / "r.xlsx")
    book = openpyxl.load_workbook(file)
    labels = [row[0] for row in book["Ledger"].iter_rows(min_row=2) if row[0].value]
    shown = {option["label"].replace("\u202e", "\\u202E") for option in nasty()["options"]}  # bidi marks are text
    assert {cell.value for cell in labels} == shown
    assert {cell.data_type for cell in labels} == {"s"}
    assert not any("HYPERLINK" in text or "1+1" in text for _, _, text in formulas(book))
    with zipfile.ZipFile(file) as parts:
        assert {part.date_time[:3] for part in parts.infolist()} == {(1980, 1, 1)}
        for name in parts.namelist():
            assert b"<img" not in parts.read(name)
            ElementTree.fromstring(parts.read(name))
    again = made(path, tmp_path / "again.xlsx")
    assert file.read_bytes() == again.read_bytes()


def test_is_a_workbook_without_prices_one_of_speed(scenario, tmp_path):
    content = {**small(), "public_prices": False}
    del content["options"][0]["rent"]
    content["public_prices"] = False
    book = openpyxl.load_workbook(made(scenario(content), tmp_path / "r.xlsx"))
    text = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert book.sheetnames == SHEETS and not formulas(book)
    assert any("compares speed alone" in words for words in text)
    assert "tokens/s per device" in text and not any("per 1T" in words for words in text)


def test_is_nothing_left_behind_where_the_workbook_cannot_be_written(scenario, tmp_path):
    run = chipmix("report", scenario(), "--output", tmp_path / "no" / "r.xlsx")
    assert run.returncode == BAD_FILE and "r.xlsx" in run.stderr and not (tmp_path / "no").exists()
    full = tmp_path / "full.xlsx"
    full.symlink_to("/dev/full")
    run = chipmix("report", scenario(), "--output", full)
    assert run.returncode == BAD_FILE and "No space left" in run.stderr
    run = chipmix("report", scenario(), "--output", tmp_path / "r.xlsx",
                  env={**os.environ, "TMPDIR": str(tmp_path / "none")})
    assert run.returncode == BAD_FILE and "temporary" in run.stderr
    assert sorted(os.listdir(tmp_path)) == ["full.xlsx", "s.json"]


def test_does_the_summary_have_charts_that_follow_its_cells_and_a_portfolio_its_sheets(books, scenario, tmp_path):
    with zipfile.ZipFile(books["written"]["rent_or_own"]) as parts:
        charts = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) == 2 and all("<c:barChart>" in chart for chart in charts)
    assert all("'Summary'!$A$" in chart for chart in charts)
    jobs = [{"name": "first", "by_month": 9}, {"name": "second", "tokens": "100B", "from_month": 4}]
    path = scenario(scenario_of({"months": 15, "discount": 0.05, "jobs": jobs,
                                 "supplies": [supply("a", rent={"cap": 32}), supply("b", rent={"cap": 32})]}, "500B"))
    book = openpyxl.load_workbook(made(path, tmp_path / "p.xlsx"), data_only=True)
    assert book.sheetnames == [SHEETS[0], "Procurement", "Jobs", *SHEETS[1:]]
    rows = list(book["Procurement"].iter_rows(values_only=True))
    head, months = rows[0], [row for row in rows[1:] if row[0]]
    cash, so_far = (next(i for i, name in enumerate(head) if name.startswith(word)) for word in ("cash, ", "cash so"))
    assert sum(row[cash] for row in months) == pytest.approx(months[-1][so_far], rel=1e-12) and months[-1][so_far] > 0
    assert [row[0] for row in months] == list(range(1, 16))
    assert months[-1][cash - 2 : cash] == pytest.approx((1, 1))  # both jobs are done
    listed = list(book["Jobs"].iter_rows(min_row=2, values_only=True))
    assert [job[0] for job in listed] == ["first", "second"]
    assert all(job[2] <= job[4] <= job[5] <= job[3] for job in listed)
    with zipfile.ZipFile(tmp_path / "p.xlsx") as parts:
        assert sum(name.startswith("xl/charts/chart") for name in parts.namelist()) == 4
