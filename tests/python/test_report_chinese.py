"""Is a Chinese report Chinese? No English is left but names, units, and what others wrote: scenarios, sources of figures.

Words in a row that no file of data has are ours: two neighbours that never stand together there, or four in a row.
"""

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest

from program import ANSWER, ROOT, chipmix

NAMES = ("ling_plus", "us_rent_or_own", "china_purchase")
DATA = ("hardware_profiles", "models", "published_runs", "scenarios")
ROW_OF_WORDS = re.compile(r"(?<![A-Za-z0-9_-])[A-Za-z]{3,}(?: [A-Za-z]{3,})+")
# Fixed terms of plans and of published runs, and words that stand in many a Chinese text.
TERMS = {"token", "tokens", "logits", "sqrt", "chipmix", "procure", "gpu", "mfu"}


def strings(value):
    if isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)
    elif isinstance(value, str):
        yield value


@pytest.fixture(scope="module")
def quoted() -> str:
    """Everything that data says."""
    texts = []
    for folder in DATA:
        for file in (ROOT / folder).rglob("*.json"):
            texts.extend(strings(json.loads(file.read_text(encoding="utf-8"))))
    return " " + re.sub(r"[^a-z]+", " ", " | ".join(texts).lower()) + " "


class Texts(HTMLParser):
    """Texts of a page, with what a pointer and a screen reader are told."""

    def __init__(self):
        super().__init__()
        self.found, self.inside = [], ""

    def handle_starttag(self, tag, attrs):
        self.inside = tag
        self.found.extend(value for name, value in attrs if name in ("aria-label", "data-tip", "data-h"))

    def handle_data(self, data):
        if self.inside not in ("script", "style"):
            self.found.append(data)


def pieces(file: Path) -> list[str]:
    if file.suffix == ".html":
        page = Texts()
        page.feed(file.read_text(encoding="utf-8"))
        return page.found
    if file.suffix == ".xlsx":
        book = openpyxl.load_workbook(file)
        cells = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row
                 if isinstance(cell.value, str) and cell.data_type != "f"]
        return [*book.sheetnames, *cells]
    if file.suffix == ".pdf":
        text = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True).stdout
        return re.split(r"\n|  +", text)
    return re.split(r"[|\n]", file.read_text(encoding="utf-8"))


def english(texts: list[str], quoted: str, sizes: tuple = (2, 4)) -> set[str]:
    """Rows of words that no data has, so many long."""
    left = set()
    for text in texts:
        for row in ROW_OF_WORDS.findall(text):
            words = row.lower().split()
            for size in sizes:
                for at in range(len(words) - size + 1):
                    part = words[at : at + size]
                    if f" {' '.join(part)} " not in quoted and not TERMS.issuperset(part):
                        left.add(f"{' '.join(part)}: {text.strip()[:160]}")
    return left


def test_would_english_be_seen(quoted):
    ours = "What would change this answer: the plan reaches more of its peak than any published run"
    assert english([ours], quoted)
    assert not english(["峰值利用率（MFU）", "a choice: four hours in five are paid work"], quoted)


@pytest.mark.parametrize("kind", ["html", "md", "xlsx", "pdf"])
@pytest.mark.parametrize("name", NAMES)
def test_is_no_english_left(name, kind, quoted, tmp_path):
    if kind == "pdf" and not (shutil.which("pdftotext") and shutil.which("chromium")):
        pytest.skip("chromium or pdftotext (poppler-utils) is not there")
    file = tmp_path / f"r.{kind}"
    run = chipmix("report", ROOT / "scenarios" / f"{name}.json", "--output", file, "--language", "zh")
    assert run.returncode == ANSWER, run.stderr
    texts = pieces(file)
    assert len(texts) > 200 and any("费用最低" in text for text in texts)
    # On paper words of neighbouring columns stand together, so that two of them say little.
    assert sorted(english(texts, quoted, (4,) if kind == "pdf" else (2, 4))) == []
