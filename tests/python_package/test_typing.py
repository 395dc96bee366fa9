"""Are the stubs those of the extension as built, and do the package and the examples of the docs pass mypy --strict?"""

import difflib
import os
import subprocess
import sys

from conftest import ROOT
from pages import PAGES, code_of

STUB = ROOT / "python" / "chipmix" / "_chipmix.pyi"


def test_are_the_stubs_up_to_date(tmp_path):
    subprocess.run(["stubgen", "--module", "chipmix._chipmix", "--output", str(tmp_path)], check=True,
                   capture_output=True, env={**os.environ, "MYPYPATH": ""})
    made = (tmp_path / "chipmix" / "_chipmix.pyi").read_text()
    kept = STUB.read_text()
    assert made == kept, "".join(difflib.unified_diff(kept.splitlines(True), made.splitlines(True)))


def test_are_package_and_examples_clean_under_mypy_strict(tmp_path):
    examples = []
    for page in PAGES:
        examples.append(tmp_path / f"example_{page.stem}.py")
        examples[-1].write_text(code_of(page))
    run = subprocess.run([sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"), "--cache-dir",
                          str(tmp_path / "cache"), "--scripts-are-modules", str(ROOT / "python" / "chipmix"),
                          *map(str, examples)], capture_output=True, text=True,
                         env={**os.environ, "MYPYPATH": str(ROOT / "python")})
    assert run.returncode == 0, run.stdout + run.stderr
