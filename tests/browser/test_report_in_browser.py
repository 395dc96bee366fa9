"""Is a report what its readers see? In headless Chromium, wide, narrow, dark and printed."""

import base64
import json

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By

WIDTHS = (1280, 768, 390)
NAMES = ("purchase", "options")

# Text outside its drawing, or over other text of the same drawing by more than a hair.
FAULTS = """
const faults = [];
for (const svg of document.querySelectorAll("svg")) {
  const frame = svg.getBoundingClientRect(), name = svg.querySelector("title").textContent;
  if (getComputedStyle(svg).display === "none") continue;  // drawn for the other measure
  if (frame.width < 100 || frame.height < 20) faults.push(name + ": no size");
  const slack = 1.5, boxes = [...svg.querySelectorAll("text")].map(t => [t.textContent, t.getBoundingClientRect()]);
  for (const [words, box] of boxes)
    if (box.left < frame.left - slack || box.right > frame.right + slack || box.top < frame.top - slack ||
        box.bottom > frame.bottom + slack) faults.push(name + ": clipped: " + words);
  boxes.forEach(([a, one], i) => boxes.slice(i + 1).forEach(([b, other]) => {
    const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
    const high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
    if (wide > slack && high > 4) faults.push(name + ": " + a + " over " + b);
  }));
}
return faults;
"""


def show(browser, page, width=1280):
    browser.get_log("browser"), browser.get_log("performance")
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                            {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "screen", "features": []})
    browser.get(page.as_uri())
    browser.execute_script("document.getElementById('appendix').open = true")


@pytest.mark.parametrize("name", NAMES)
def test_does_a_page_ask_nobody_for_anything_and_run_without_complaint(browser, pages, name):
    show(browser, pages[name])
    asked = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    urls = {m["params"]["request"]["url"] for m in asked if m["method"] == "Network.requestWillBeSent"}
    assert urls == {pages[name].as_uri()}
    assert browser.get_log("browser") == []
    assert browser.find_elements(By.TAG_NAME, "img") == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_has_every_figure_a_size_and_is_no_text_clipped_or_over_other_text(browser, pages, name, width):
    show(browser, pages[name], width)
    assert len(browser.find_elements(By.TAG_NAME, "svg")) >= 12
    assert browser.execute_script(FAULTS) == []


def test_would_text_over_text_or_outside_be_seen(browser, pages):
    show(browser, pages["options"])
    move = "document.querySelectorAll('svg text')[0].setAttribute('%s', %s)"  # of the first drawing, for a page
    browser.execute_script(move % ("y", "document.querySelectorAll('svg text')[2].getAttribute('y')"))
    browser.execute_script(move % ("x", "document.querySelectorAll('svg text')[2].getAttribute('x')"))
    assert any(" over " in fault for fault in browser.execute_script(FAULTS))
    browser.execute_script(move % ("x", "-50"))
    assert any("clipped" in fault for fault in browser.execute_script(FAULTS))


@pytest.mark.parametrize("name", NAMES)
def test_is_print_whole(browser, pages, name):
    show(browser, pages[name])
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert browser.execute_script(FAULTS) == []
    pdf = base64.b64decode(browser.execute_cdp_cmd("Page.printToPDF", {})["data"])
    assert pdf.startswith(b"%PDF") and pdf.count(b"/Type /Page\n") > 3


@pytest.mark.parametrize("width", WIDTHS)
def test_does_the_page_itself_never_scroll_sideways(browser, pages, width):
    for name in NAMES:
        show(browser, pages[name], width)
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width, name


def test_does_a_click_on_a_column_sort_by_its_numbers_up_and_down(browser, pages):
    show(browser, pages["options"])
    button = browser.find_element(By.CSS_SELECTOR, "#c1 th:nth-child(2) button")
    read = "return [...document.querySelectorAll('#c1 table')[0].tBodies[0].rows].map(r => +r.cells[1].dataset.v)"
    before = browser.execute_script(read)
    button.click()
    assert browser.execute_script(read) == sorted(before)
    button.click()
    assert browser.execute_script(read) == sorted(before, reverse=True)
    assert browser.find_element(By.CSS_SELECTOR, "#c1 th:nth-child(2)").get_attribute("aria-sort") == "descending"


def test_does_a_mark_say_what_it_is(browser, pages):
    show(browser, pages["options"])
    mark = browser.find_element(By.CSS_SELECTOR, "svg rect[data-tip]")
    ActionChains(browser).move_to_element(mark).perform()
    tip = browser.find_element(By.ID, "tip")
    assert tip.is_displayed() and tip.text == mark.get_attribute("data-tip") != ""


def test_is_all_of_it_there_without_scripts(browser, pages):
    show(browser, pages["options"])
    script = "return document.querySelectorAll('svg').length + '/' + document.querySelectorAll('td').length"
    with_script = browser.execute_script(script)
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.get(pages["options"].as_uri())
    without = browser.execute_script(script)
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert without == with_script


# What axe-core's rules of the same names ask, as far as a report can break them.
ACCESS = """
const faults = [];
if (!document.documentElement.lang) faults.push("html-has-lang");
if (!document.title) faults.push("document-title");
if (document.querySelectorAll("main").length !== 1) faults.push("landmark-one-main");
const levels = [...document.querySelectorAll("h1, h2, h3, h4")].map(h => +h.tagName[1]);
levels.forEach((level, i) => { if (i && level > levels[i - 1] + 1) faults.push("heading-order " + i); });
for (const svg of document.querySelectorAll("svg[role=img]"))
  if (!svg.querySelector(":scope > title").textContent) faults.push("svg-img-alt");
for (const one of document.querySelectorAll(".scroll"))
  if (one.tabIndex !== 0 || !one.getAttribute("aria-label")) faults.push("scrollable-region-focusable");
for (const head of document.querySelectorAll("th")) if (head.scope !== "col") faults.push("th-has-data-cells");
const ids = [...document.querySelectorAll("[id]")].map(e => e.id);
if (new Set(ids).size !== ids.length) faults.push("duplicate-id");
const light = c => { const v = c.match(/[\\d.]+/g).slice(0, 3).map(x => x / 255)
  .map(x => x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
  return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2]; };
const sheet = light(getComputedStyle(document.body).backgroundColor);
for (const one of document.querySelectorAll("p, td, th, a, li, dt, dd, summary, figcaption, label, legend, button, svg text")) {
  const style = getComputedStyle(one), ink = light(one.tagName === "text" ? style.fill : style.color);
  let ground = one;
  while (ground && getComputedStyle(ground).backgroundColor === "rgba(0, 0, 0, 0)") ground = ground.parentElement;
  const paper = ground ? light(getComputedStyle(ground).backgroundColor) : sheet;
  if ((Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05) < 4.5) faults.push("color-contrast " + one.tagName);
}
return faults;
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_can_everybody_read_it(browser, pages, scheme):
    show(browser, pages["options"])
    feature = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "screen", "features": feature})
    dark = browser.execute_script("return getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    assert dark == (scheme == "dark")
    assert browser.execute_script(ACCESS) == []
