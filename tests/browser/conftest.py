"""A real browser, and reports made once for all tests."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("CHIPMIX_PROGRAM", str(ROOT / "build" / "bin" / "chipmix"))
NASTY = "</script><img src=x onerror=alert(1)> \u202e\u5f02\u817e \U0001f600 " + "long " * 20


def report(scenario: Path, output: Path) -> Path:
    run = subprocess.run([PROGRAM, "report", scenario, "--output", output], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return output


@pytest.fixture(scope="session")
def pages(tmp_path_factory) -> dict:
    """A purchase with a fault in every name, and options of a published case."""
    folder = tmp_path_factory.mktemp("reports")
    content = json.loads((ROOT / "scenarios" / "china_purchase.json").read_text())
    content["name"] = NASTY
    for option in content["options"]:
        option["label"] = NASTY + option["name"]
    nasty = folder / "nasty.json"
    nasty.write_text(json.dumps(content))
    return {
        "purchase": report(nasty, folder / "purchase.html"),
        "options": report(ROOT / "scenarios" / "us_rent_or_own.json", folder / "options.html"),
    }


@pytest.fixture(scope="session")
def browser():
    options = webdriver.ChromeOptions()
    for word in ("--headless=new", "--disable-gpu", "--hide-scrollbars", "--no-first-run"):
        options.add_argument(word)
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    yield driver
    driver.quit()
