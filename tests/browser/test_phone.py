"""Can a report be read on a phone, light or dark, with scripts or without, in both languages?"""

import pytest

from conftest import ROOT, report
from test_report_in_browser import FAULTS, show

# Words of the page itself that stick out of their box or of the screen.
OUTSIDE = """
const faults = [];
for (const one of document.querySelectorAll("h1, h2, h3, h4, p, li, dt, dd, figcaption, summary, label, button")) {
  const box = one.getBoundingClientRect();
  if (!box.width || one.closest(".scroll")) continue;  // tables are asked below
  if (box.left < -1 || box.right > innerWidth + 1 || one.scrollWidth > one.clientWidth + 1 && one.clientWidth)
    faults.push(one.tagName + ": " + one.textContent.slice(0, 60));
}
for (const table of document.querySelectorAll("table")) {
  const scroll = table.closest(".scroll");
  if (scroll.getBoundingClientRect().right > innerWidth + 1) faults.push("table: " + scroll.getAttribute("aria-label"));
  if (table.classList.contains("cards") && scroll.scrollWidth > scroll.clientWidth + 1)
    faults.push("cards: " + scroll.getAttribute("aria-label"));
}
return faults;
"""


@pytest.fixture(scope="module")
def shipped(tmp_path_factory) -> dict:
    folder = tmp_path_factory.mktemp("shipped")
    return {(name, language): report(ROOT / "scenarios" / f"{name}.json", folder / f"{name}.{language}.html",
                                     "--language", language)
            for name in ("ling_plus", "us_rent_or_own", "china_purchase") for language in ("en", "zh")}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", ["ling_plus", "us_rent_or_own", "china_purchase"])
def test_is_nothing_clipped_or_over_anything_on_a_phone(browser, shipped, name, language):
    page = shipped[name, language]
    for scheme in ("light", "dark"):
        show(browser, page, 390)
        feature = [{"name": "prefers-color-scheme", "value": scheme}]
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "screen", "features": feature})
        assert browser.execute_script("return document.documentElement.scrollWidth") <= 390
        assert browser.execute_script(FAULTS) == []
        assert browser.execute_script(OUTSIDE) == []
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get(page.as_uri())
        assert browser.execute_script("return document.documentElement.scrollWidth") <= 390
        assert browser.execute_script(FAULTS) == []
        assert browser.execute_script(OUTSIDE) == []
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", ["ling_plus", "us_rent_or_own", "china_purchase"])
def test_is_the_decision_one_screen_of_a_desk(browser, shipped, name, language):
    show(browser, shipped[name, language])
    assert browser.execute_script("return document.getElementById('decision').getBoundingClientRect().bottom") <= 900
    assert browser.execute_script("return document.documentElement.scrollWidth") <= 1280
    assert browser.execute_script(FAULTS) == []
