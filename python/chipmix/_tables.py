"""Tables as notebooks show them: escaped, and no longer than a page."""

from __future__ import annotations

from html import escape
from typing import Any, Iterable, Sequence

ROWS = 30  # shown of a table
CHARACTERS = 200  # shown of a cell


def _cell(value: Any) -> str:
    if value is None or value != value:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = f"{value:,.4g}" if isinstance(value, float) and abs(value) < 1e4 else (
        f"{value:,.0f}" if isinstance(value, (int, float)) else str(value))
    return escape(short(text))


def short(text: str) -> str:
    """A heading or label, cut and without characters that steer a terminal or a line's direction."""
    plain = "".join(c if c.isprintable() else "\ufffd" for c in text[:CHARACTERS])
    return plain if len(text) <= CHARACTERS else plain + "..."


def table_html(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    head = "".join(f"<th>{escape(str(column))}</th>" for column in columns)
    body = "".join("<tr>" + "".join(f"<td>{_cell(value)}</td>" for value in row) + "</tr>" for row in rows[:ROWS])
    more = f"<p>and {len(rows) - ROWS} more rows: to_pandas() has them all</p>" if len(rows) > ROWS else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def text_html(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def frame_html(frame: Any, columns: Iterable[str] | None = None) -> str:
    """A pandas table with its index."""
    chosen = frame.reset_index()
    names = [name for name in (columns or chosen.columns) if name in chosen.columns]
    return table_html(names, chosen[names].astype(object).values.tolist())
