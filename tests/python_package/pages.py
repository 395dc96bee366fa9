"""The pages of docs/python and the Python in them."""

import re

from conftest import ROOT

PAGES = sorted((ROOT / "docs" / "python").glob("*.md"))


def code_of(page) -> str:
    """All blocks of a page, one program; what lies between them becomes empty lines, so that line numbers hold."""
    lines, inside = [], False
    for line in page.read_text(encoding="utf-8").splitlines():
        fence = re.match(r"```(\w*)", line)
        if fence:
            inside = not inside and fence[1] == "python"
        lines.append(line if inside and not fence else "")
    return "\n".join(lines) + "\n"
