"""Do the documents show the figures that this program gives? Sections are written by bench/refresh_documents.py."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("CHIPMIX_PROGRAM", str(ROOT / "build" / "bin" / "chipmix"))
SCRIPT = ROOT / "bench" / "refresh_documents.py"
sys.path.insert(0, str(SCRIPT.parent))
import refresh_documents  # noqa: E402


@pytest.mark.parametrize("name", refresh_documents.SECTIONS)
def test_is_a_section_as_the_program_says(name):
    run = subprocess.run(["/usr/bin/python3", "-B", SCRIPT, "--check", "--program", PROGRAM, name], capture_output=True, text=True,
                         timeout=600)
    assert run.returncode == 0, run.stdout + run.stderr


def test_is_a_figure_that_drifts_told(tmp_path, monkeypatch, capsys):
    page = tmp_path / "README.md"
    monkeypatch.setattr(refresh_documents, "ROOT", tmp_path)
    monkeypatch.setattr(refresh_documents, "SECTIONS", {"one": ("README.md", lambda answers: "2.5 days\n")})
    for kept, code, told in (("2.5 days\n", 0, "all as the program says"), ("2.4 days\n", 1, "README.md: one: stale")):
        page.write_text(f"<!-- one -->\n\n{kept}\n<!-- /one -->\n", encoding="utf-8")
        monkeypatch.setattr(sys, "argv", ["refresh_documents.py", "--check"])
        assert refresh_documents.main() == code and told in capsys.readouterr().out
        assert kept in page.read_text(encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["refresh_documents.py"])
    assert refresh_documents.main() == 0 and "2.5 days" in page.read_text(encoding="utf-8")


def test_is_a_section_cut_out_whole():
    made = refresh_documents.table(["a", "b"], [["x", 1]], right=[1])
    assert made == "| a | b |\n| --- | ---: |\n| x | 1 |\n"
    page = f"before\n<!-- one -->\n\n{made}\n<!-- /one -->\nafter\n"
    before, kept, after = refresh_documents.between(page, "one")
    assert before + kept + after == page and kept == f"\n{made}\n"


def test_does_no_figure_of_the_first_tables_stand_outside_a_section():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name, (file, _) in refresh_documents.SECTIONS.items():
        if file == "README.md":
            before, _, after = refresh_documents.between(text, name)
            text = before + after
    assert not re.findall(r"\d \| *(?:yes|no)\b|\d[\d.]* %", text), "a share in README.md that no section writes"
