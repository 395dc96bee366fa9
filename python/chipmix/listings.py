"""Answers that are lists: plans, purchases, published runs, what chipmix knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterator

from ._extras import needs
from ._html import page_html
from ._words import plan_text
from .ledger import Entry, Ledger
from .plots import plot_catalogue, plot_plans, plot_procurement, plot_validation
from .results import Figure, Page, Result, page_of

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes

__all__ = ["Catalogue", "PlanList", "Procurement", "Validation"]


class PageResult(Result):
    """An answer whose page was made with it."""

    def __init__(self, page: Page) -> None:
        super().__init__(page_of(page))

    @property
    def title(self) -> str:
        return self._page.title if self._page else ""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.title}>"

    def _repr_html_(self) -> str:
        return page_html(self)


class PlanList(PageResult):
    """The best plans of one option, best first, as dictionaries; an entry's "plan_file" goes to estimate(plan=...)."""

    scenario: Figure[str] = Figure("The scenario's name.")
    option: Figure[str] = Figure("The option's name.")
    plans: Figure[list[dict[str, Any]]] = Figure("Each with plan, step_time_s, tokens_per_s, days, cost, loses_on.")
    search: Figure[dict[str, Any]] = Figure("What the search did: plans considered, evaluated; whether complete.")

    def __len__(self) -> int:
        return len(self.plans)

    def __getitem__(self, index: int) -> dict[str, Any]:
        return self.plans[index]

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.plans)

    def to_pandas(self) -> pandas.DataFrame:
        """One row a plan, its degrees as columns, indexed by rank from 1."""
        pandas = needs("pandas", "tables")

        figures = ("way", "step_time_s", "tokens_per_s", "days", "cost", "energy_kwh", "pareto")
        rows = [{**{key: plan[key] for key in figures if key in plan},
                 **{key: value for key, value in plan["plan"].items() if not isinstance(value, (list, dict))}}
                for plan in self.plans]
        return pandas.DataFrame(rows, index=pandas.RangeIndex(1, len(rows) + 1, name="rank"))

    @property
    def ledger(self) -> Ledger:
        """Where each plan loses time against the best, as shares of the best plan's step; `where` is rank and plan."""
        return Ledger(Entry("time", f"{rank} {plan_text(plan['plan'])}", loss["account"], loss["share"], "share",
                            "longer than in the best plan")
                      for rank, plan in enumerate(self.plans, 1) for loss in plan.get("loses_on", []))

    def plot(self, ax: Axes | None = None) -> Axes:
        """Step time of each plan, s."""
        return plot_plans(self, ax)


class Procurement(PageResult):
    """What to buy and rent, when, and what runs on it. False in conditions where nothing can be done."""

    scenario: Figure[str] = Figure("The scenario's name.")
    currency: Figure[str] = Figure("Of all money here.")
    feasible: Figure[bool] = Figure("Whether the jobs can be done within the limits.")
    decision: Figure[dict[str, Any] | None] = Figure(
        "cost, bound, spent, and by month arrived, sold (at its end), rented, shifts, cash, proceeds.")
    price_p10: Figure[float | None] = Figure("The decision's cost at low prices.")
    price_p50: Figure[float | None] = Figure("At usual prices.")
    price_p90: Figure[float | None] = Figure("At high prices.")
    ways: Figure[list[dict[str, Any]]] = Figure("All rented, all bought, where both can be had.")
    worth: Figure[list[dict[str, Any]]] = Figure("What a little more of each limit saves.")
    runner_up: Figure[dict[str, Any] | None] = Figure("Without the kind that costs most.")
    conflicts: Figure[list[dict[str, Any]]] = Figure("Limits that, left out, would allow it.")
    problem: Figure[dict[str, Any]] = Figure("The problem in plain numbers: kinds, clusters, jobs, limits.")
    risk: Figure[dict[str, Any] | None] = Figure("Decisions in worlds that may come.")

    def __bool__(self) -> bool:
        return self.feasible

    def to_pandas(self) -> pandas.DataFrame:
        """One row a month (from 1) and kind: devices that arrive, are owned, are rented (device-months), are sold at
        its end."""
        pandas = needs("pandas", "tables")

        columns = ["month", "kind", "arrived", "owned", "rented", "sold"]
        if self.decision is None:
            return pandas.DataFrame(columns=columns)
        rows = []
        by_kind = (self.decision[key] for key in ("arrived", "rented", "sold"))
        for kind, arrived, rented, sold in zip(self.problem["kinds"], *by_kind):
            owned = 0
            for month, (new, lent, gone) in enumerate(zip(arrived, rented, sold), 1):
                owned += new
                rows.append((month, kind["name"], new, owned, lent, gone))
                owned -= gone
        return pandas.DataFrame(rows, columns=columns)

    @property
    def ledger(self) -> Ledger:
        """Money that is paid month by month, not discounted."""
        cash = self.decision["cash"] if self.decision else []
        return Ledger(Entry("money", f"month {month}", "paid", amount, self.currency, "purchases, rent and upkeep")
                      for month, amount in enumerate(cash, 1))

    def plot(self, ax: Axes | None = None) -> Axes:
        """Devices held, month by month and kind by kind."""
        return plot_procurement(self, ax)


class Validation(PageResult):
    """Predictions for published runs."""

    cases: Figure[list[dict[str, Any]]] = Figure("Every run: device, model, measured, predicted, accounts, assumed.")
    summary: Figure[dict[str, Any]] = Figure("Errors in all and by group, shipped and with runs left out, as shares.")

    def to_pandas(self) -> pandas.DataFrame:
        """One row a run: what was measured and what is predicted, s and GiB."""
        pandas = needs("pandas", "tables")

        rows = [{**{key: case[key] for key in ("id", "device", "devices", "model", "status")},
                 **{f"measured_{key}": value for key, value in case["measured"].items()},
                 **{f"predicted_{key}": value for key, value in (case["predicted"] or {}).items()}}
                for case in self.cases]
        return pandas.DataFrame(rows)

    @property
    def ledger(self) -> Ledger:
        """Accounts of each predicted step, as shares of it; `where` is the run."""
        return Ledger(Entry("time", case["id"], account, share, "share", "of the predicted step")
                      for case in self.cases for account, share in case.get("accounts", {}).items())

    def plot(self, ax: Axes | None = None) -> Axes:
        """Predicted against measured step time, s, both logarithmic."""
        return plot_validation(self, ax)


class Catalogue(PageResult):
    """What chipmix knows of one kind, or one profile in full."""

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One dictionary a profile, or a figure."""
        lists = [value for value in self._data.values() if isinstance(value, list) and value]
        return max(lists, key=len) if lists else [self._data]

    def __len__(self) -> int:
        return len(self.rows)

    def to_pandas(self) -> pandas.DataFrame:
        """One row a profile, or a figure; units in the columns' names."""
        pandas = needs("pandas", "tables")

        return pandas.DataFrame(self.rows)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Of devices: bf16 rate against memory bandwidth. Raises ValueError for other kinds."""
        return plot_catalogue(self, ax)
