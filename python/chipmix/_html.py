"""What notebooks show of answers: a table and a small chart."""

from __future__ import annotations

from html import escape
from typing import Any, Iterable

from . import _chipmix
from ._shown import OneOption, SideBySide, Tabular, Titled
from ._tables import CHARACTERS, ROWS, frame_html, short, table_html


def _table(result: Tabular, columns: Iterable[str] | None = None) -> str:
    """The answer's table; its text where pandas is not installed."""
    try:
        frame = result.to_pandas()
    except ImportError:
        return f"<pre>{escape(str(result))}</pre>"
    return frame_html(frame, columns)


def scenario_html(name: str, content: dict[str, Any]) -> str:
    job = content["job"]
    rows = []
    for option in content["options"]:
        cluster = option.get("cluster") or {}
        rent = option.get("rent") or {}
        device = cluster.get("device") or ("mix" if "mix" in option else "phases")
        rows.append((option["name"], option.get("label"), device, cluster.get("devices"), rent.get("value"),
                     "fixed" if "plan" in option else "searched"))
    model, tokens = short(str(job["model"])), short(str(job["tokens"]))
    return (f"<b>{escape(short(name))}</b><p>{escape(model)}, {escape(tokens)} tokens</p>"
            + table_html(("option", "label", "device", "devices", "rent", "plan"), rows))


_OPTION = ("name", "plan", "devices", "tokens_per_s_per_device", "mfu", "days", "cost", "cost_p10", "cost_p90",
           "relative_cost", "reason")


def estimate_html(estimate: OneOption) -> str:
    times = estimate.ledger.only(ledger="time")
    bars = [(e.account, e.amount, e.amount, e.amount, f"{e.amount:.3g} s") for e in times][:ROWS]
    chart = _chipmix.bars("Time of a step", "seconds by account", bars) if bars else ""
    return f"<b>{escape(short(estimate.label))}</b>{_table(estimate, _OPTION)}{_small(chart)}"


def comparison_html(comparison: SideBySide) -> str:
    bars = [(short(option.label), option.cost.p10, option.cost.total, option.cost.p90, f"{option.cost.total:,.3g}")
            for option in comparison if option and option.cost][:ROWS]
    chart = _chipmix.bars(f"Cost, {comparison.currency}", "with P10 to P90", bars) if bars else ""
    return (f"<b>{escape(short(comparison.scenario))}</b><p>{escape(comparison.recommendation[:8 * CHARACTERS])}</p>"
            f"{_table(comparison, _OPTION)}{_small(chart)}")


def page_html(result: Titled) -> str:
    return f"<b>{escape(short(result.title))}</b>{_table(result)}"


def _small(svg: str) -> str:
    return f'<div style="max-width: 40em">{svg}</div>' if svg else ""
