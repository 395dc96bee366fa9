"""Plots of answers with matplotlib: slide-ready, in colours that colour-blind readers tell apart."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Sequence

from ._extras import needs
from ._shown import Fit, OneOption, Plans, Rows, SideBySide, Swept, Tabular, Titled
from ._words import plan_text
from .ledger import Ledger

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["PALETTE", "heat_map", "plot_calibration", "plot_catalogue", "plot_comparison", "plot_frontier",
           "plot_memory", "plot_plans", "plot_procurement", "plot_sweep", "plot_time", "plot_validation"]

# Okabe and Ito's colours (jfly.uni-koeln.de/color, 2008).
PALETTE = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#7f7f7f")


def _axes(ax: Axes | None, height: float = 4.5) -> Axes:
    if ax is not None:
        return ax
    axes: Axes = needs("matplotlib.pyplot", "plots").subplots(figsize=(9, height), layout="constrained")[1]
    return axes


def _dress(ax: Axes, title: str, x: str = "", y: str = "") -> Axes:
    ax.set_title(title, loc="left", fontweight="bold")
    ax.set_xlabel(x)
    ax.set_ylabel(y)
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def _scale(amounts: Sequence[float]) -> tuple[float, str]:
    """What to divide money by, and the word for it."""
    most = max(amounts, default=0.0)
    return (1e6, "million ") if most >= 1e6 else (1e3, "thousand ") if most >= 1e3 else (1.0, "")


def _horizontal(ax: Axes, labels: Sequence[str]) -> None:
    ax.set_yticks(range(len(labels)), labels)
    ax.invert_yaxis()


def plot_comparison(comparison: SideBySide, ax: Axes | None = None) -> Axes:
    """Cost per 1e12 tokens of each option with P10 to P90, the cheapest in colour; days where nothing has a price."""
    feasible = [option for option in comparison if option]
    priced = [(option, option.cost) for option in feasible if option.cost]
    ax = _axes(ax, 1.6 + 0.5 * len(feasible))
    if not priced:
        ax.barh(range(len(feasible)), [option.days for option in feasible], color=PALETTE[0])
        _horizontal(ax, [option.label for option in feasible])
        return _dress(ax, comparison.scenario, "days to train")
    divide, word = _scale([cost.per_1t_tokens for _, cost in priced])
    best = min(cost.total for _, cost in priced)
    for row, (option, cost) in enumerate(priced):
        value, unit = cost.per_1t_tokens / divide, cost.per_1t_tokens / cost.total / divide
        ax.barh(row, value, color=PALETTE[0] if cost.total == best else PALETTE[5], height=0.6)
        ax.hlines(row, cost.p10 * unit, cost.p90 * unit, color="black", linewidth=1.2)
        ax.annotate(f"{value:.2f}", (max(value, cost.p90 * unit), row), xytext=(6, 0), textcoords="offset points",
                    va="center")
    _horizontal(ax, [option.label for option, _ in priced])
    return _dress(ax, comparison.scenario, f"{word}{comparison.currency} per 1T tokens; lines: P10 to P90")


def plot_frontier(comparison: SideBySide, ax: Axes | None = None) -> Axes:
    """Days against cost; options that no other beats in both are filled and joined."""
    ax = _axes(ax)
    priced = [(option, option.cost.total) for option in comparison if option and option.cost]
    divide, word = _scale([total for _, total in priced])
    front = sorted((option.days, total / divide) for option, total in priced if option.pareto)
    ax.plot([days for days, _ in front], [total for _, total in front], color=PALETTE[0], linewidth=1, zorder=1)
    for option, total in priced:
        ax.scatter(option.days, total / divide, s=60, zorder=2, edgecolor=PALETTE[0],
                   color=PALETTE[0] if option.pareto else "white")
        ax.annotate(option.label, (option.days, total / divide), xytext=(7, 5), textcoords="offset points")
    ax.margins(0.25, 0.15)
    return _dress(ax, f"{comparison.scenario}: time against money", "days to train", f"{word}{comparison.currency}")


def _accounts(ax: Axes, ledger: Ledger, unit: str) -> None:
    """Bars, largest first; accounts below 1 % are put together."""
    total = math.fsum(entry.amount for entry in ledger)
    bars = sorted(((e.account, e.amount) for e in ledger if e.amount >= 0.01 * total), key=lambda bar: -bar[1])
    small = [entry.amount for entry in ledger if entry.amount < 0.01 * total]
    if small:
        bars.append((f"{len(small)} smaller accounts", math.fsum(small)))
    ax.barh(range(len(bars)), [amount for _, amount in bars], color=PALETTE[0], height=0.65)
    for row, (_, amount) in enumerate(bars):
        ax.annotate(f"{amount:.3g} {unit}, {amount / total:.0%}", (amount, row), xytext=(5, 0),
                    textcoords="offset points", va="center")
    ax.margins(x=0.18)
    _horizontal(ax, [account for account, _ in bars])


def plot_time(estimate: OneOption, ax: Axes | None = None) -> Axes:
    """Where the time of a step goes, account by account; of an option made of phases, its money."""
    ledger = estimate.ledger.only(ledger="time")
    kind, unit = ("a step", "s") if ledger else ("the cost", estimate.cost.currency if estimate.cost else "")
    ledger = ledger or estimate.ledger.only(ledger="money")
    ax = _axes(ax, 1.6 + 0.4 * len(ledger))
    _accounts(ax, ledger, unit)
    return _dress(ax, f"{estimate.label}: where {kind} goes ({plan_text(estimate.plan)})", unit)


def plot_memory(estimate: OneOption, ax: Axes | None = None) -> Axes:
    """Peak memory of each pipeline stage, GiB, by account, against the capacity."""
    ax = _axes(ax)
    accounts = list(dict.fromkeys(entry.account for entry in estimate.ledger.only(ledger="memory")))
    stages = range(len(estimate.memory))
    base = [0.0] * len(stages)
    for number, account in enumerate(accounts):
        used = [sum(e["gib"] for e in stage["ledger"] if e["account"] == account) for stage in estimate.memory]
        ax.bar(stages, used, bottom=base, label=account, color=PALETTE[number % len(PALETTE)])
        base = [below + more for below, more in zip(base, used)]
    for place, stage in zip(stages, estimate.memory):
        ax.hlines(stage["capacity_gib"], place - 0.5, place + 0.5, color="black", linestyle="--", linewidth=1)
    ax.legend(frameon=False, ncols=2, fontsize="small", loc="upper left", bbox_to_anchor=(1, 1))
    return _dress(ax, f"{estimate.label}: memory of a rank; dashed: capacity", "pipeline stage", "GiB")


def plot_plans(plans: Plans, ax: Axes | None = None) -> Axes:
    """Step time of each plan, s, best on top."""
    ax = _axes(ax, 1.6 + 0.4 * len(plans))
    times = [plan["step_time_s"] for plan in plans]
    ax.barh(range(len(times)), times, color=[PALETTE[0], *[PALETTE[5]] * (len(times) - 1)], height=0.65)
    for row, time in enumerate(times):
        ax.annotate(f"{time:.3g} s" + (f"  +{time / times[0] - 1:.1%}" if row else ""), (time, row), xytext=(5, 0),
                    textcoords="offset points", va="center")
    ax.margins(x=0.15)
    _horizontal(ax, [plan.get("way") or plan_text(plan["plan"]) for plan in plans])
    return _dress(ax, f"Best plans for {plans.option}", "s a step")


def plot_procurement(procurement: Titled, ax: Axes | None = None) -> Axes:
    """Devices held, month by month: owned (solid) and rented (hatched)."""
    if not procurement:
        raise ValueError("nothing to draw: the jobs cannot be done within the limits; see conflicts")
    ax = _axes(ax)
    frame = procurement.to_pandas()
    base: Any = 0
    for number, (kind, rows) in enumerate(frame.groupby("kind", sort=False)):
        colour = PALETTE[number % len(PALETTE)]
        for column, word, hatch in (("owned", "owned", ""), ("rented", "rented", "///")):
            held = rows[column].to_numpy()
            if held.any():
                ax.bar(rows["month"], held, bottom=base, width=0.9, label=f"{kind}, {word}", color=colour, hatch=hatch,
                       edgecolor="white", alpha=1 if column == "owned" else 0.7)
                base = base + held
    ax.legend(frameon=False)
    return _dress(ax, procurement.title, "month", "devices held")


def plot_validation(validation: Tabular, ax: Axes | None = None) -> Axes:
    """Predicted against measured step time, s; the line is a perfect prediction, the band 10 % either way."""
    ax = _axes(ax, 6)
    frame = validation.to_pandas().dropna(subset=["measured_iteration_s", "predicted_iteration_s"])
    measured, predicted = frame["measured_iteration_s"], frame["predicted_iteration_s"]
    ends = [measured.min() / 1.3, measured.max() * 1.3]
    ax.fill_between(ends, [end * 0.9 for end in ends], [end * 1.1 for end in ends], color=PALETTE[5], alpha=0.3)
    ax.plot(ends, ends, color="black", linewidth=1)
    ax.scatter(measured, predicted, s=14, color=PALETTE[0], alpha=0.6)
    ax.set_xscale("log")
    ax.set_yscale("log")
    return _dress(ax, f"{len(frame)} published runs; band: 10 %", "measured step, s", "predicted step, s")


def plot_calibration(calibration: Fit, ax: Axes | None = None) -> Axes:
    """Fitted against measured time, s, a colour for each regime; the line is a perfect fit."""
    if not calibration.points:
        raise ValueError("nothing to draw: no sample was fitted")
    ax = _axes(ax, 6)
    for number, regime in enumerate(sorted({regime for _, _, regime in calibration.points})):
        own = [(measured, fitted) for measured, fitted, of in calibration.points if of == regime]
        ax.scatter(*zip(*own), s=18, color=PALETTE[number % len(PALETTE)], marker="osD^v"[number // len(PALETTE) % 5],
                   label=regime)
    times = [time for measured, fitted, _ in calibration.points for time in (measured, fitted)]
    ax.plot([min(times), max(times)], [min(times), max(times)], color="black", linewidth=1)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.legend(fontsize="small", frameon=False)
    return _dress(ax, calibration.title, "measured, s", "fitted, s")


def plot_sweep(sweep: Swept, x: str | None = None, y: str | None = None, ax: Axes | None = None) -> Axes:
    """The least of a figure over a path that varies, a line for each option."""
    frame = sweep.to_pandas()
    paths = list(frame.columns[1:list(frame.columns).index("option")])
    x = x or (paths[0] if paths else "point")
    costs = [name for name in sweep.figure_names if name.startswith("cost_per_1t")]
    y = y or (costs[0] if costs and frame[costs[0]].notna().any() else "days")
    for name, known in (("x", ["point", *paths]), ("y", sweep.figure_names)):
        if {"x": x, "y": y}[name] not in known:
            raise ValueError(f"{name}: no column {({'x': x, 'y': y}[name])!r}; one of: {', '.join(known)}")
    ax = _axes(ax)
    for number, (option, rows) in enumerate(frame.groupby("option", observed=True)):
        least = rows.groupby(x)[y].min()
        ax.plot(least.index, least, marker="o", markersize=3, color=PALETTE[number % len(PALETTE)], label=str(option))
    ax.set_ylim(bottom=0)
    ax.legend(fontsize="small", frameon=False)
    return _dress(ax, f"{len(frame)} rows", x, y)


def plot_catalogue(catalogue: Rows, ax: Axes | None = None) -> Axes:
    """Devices: bf16 rate against memory bandwidth, both logarithmic."""
    rows = [row for row in catalogue.rows if row.get("bf16_flop_per_s") and row.get("bandwidth_byte_per_s")]
    if not rows:
        raise ValueError("nothing to draw: plots are of devices()")
    ax = _axes(ax, 6)
    for number, vendor in enumerate(sorted({row["vendor"] for row in rows})):
        own = [row for row in rows if row["vendor"] == vendor]
        ax.scatter([row["bandwidth_byte_per_s"] / 1e12 for row in own], [row["bf16_flop_per_s"] / 1e12 for row in own],
                   color=PALETTE[number % len(PALETTE)], marker="osD^v*P"[number // len(PALETTE) % 7], label=vendor)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.legend(frameon=False, fontsize="small")
    return _dress(ax, "Devices chipmix knows", "memory bandwidth, TB/s", "bf16 peak, TFLOP/s")


def heat_map(values: Sequence[Sequence[float]], x: Sequence[str], y: Sequence[str], *, title: str, x_name: str,
             y_name: str, value_name: str, centre: float | None = None, ax: Axes | None = None) -> Axes:
    """A grid of values, `values[row][column]`, each written in its cell. With `centre` values are ratios, in two
    colours that meet there: blue below, orange above, as strong for half of it as for twice."""
    from matplotlib.colors import LinearSegmentedColormap

    ax = _axes(ax, 5)
    if centre is None:
        image = ax.imshow(values, cmap="cividis", aspect="auto")
        ax.figure.colorbar(image, ax=ax, label=value_name)
    else:
        shades = [[math.log2(value / centre) for value in row] for row in values]
        reach = max(abs(shade) for row in shades for shade in row) or 1
        colours = LinearSegmentedColormap.from_list("two", [PALETTE[0], "#f7f7f7", PALETTE[1]])
        image = ax.imshow(shades, cmap=colours, vmin=-reach, vmax=reach, aspect="auto")
        bar = ax.figure.colorbar(image, ax=ax, label=value_name)
        bar.ax.yaxis.set_major_formatter(lambda shade, _: f"{centre * 2 ** shade:.2g}")
    for row, (line, shown) in enumerate(zip(values, image.get_array())):
        for column, (value, shade) in enumerate(zip(line, shown)):
            red, green, blue, _ = image.cmap(image.norm(shade))
            dark = 0.3 * red + 0.59 * green + 0.11 * blue < 0.5
            ax.text(column, row, f"{value:.2f}", ha="center", va="center", color="white" if dark else "black", zorder=5)
    ax.set_xticks(range(len(x)), x)
    ax.set_yticks(range(len(y)), y)
    return _dress(ax, title, x_name, y_name)
