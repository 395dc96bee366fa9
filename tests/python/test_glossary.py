"""Does the glossary name words that files and answers really have?"""

import re

import pytest

from program import ROOT, chipmix

ROWS = [[cell.strip() for cell in line.strip("|\n").split("|")]
        for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and not line.startswith("| term")]
WRITTEN = sorted({word for row in ROWS for word in re.findall(r"`([a-z_]\w*)`", row[1])})


@pytest.fixture(scope="module")
def known_words():
    kinds = ("scenario", "device", "node", "link", "fabric", "stack", "plan", "prices")
    texts = [chipmix("schema", kind).stdout for kind in kinds] + [chipmix("compare", ROOT / "scenarios" / "us_rent_or_own.json", "--format", "json").stdout]
    return set(re.findall(r"\w+", " ".join(texts)))


def test_has_every_term_a_meaning_and_a_unit():
    assert len(ROWS) > 40 and all(len(row) == 5 and row[2] and row[3] for row in ROWS)
    assert len({row[0] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("word", WRITTEN)
def test_is_the_word_written_so(word, known_words):
    assert word in known_words
