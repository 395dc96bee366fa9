"""pytest tests/golden --update rewrites the transcripts; the diff of the commit then shows which answers changed."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "python"))


def pytest_addoption(parser):
    parser.addoption("--update", action="store_true", help="rewrite the transcripts with today's answers")
