"""Do the examples of docs/python run as they stand?"""

import os
import shutil

import matplotlib.pyplot
import pytest

from conftest import ROOT
from pages import PAGES, code_of


def test_are_there_pages():
    assert len(PAGES) >= 5 and all(code_of(page).strip() for page in PAGES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_does_a_page_run(page, tmp_path, monkeypatch):
    for folder in ("scenarios", "notebooks"):
        os.symlink(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "models" / "llama-3.1-8b.json", tmp_path / "config.json")
    monkeypatch.chdir(tmp_path)
    exec(compile(code_of(page), str(page), "exec"), {"__name__": "page"})
    matplotlib.pyplot.close("all")
