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


def report(scenario: Path, output: Path, *words: str) -> Path:
    run = subprocess.run([PROGRAM, "report", scenario, "--output", output, *words], capture_output=True, text=True,
                         check=False)
    assert run.returncode == 0, run.stderr
    return output


@pytest.fixture(scope="session")
def pages(tmp_path_factory, everything, portfolio) -> dict:
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
        "portfolio": report(portfolio, folder / "portfolio.html", "--author", "A. Uthor"),
        "options": report(ROOT / "scenarios" / "us_rent_or_own.json", folder / "options.html", "--author", "A. Uthor"),
        "everything": report(everything, folder / "everything.html"),
        "chinese": report(everything, folder / "chinese.html", "--language", "zh"),
    }


def figure(value, low=None, high=None) -> dict:
    span = {} if low is None else {"low": low, "high": high}
    return {"value": value, **span, "grade": "assumed", "source": "a test"}


@pytest.fixture(scope="session")
def portfolio(tmp_path_factory) -> Path:
    """Two jobs on rented chips, and two futures in which fewer can be had."""
    def option(name: str, device: str) -> dict:
        return {"name": name, "cluster": {"device": device, "devices": 8, "fabric": "rail-optimised-non-blocking"},
                "plan": {"tensor": 2, "recompute": "full"}, "rent": figure("2 USD/h", "1.5 USD/h", "3 USD/h")}

    def case(label: str, probability: float, cap: int) -> dict:
        return {"label": label, "probability": probability, "set": {"procurement.supplies.0.rent.cap": cap}}

    content = {
        "name": "two jobs on rented chips", "currency": "USD",
        "job": {"model": "llama-3.1-8b", "sequence_length": 4096, "global_batch": 256, "tokens": "500B"},
        "options": [option("a", "h100-sxm5-80gb"), option("b", "a100-sxm4-80gb")],
        "procurement": {
            "months": 15, "discount": 0.05,
            "supplies": [{"option": name, "sizes": [8], "rent": {"cap": 32}} for name in ("a", "b")],
            "jobs": [{"name": "first", "by_month": 9}, {"name": "second", "tokens": "100B", "from_month": 4}],
        },
        "assumptions": [{"assumed": "chips can be had", "cases": [case("no a", 0.2, 0), case("a scarce", 0.3, 8)]}],
    }
    path = tmp_path_factory.mktemp("portfolio") / "portfolio.json"
    path.write_text(json.dumps(content))
    return path


@pytest.fixture(scope="session")
def everything(tmp_path_factory) -> Path:
    """Rent in a currency of its own, a commitment, what is owned, electricity, phases with a move between."""
    cluster = {"device": "h100-sxm5-80gb", "devices": 64, "fabric": "rail-optimised-non-blocking"}
    shared = {"cluster": cluster, "plan": {"tensor": 4}}
    own = {"device": figure("30000 USD", "25000 USD", "45000 USD"), "server": figure(1.3), "network": figure(0.15),
           "life": figure(5), "residual": figure(0.1), "discount": figure(0.08), "utilisation": figure(0.8),
           "duty": figure(0.1), "tax": figure(0.13), "maintenance": figure(0.03), "colocation": figure("900 CNY"),
           "staff": figure("500 USD")}
    content = {
        "name": "every kind of row", "currency": "CNY",
        "job": {"model": "llama-3.1-8b", "sequence_length": 4096, "global_batch": 256, "tokens": "1T"},
        "exchange_rates": [{"from": "USD", "to": "CNY", "rate": 7.2, "date": "2026-01-05", "source": "a bank"},
                           {"from": "CNY", "to": "EUR", "rate": 0.125, "date": "2026-01-05", "source": "a bank"}],
        "electricity": {"load": figure(0.75), "pue": figure(1.25), "tariff": figure("0.6 CNY/kWh")},
        "reliability": {"device_mtbf": figure("50000 h"), "recovery": figure("10 min"), "storage": figure("2 TB/s"),
                        "spares": 0.05},
        "options": [
            {"name": "rent", **shared, "rent": figure("2.5 EUR/h", "2 EUR/h", "3 EUR/h")},
            {"name": "rent long", **shared, "rent": figure("3 USD/h"),
             "commitment": {"discount": figure(0.3), "term": "400 d"}},
            {"name": "own", **shared, "own": own},
            {"name": "fleet", "phases": [{"option": "rent", "share": 0.25},
                                         {"option": "own", "share": 0.75, "moving": "2 d"}]},
        ],
    }
    path = tmp_path_factory.mktemp("everything") / "everything.json"
    path.write_text(json.dumps(content))
    return path


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
