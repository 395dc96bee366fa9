"""Did any report change? Whole reports as Markdown, but for the published runs, which tests/validation watches."""

import difflib
import os
import re
from pathlib import Path

import pytest

from program import ANSWER, ROOT, chipmix

HERE = Path(__file__).resolve().parent
WATCHED_ELSEWHERE = re.compile(r"^## (Validation: how far|验证：).*?(?=^## )", re.M | re.S)
DAY = {**os.environ, "SOURCE_DATE_EPOCH": "1767225600"}


@pytest.mark.parametrize("name, language", [("ling_plus", "en"), ("us_rent_or_own", "en"), ("ant_fleet", "en"), ("ling_plus", "zh"), ("ant_fleet", "zh"),
                                            ("us_rent_or_own", "zh")])
def test_is_every_report_what_it_was(name, language, tmp_path, request):
    golden = HERE / "reports" / (f"{name}.md" if language == "en" else f"{name}.{language}.md")
    file = tmp_path / "r.md"
    run = chipmix("report", ROOT / "scenarios" / f"{name}.json", "--output", file, "--language", language, env=DAY)
    assert run.returncode == ANSWER, run.stderr
    now = WATCHED_ELSEWHERE.sub("", file.read_text(encoding="utf-8")).rstrip() + "\n"
    now = re.sub(r"(?m)^(2026-01-01 · .* · chipmix )\S+( · )", r"\1VERSION\2", now)
    if request.config.getoption("--update"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(now, encoding="utf-8")
        return
    before = golden.read_text(encoding="utf-8")
    changes = difflib.unified_diff(before.splitlines(), now.splitlines(), golden.name, "now", lineterm="", n=1)
    assert now == before, "\n".join(changes) + "\n(if this is meant: pytest tests/golden --update)"
