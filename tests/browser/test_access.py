"""Can everybody read a report? axe-core, run in the browser on whole pages, their appendix and data open."""

from pathlib import Path

import pytest

from test_report_in_browser import show

AXE = Path(__file__).resolve().parent / "vendor" / "axe-core" / "axe.min.js"
RUN = """
const done = arguments[arguments.length - 1];
document.querySelectorAll("details").forEach(one => one.open = true);
axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(
  found => done({rules: found.passes.length, faults: found.violations.map(
    one => one.id + ": " + one.nodes.length + " x " + one.nodes[0].html.slice(0, 200) + " " +
           one.nodes[0].failureSummary.slice(0, 400))}),
  error => done({rules: 0, faults: [String(error)]}));
"""


def audited(browser) -> dict:
    browser.execute_script(AXE.read_text(encoding="utf-8"))
    browser.set_script_timeout(120)
    return browser.execute_async_script(RUN)


def dressed(browser, scheme: str):
    feature = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "screen", "features": feature})


@pytest.mark.parametrize("name, scheme, width", [
    ("options", "light", 1280), ("options", "dark", 1280), ("options", "light", 390), ("options", "dark", 390),
    ("portfolio", "light", 1280), ("portfolio", "dark", 390), ("chinese", "dark", 1280), ("chinese", "light", 390)])
def test_does_axe_find_nothing_on(browser, pages, name, scheme, width):
    show(browser, pages[name], width)
    dressed(browser, scheme)
    found = audited(browser)
    assert found["faults"] == []
    assert found["rules"] >= 20


def test_would_axe_see_pale_text(browser, pages):
    show(browser, pages["options"])
    browser.execute_script("document.querySelector('.answer').style.color = '#eee'")
    assert any(one.startswith("color-contrast") for one in audited(browser)["faults"])
