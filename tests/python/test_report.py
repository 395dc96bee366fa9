"""Reports as files: whole, safe, the same every time, and asking nobody for anything."""

import base64
import csv
import hashlib
import json
import os
import re

import pytest

from purchases import scenario_of, supply
from program import ANSWER, BAD_FILE, BAD_INPUT, NO_ANSWER, ROOT, USAGE, chipmix, on_terminal, small

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
    body = text[text.index("<body") :]
    assert "<img" not in body and body.count("<script") == 1 and "onerror=alert(1)&gt;" in body
    assert "\U0001f600" in body and "\u817e" in body
    assert "default-src 'none'" in text
    assert not re.search(r"<[^>]*\b(src|href)\s*=\s*\"[^#]", text)
    figures = len(re.findall("<figure[ >]", text))  # each drawn for a page and for a phone
    assert text.count("<svg") == text.count("</svg>") == 2 * figures > 10 and text.endswith("</html>\n")


def test_does_the_page_allow_its_own_script_and_no_other(scenario, tmp_path):
    text = made(scenario(small()), tmp_path / "r.html").decode()
    script = text[text.index("<script>") + 8 : text.index("</script>")]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in text


def test_is_the_same_scenario_the_same_file(scenario, tmp_path):
    path = scenario(nasty())
    for name in ("r.html", "r.md"):
        assert made(path, tmp_path / name) == made(path, tmp_path / ("again." + name))


def test_does_markdown_hold_the_sections_and_the_numbers_of_the_figures(scenario, tmp_path):
    path = scenario(nasty())
    text, page = (made(path, tmp_path / name).decode() for name in ("r.md", "r.html"))
    sections = re.findall(r"^## (.*)$", text, re.M)
    assert sections == re.findall(r'<section id="[ac]\d+"><h[23]>(.*?)</h', page) and "Money" in sections
    assert text.count("<details>") == len(re.findall("<figure[ >]", page)) + 1  # the appendix is folded, too
    assert "<img" not in text and "</script" not in text


def test_is_a_report_without_prices_one_of_speed(scenario, tmp_path):
    content = {**small(), "public_prices": False}
    del content["options"][0]["rent"]
    content["public_prices"] = False
    text = made(scenario(content), tmp_path / "r.html").decode()
    assert "performance alone" in text and ">Money<" not in text and "tokens/s per device" in text


def test_does_a_pdf_need_a_printer_and_is_it_the_same_twice(scenario, tmp_path):
    path = scenario(small())
    run = chipmix("report", path, "--output", tmp_path / "r.pdf", env={**os.environ, "PATH": "/nonexistent"})
    assert run.returncode == BAD_FILE and "chromium" in run.stderr and not (tmp_path / "r.pdf").exists()
    first = made(path, tmp_path / "r.pdf")
    assert first.startswith(b"%PDF") and first == made(path, tmp_path / "again.pdf")


def test_is_a_full_disk_told(scenario, tmp_path):
    (tmp_path / "r.html").symlink_to("/dev/full")
    run = chipmix("report", scenario(small()), "--output", tmp_path / "r.html")
    assert run.returncode == BAD_FILE and "r.html" in run.stderr and "space" in run.stderr


def test_does_a_terminal_see_bars_and_a_pipe_none(scenario):
    path = scenario(small())
    code, seen = on_terminal("compare", path)
    assert code == ANSWER and "\u2588" in seen and "Days of training" in seen
    code, seen = on_terminal("estimate", path, "--option", "a")
    assert code == ANSWER and "\u2588" in seen and "capacity" in seen
    assert "\u2588" not in chipmix("compare", path).stdout


@pytest.mark.parametrize("name", ["r.docx", "r", ""])
def test_is_an_unknown_kind_of_file_refused(scenario, tmp_path, name):
    words = ["--output", tmp_path / name] if name else []
    assert chipmix("report", scenario(small()), *words).returncode == USAGE


def test_is_nothing_left_behind_where_a_file_cannot_be_written(scenario, tmp_path):
    run = chipmix("report", scenario(small()), "--output", tmp_path / "no" / "r.html")
    assert run.returncode == BAD_FILE and "r.html" in run.stderr
    assert not (tmp_path / "no").exists()


def cost_rows(path, file, *words):
    run = chipmix("report", path, "--output", file, "--set", "start=2027-01-15", *words)
    assert run.returncode == ANSWER, run.stderr
    return list(csv.DictReader(file.read_text().splitlines()))


def check_sums(rows, options):
    for option in options:
        own = [row for row in rows if row["x_Option"] == option["name"]]
        for column, total in (("BilledCost", "cash"), ("EffectiveCost", "total")):
            summed = sum(float(row[column]) for row in own)
            assert summed == pytest.approx(option["cost"][total], rel=1e-8), (option["name"], column)


def test_do_cost_rows_add_up_to_the_bills_in_cash_and_in_effect(tmp_path):
    path, file = ROOT / "scenarios" / "us_rent_or_own.json", tmp_path / "r.csv"
    assert chipmix("report", path, "--output", file).returncode == USAGE  # no start
    rows = cost_rows(path, file, "--option", "all")
    check_sums(rows, json.loads(chipmix("compare", path, "--format", "json").stdout)["options"])
    assert {row["x_Forecast"] for row in rows} == {row["x_Alternative"] for row in rows} == {"true"}
    assert {row["x_OptionsLeftOut"] for row in rows} == {""}
    assert {row["ChargeCategory"] for row in rows} == {"Usage", "Purchase"}
    assert {row["BillingPeriodStart"] for row in rows} == {"2027-01-01T00:00:00Z"}
    for row in rows:
        assert row["ChargePeriodStart"] < row["ChargePeriodEnd"] <= row["BillingPeriodEnd"]


def test_are_cost_rows_one_bill_that_of_the_cheapest_option_or_of_the_one_named(tmp_path):
    path, file = ROOT / "scenarios" / "us_rent_or_own.json", tmp_path / "r.csv"
    options = json.loads(chipmix("compare", path, "--format", "json").stdout)["options"]
    cheapest = min(options, key=lambda option: option["cost"]["total"])
    for name, words in ((cheapest["name"], ()), ("h200-own", ("--option", "h200-own"))):
        rows = cost_rows(path, file, *words)
        assert {row["x_Option"] for row in rows} == {name}
        assert {row["x_Alternative"] for row in rows} == {"false"}
        others = "; ".join(option["name"] for option in options if option["name"] != name)
        assert {row["x_OptionsLeftOut"] for row in rows} == {others}
        check_sums(rows, [option for option in options if option["name"] == name])
    run = chipmix("report", path, "--output", file, "--set", "start=2027-01-15", "--option", "h300")
    assert run.returncode == USAGE and "no option 'h300'" in run.stderr and "h200-own" in run.stderr
    run = chipmix("report", path, "--output", tmp_path / "r.md", "--option", "h200-own")
    assert run.returncode == USAGE and "F.csv" in run.stderr


def test_do_phases_of_one_owned_option_buy_it_once_in_cost_rows(tmp_path, scenario):
    figure = lambda value: {"value": value, "grade": "assumed", "source": "a test"}
    content = small(start="2027-01-15")
    option = content["options"][0]
    option.pop("rent", None)
    option["own"] = {"device": figure("30000 USD"), "server": figure(1), "network": figure(0), "life": figure(5),
                     "residual": figure(0), "discount": figure(0.08), "utilisation": figure(1)}
    content["currency"] = "USD"
    content["options"].append({"name": "twice", "phases": [{"option": option["name"], "share": 0.5},
                                                           {"option": option["name"], "share": 0.5}]})
    rows = cost_rows(scenario(content), tmp_path / "r.csv", "--option", "twice")
    bought = [float(row["BilledCost"]) for row in rows if row["ChargeCategory"] == "Purchase"]
    assert bought == [30000 * option["cluster"]["devices"]]


def test_is_a_name_that_looks_like_a_formula_text_in_cost_rows(scenario, tmp_path):
    formula, file = '=HYPERLINK("http://x","y")', tmp_path / "r.csv"
    content = small(name=formula, start="2027-01-15")
    content["options"][0]["name"] = formula
    assert chipmix("report", scenario(content), "--output", file).returncode == ANSWER
    row = next(csv.DictReader(file.read_text().splitlines()))
    assert row["BillingAccountId"] == row["x_Option"] == "'" + formula


def test_is_a_report_of_options_that_cannot_run_no_answer(scenario, tmp_path):
    content = small(options__0__cluster__devices=8)
    content["job"]["model"] = "deepseek-v3"
    file = tmp_path / "r.md"
    assert chipmix("report", scenario(content), "--output", file).returncode == NO_ANSWER
    text = file.read_text()
    assert "No option can run as planned" in text and "no prices" not in text


@pytest.mark.parametrize("day", ["2027-13-01", "2027-02-30", "2027-1-1"])
def test_is_a_day_that_is_none_refused(scenario, tmp_path, day):
    run = chipmix("report", scenario(small(start=day)), "--output", tmp_path / "r.csv")
    assert run.returncode == BAD_INPUT and "YYYY-MM-DD" in run.stderr


def test_do_jobs_of_a_month_come_one_after_another(tmp_path):
    file = tmp_path / "r.md"
    assert chipmix("report", ROOT / "scenarios" / "ant_fleet.json", "--output", file).returncode == ANSWER
    table = file.read_text().partition("<summary>Orders, deliveries and jobs")[2].partition("</details>")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line.startswith("| ")]
    spans = [(row[0], float(row[1]), float(row[2])) for row in rows[1:]]
    assert spans and all(start <= end for _, start, end in spans)
    for (what, _, end), (other, start, _) in zip(spans, spans[1:]):
        assert what != other or start >= end - 0.051, (what, end, start)


def test_is_markdown_free_of_entities(tmp_path, scenario):
    file = tmp_path / "r.md"
    assert chipmix("report", scenario(small(name="Ant's & <b>")), "--output", file).returncode == ANSWER
    assert file.read_text().splitlines()[0] == "# Ant's &amp; &lt;b>"


def test_does_the_header_say_who_when_with_what_and_of_which_scenario(scenario, tmp_path):
    path, file = scenario(small()), tmp_path / "r.md"
    day = {**os.environ, "SOURCE_DATE_EPOCH": "1767225600"}
    seen = []
    for words in ((), ("--set", "job.tokens=2T"), ("--set", "job.tokens=2T")):
        run = chipmix("report", path, "-o", file, "--author", "A. Uthor", *words, env=day)
        assert run.returncode == ANSWER, run.stderr
        header = file.read_text().splitlines()[2]
        assert re.match(r"2026-01-01 · A\. Uthor · chipmix \d\S* · [0-9a-f]{16}$", header), header
        seen.append(header[-16:])
    assert seen[0] != seen[1] == seen[2]
    loose = tmp_path / "loose.json"
    loose.write_text(json.dumps(small(), indent=7))  # other spaces, the same scenario
    assert chipmix("report", loose, "-o", file, env=day).returncode == ANSWER
    assert file.read_text().splitlines()[2].endswith(seen[0])


def purchase() -> dict:
    """Two jobs, each on eight devices that are rented."""
    jobs = [{"name": "first", "by_month": 9}, {"name": "second", "tokens": "100B", "from_month": 4}]
    return scenario_of({"months": 15, "discount": 0.05, "jobs": jobs,
                        "supplies": [supply("a", rent={"cap": 32}), supply("b", rent={"cap": 32})]}, "500B")


@pytest.mark.parametrize("command, content", [("compare", small()), ("procure", purchase())])
def test_do_other_commands_write_the_same_report(scenario, tmp_path, command, content):
    path, file, same = scenario(content), tmp_path / "a.html", tmp_path / "b.html"
    assert chipmix(command, path, "-o", file).returncode == chipmix("report", path, "-o", same).returncode == ANSWER
    assert file.read_bytes() == same.read_bytes()


def test_is_a_language_refused_that_no_report_is_written_in_and_one_beside_no_report(scenario, tmp_path):
    path = scenario(small())
    run = chipmix("report", path, "-o", tmp_path / "r.md", "--language", "fr")
    assert run.returncode == USAGE and "zh" in run.stderr
    run = chipmix("compare", path, "--language", "zh")
    assert run.returncode == USAGE and "--output" in run.stderr


def test_is_a_portfolios_report_about_the_portfolio(scenario, tmp_path):
    file = tmp_path / "r.md"
    assert chipmix("report", scenario(purchase()), "-o", file).returncode == ANSWER
    text = file.read_text()
    front, _, rest = text.partition("\n## ")
    body, _, appendix = rest.partition("<summary>Appendix")
    assert "for 2 jobs over 15 months" in front and "Rent " in front and "is cheapest:" not in text.partition("Appendix")[0]
    assert "| first " in body and "| second " in body and "Assumptions" in appendix
    months = body.partition("Purchase schedule")[2]
    assert re.search(r"\| \d+–\d+ \| nothing", months)  # idle months are one row


AMOUNT = re.compile(r"(?<![\w.])(\d[\d,]*(?:\.\d+)?)(?:–(\d[\d,]*(?:\.\d+)?))? (?:M|k|bn) (?:USD|CNY)")


def front(text: str) -> str:
    return text.split("\n## ")[0]


@pytest.mark.parametrize("name", ["us_rent_or_own", "ling_plus", "ant_fleet"])
def test_has_every_amount_of_a_report_the_same_digits(name, tmp_path):
    """Three significant ones with their zeros: no 1.9 beside 1.95, and no 32.36 beside 32.4."""
    text = made(ROOT / "scenarios" / f"{name}.json", tmp_path / "r.md").decode()
    text = text.split("<details><summary>Appendix")[0]
    amounts = [one for match in AMOUNT.finditer(text) for one in match.groups() if one]
    assert len(amounts) > 10
    for one in amounts:
        value = float(one.replace(",", ""))
        assert value >= 1000 or one == f"{value:.{3 if value < 1 else 2 if value < 10 else 1 if value < 100 else 0}f}", one
    heads = [line.split("|") for line in text.splitlines() if re.search(r"total, M (USD|CNY) \|", line)]
    if heads:  # the table of options repeats the total of the first page
        total = AMOUNT.search(front(text))[1]
        assert re.search(rf"\| {re.escape(total)} \|", text), total


def test_says_page_one_what_its_figures_count_and_what_they_leave_out(tmp_path):
    path = ROOT / "scenarios" / "ling_plus.json"
    page = front(made(path, tmp_path / "r.md").decode())
    answer = json.loads(chipmix("compare", path, "--format", "json").stdout)
    best = min(answer["options"], key=lambda one: one["cost"]["total"])
    project = answer["project_over_final_run"]
    low, high = (f"{best['cost']['total'] * project[end] / 1e6:.1f}" for end in ("low", "high"))
    assert f"has taken {project['low']:.1f} to {project['high']:.1f} times that: {low}–{high} M CNY." in page
    idle = sum(row["amount"] for row in best["cost"]["ledger"] if row["account"] == "rent while not training")
    share = 100 * idle / best["cost"]["total"]
    assert f'Practice "typical": real runs reach {100 * best["mfu"]:.3g} % of peak where the best plan would reach ' in page
    assert f"{100 * best['best_plan']['mfu']:.3g} %, and {share:.3g} % of the device cost is for time without training" in page
    assert page.count("eight outcomes in ten") == 1


def test_says_page_one_so_in_chinese_too(tmp_path):
    file = tmp_path / "r.md"
    assert chipmix("report", ROOT / "scenarios" / "ling_plus.json", "-o", file, "--language", "zh").returncode == ANSWER
    page = front(file.read_text())
    for words in ("预计十次结果中有八次落在该区间", "1.6 至 4.2 倍", "运行水平“一般水平”"):
        assert page.count(words) == 1, words


def test_says_the_page_of_a_portfolio_how_likely_its_dates_are_kept_and_what_the_robust_order_buys(tmp_path):
    page = front(made(ROOT / "scenarios" / "china_purchase.json", tmp_path / "r.md").decode())
    assert "The dates are kept with a probability of 70 %" in page
    assert re.search(r"The robust order, made for \"910B two months late\", keeps the dates .*: Buy ", page)
    assert "1.6 to 4.2 times their device-hours" in page and "eight outcomes in ten" in page
