"""What notebooks show: tables and small charts, escaped, and no longer than a page."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Iterable, Sequence

from . import _chipmix
from .estimates import Estimate

if TYPE_CHECKING:
    from .estimates import Comparison
    from .listings import PageResult

ROWS = 30  # shown of a table
CHARACTERS = 200  # shown of a cell


def _cell(value: Any) -> str:
    if value is None or value != value:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = f"{value:,.4g}" if isinstance(value, float) and abs(value) < 1e4 else (
        f"{value:,.0f}" if isinstance(value, (int, float)) else str(value))
    return escape(_short(text))


def _short(text: str) -> str:
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


def scenario_html(name: str, content: dict[str, Any]) -> str:
    job = content["job"]
    rows = []
    for option in content["options"]:
        cluster = option.get("cluster") or {}
        rent = option.get("rent") or {}
        device = cluster.get("device") or ("mix" if "mix" in option else "phases")
        rows.append((option["name"], option.get("label"), device, cluster.get("devices"), rent.get("value"),
                     "fixed" if "plan" in option else "searched"))
    model, tokens = _short(str(job["model"])), _short(str(job["tokens"]))
    return (f"<b>{escape(_short(name))}</b><p>{escape(model)}, {escape(tokens)} tokens</p>"
            + table_html(("option", "label", "device", "devices", "rent", "plan"), rows))


_OPTION = ("name", "plan", "devices", "tokens_per_s_per_device", "mfu", "days", "cost", "cost_p10", "cost_p90",
           "relative_cost", "reason")


def estimate_html(estimate: Estimate) -> str:
    frame = estimate.to_pandas()
    times = estimate.ledger.only(ledger="time")
    bars = [(e.account, e.amount, e.amount, e.amount, f"{e.amount:.3g} s") for e in times][:ROWS]
    chart = _chipmix.bars("Time of a step", "seconds by account", bars) if bars else ""
    return f"<b>{escape(_short(estimate.label))}</b>{frame_html(frame, _OPTION)}{_small(chart)}"


def comparison_html(comparison: Comparison) -> str:
    bars = [(_short(option.label), option.cost.p10, option.cost.total, option.cost.p90, f"{option.cost.total:,.3g}")
            for option in comparison if isinstance(option, Estimate) and option.cost][:ROWS]
    chart = _chipmix.bars(f"Cost, {comparison.currency}", "with P10 to P90", bars) if bars else ""
    return (f"<b>{escape(_short(comparison.scenario))}</b><p>{escape(comparison.recommendation[:8 * CHARACTERS])}</p>"
            f"{frame_html(comparison.to_pandas(), _OPTION)}{_small(chart)}")


def page_html(result: PageResult) -> str:
    return f"<b>{escape(_short(result.title))}</b>{frame_html(result.to_pandas())}"


def _small(svg: str) -> str:
    return f'<div style="max-width: 40em">{svg}</div>' if svg else ""
