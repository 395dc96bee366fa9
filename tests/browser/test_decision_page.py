"""Is the first page the decision, on a screen, on paper and on a phone; and do its sliders calculate as --set does?"""

import base64
import json
import re
import subprocess

import pytest
from selenium.webdriver.common.by import By

from conftest import PROGRAM, ROOT, report
from test_report_in_browser import FAULTS, show

A4, LETTER = (8.27, 11.69), (8.5, 11)
RENT_OR_OWN = ROOT / "scenarios" / "us_rent_or_own.json"


def text_of(pdf: bytes, tmp_path) -> list[str]:
    """The words of each page."""
    file = tmp_path / "r.pdf"
    file.write_bytes(pdf)
    run = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True)
    return run.stdout.split("\f")[:-1]


@pytest.fixture
def needs_pdftotext():
    import shutil

    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler-utils) is not there")


@pytest.mark.parametrize("name", ["options", "purchase"])
def test_is_the_decision_one_screen(browser, pages, name):
    show(browser, pages["portfolio" if name == "purchase" else name])
    bottom = browser.execute_script("return document.getElementById('decision').getBoundingClientRect().bottom")
    assert bottom <= 900
    assert len(browser.find_elements(By.CSS_SELECTOR, ".headlines > div")) == 5
    assert len(browser.find_elements(By.CSS_SELECTOR, "#decision ol li")) == 2
    assert browser.find_elements(By.CSS_SELECTOR, "#decision ul li")
    names = [one.text for one in browser.find_elements(By.CSS_SELECTOR, ".imprint dd")]
    assert len(names) == 4 and names[1] == "A. Uthor" and re.fullmatch(r"[0-9a-f]{16}", names[3])


@pytest.mark.parametrize("paper", [A4, LETTER])
def test_is_the_decision_one_sheet_and_the_body_at_most_five(browser, pages, paper, tmp_path, needs_pdftotext):
    show(browser, pages["options"])
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    words = {"paperWidth": paper[0], "paperHeight": paper[1], "preferCSSPageSize": False}
    sheets = text_of(base64.b64decode(browser.execute_cdp_cmd("Page.printToPDF", words)["data"]), tmp_path)
    asked = next(i for i, sheet in enumerate(sheets) if "Approval requested" in sheet)
    money = next(i for i, sheet in enumerate(sheets) if re.search("^ *Money$", sheet, re.M))
    rest = next(i for i, sheet in enumerate(sheets) if "Appendix: assumptions" in sheet)
    assert (asked, money) == (0, 1)
    assert rest <= 5
    assert all(f"{i + 1} / {len(sheets)}" in sheet for i, sheet in enumerate(sheets))


def test_is_the_best_option_first_and_alone_in_full_colour(browser, pages):
    show(browser, pages["options"])
    read = ("return [...document.querySelectorAll('#decision svg.page rect')]"
            ".map(r => [+r.getAttribute('width'), r.getAttribute('fill-opacity')])")
    bars = browser.execute_script(read)
    assert [width for width, _ in bars] == sorted(width for width, _ in bars)
    assert [opacity is None for _, opacity in bars] == [True, False, False]


@pytest.mark.parametrize("width", [1280, 768, 390])
def test_do_charts_have_the_whole_measure(browser, pages, width):
    show(browser, pages["options"], width)
    read = ("return [...document.querySelectorAll('section[id^=c] svg')].filter(s => s.getBoundingClientRect().width)"
            ".map(s => [s.getBoundingClientRect().width, s.closest('figure').getBoundingClientRect().width])")
    measures = browser.execute_script(read)
    assert len(measures) >= 5
    assert all(drawn >= 0.98 * room for drawn, room in measures)


def test_are_tables_cards_on_a_phone(browser, pages):
    show(browser, pages["options"], 390)
    read = ("const t = document.querySelector('#c1 table'); return [t.scrollWidth <= 390, "
            "getComputedStyle(t.rows[1].cells[1], '::before').content]")
    fits, head = browser.execute_script(read)
    assert fits and "total" in head


def set_figures(browser, changes: dict) -> None:
    """Types a value into the field of each path: shares in percent, tokens in T."""
    browser.execute_script("""
        for (const [path, value] of Object.entries(arguments[0])) {
          const field = document.querySelector(`#what-if input[type=number][data-path="${path}"]`);
          if (!field) throw new Error(path);
          field.value = value;
          field.dispatchEvent(new Event("input"));
        }""", changes)


def totals(browser) -> dict:
    return browser.execute_script("return Object.fromEntries([...document.querySelectorAll('#what-if .bar')]"
                                  ".map(b => [b.dataset.name, +b.dataset.total]))")


def compared(scenario, *changes) -> dict:
    words = [word for change in changes for word in ("--set", change)]
    run = subprocess.run([PROGRAM, "compare", scenario, "--format", "json", *words], capture_output=True, text=True,
                         check=True)
    return {one["name"]: one["cost"]["total"] for one in json.loads(run.stdout)["options"]}


MOVES = [
    ({"options.h200-rent.rent.value": 2.75}, ["options.h200-rent.rent.value=2.75 USD/h"]),
    ({"options.h200-own.own.device.value": 33000}, ["options.h200-own.own.device.value=33000 USD"]),
    ({"job.tokens": 3.5}, ["job.tokens=3.5e12"]),
    ({"options.h200-rent.mfu": 31}, ["options.h200-rent.mfu=0.31"]),
    ({"job.tokens": 1, "options.h200-own.mfu": 50, "options.h200-own.own.device.value": 40000},
     ["job.tokens=1e12", "options.h200-own.mfu=0.5", "options.h200-own.own.device.value=40000 USD"]),
]


@pytest.mark.parametrize("typed, said", MOVES)
def test_do_sliders_follow_to_the_last_cent_as_set_does(browser, pages, typed, said):
    show(browser, pages["options"])
    before = totals(browser)
    set_figures(browser, typed)
    after, expected = totals(browser), compared(RENT_OR_OWN, *said)
    assert after != before and set(after) == set(expected)
    for name, total in expected.items():
        assert abs(after[name] - total) < 0.01, name
    shown = browser.execute_script("return [...document.querySelectorAll('#what-if .bar')].map(b => +b.dataset.total)")
    assert shown == sorted(shown)


def test_do_sliders_follow_exchange_rates_power_and_terms(browser, pages, everything):
    show(browser, pages["everything"])
    typed = {"exchange_rates.0.rate": 6.5, "electricity.tariff.value": 0.9, "options.1.rent.value": 2.5}
    set_figures(browser, typed)
    expected = compared(everything, "exchange_rates.0.rate=6.5", "electricity.tariff.value=0.9 CNY/kWh",
                        "options.1.rent.value=2.5 USD/h")
    for name, total in totals(browser).items():
        assert abs(total - expected[name]) < 0.01, name


def ordered(scenario, *changes) -> dict:
    """What is decided at other prices."""
    words = [word for change in changes for word in ("--set", change)]
    run = subprocess.run([PROGRAM, "procure", scenario, "--format", "json", *words], capture_output=True, text=True,
                         check=True)
    return json.loads(run.stdout)["decision"]


@pytest.mark.parametrize("typed, said", [
    ({}, []),
    ({"options.a.rent.value": 2.2}, ["options.a.rent.value=2.2 USD/h"]),
    ({"options.a.rent.value": 1.7, "options.b.rent.value": 1.8},
     ["options.a.rent.value=1.7 USD/h", "options.b.rent.value=1.8 USD/h"]),
])
def test_do_a_portfolios_sliders_price_the_order_as_procure_does(browser, pages, portfolio, typed, said):
    show(browser, pages["portfolio"])
    fields = browser.execute_script("return [...document.querySelectorAll('#what-if input[type=number]')]"
                                    ".map(field => field.dataset.path)")
    moved = {path: value for path, value in typed.items() if path in fields}  # those that the order feels
    set_figures(browser, moved)
    before, after = ordered(portfolio), ordered(portfolio, *said)
    assert typed == {} or moved
    assert after["rented"] == before["rented"]  # the same order
    assert abs(totals(browser)["this plan"] - after["cost"]) < 0.01


def test_does_the_decision_follow_and_does_reset_bring_it_back(browser, pages):
    show(browser, pages["options"])
    decision = browser.find_element(By.CSS_SELECTOR, "#what-if .decision")
    before, first = totals(browser), decision.text
    worst = max(before, key=before.get)
    browser.execute_script("""
        const model = JSON.parse(document.getElementById("what-if").dataset.model);
        const option = model.options.find(o => o.name === arguments[0]).runs[0].option;
        const i = model.levers.findIndex(l => l.kind === "price" && l.options.includes(option));
        const range = document.querySelector(`#what-if input[type=range][data-key="f${i}"]`);
        range.value = range.min;
        range.dispatchEvent(new Event("input"));""", worst)
    assert totals(browser)[worst] < before[worst]
    assert "#what-if&f" in browser.current_url
    link = browser.current_url
    kept, sentence = totals(browser), decision.text
    browser.get("about:blank")
    browser.get(link)
    assert totals(browser) == kept
    assert browser.find_element(By.CSS_SELECTOR, "#what-if .decision").text == sentence
    browser.find_element(By.CSS_SELECTOR, "#what-if button").click()
    assert totals(browser) == before and "#" not in browser.current_url
    assert browser.find_element(By.CSS_SELECTOR, "#what-if .decision").text == first
    assert browser.get_log("browser") == []


def test_is_the_panel_away_without_scripts_and_on_paper(browser, pages):
    show(browser, pages["options"])
    shown = "return getComputedStyle(document.getElementById('what-if')).display"
    assert browser.execute_script(shown) != "none"
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert browser.execute_script(shown) == "none"
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "screen"})
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.get(pages["options"].as_uri())
    hidden = browser.execute_script(shown)
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert hidden == "none"


@pytest.mark.parametrize("width", [1280, 390])
def test_is_the_page_laid_out_in_chinese_too(browser, pages, width):
    show(browser, pages["chinese"], width)
    assert browser.execute_script(FAULTS) == []
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    assert browser.execute_script("return document.documentElement.lang") == "zh-CN"
    heads = [one.text for one in browser.find_elements(By.CSS_SELECTOR, "section[id^=c] > h2")]
    assert heads == ["费用", "方案与时间", "风险", "采购计划"]
    if width == 1280:
        assert browser.execute_script("return document.getElementById('decision').getBoundingClientRect().bottom") <= 900
