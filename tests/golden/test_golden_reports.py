"""Did any report change? Whole reports as Markdown, but for the published runs, which tests/validation watches."""

import difflib
from pathlib import Path

import pytest

from program import ANSWER, ROOT, chipmix

HERE = Path(__file__).resolve().parent
WATCHED_ELSEWHERE = "## How far predictions can be trusted"


@pytest.mark.parametrize("name", ["ling_plus", "us_rent_or_own", "ant_fleet"])
def test_is_every_report_what_it_was(name, tmp_path, request):
    golden, file = HERE / "reports" / f"{name}.md", tmp_path / "r.md"
    run = chipmix("report", ROOT / "scenarios" / f"{name}.json", "--output", file)
    assert run.returncode == ANSWER, run.stderr
    whole, _, _ = file.read_text(encoding="utf-8").partition(WATCHED_ELSEWHERE)
    now = whole.rstrip() + "\n"
    if request.config.getoption("--update"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(now, encoding="utf-8")
        return
    before = golden.read_text(encoding="utf-8")
    changes = difflib.unified_diff(before.splitlines(), now.splitlines(), golden.name, "now", lineterm="", n=1)
    assert now == before, "\n".join(changes) + "\n(if this is meant: pytest tests/golden --update)"
