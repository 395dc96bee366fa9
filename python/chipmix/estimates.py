"""Options answered: one alone, or all side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterator, NamedTuple

from . import _chipmix
from ._extras import needs
from ._html import comparison_html, estimate_html
from ._tables import text_html
from ._words import plan_text
from .ledger import Entry, Ledger
from .plots import plot_comparison, plot_time
from .results import Figure, Result

if TYPE_CHECKING:
    from .scenario import Scenario

    import pandas
    from matplotlib.axes import Axes

__all__ = ["Comparison", "Cost", "Estimate", "Infeasible", "NearRun", "PublishedEvidence", "plan_text"]

_ROW = ("name", "label", "feasible", "reason", "devices", "step_time_s", "tokens_per_s", "tokens_per_s_per_device",
        "mfu", "days", "days_p10", "days_p90", "device_hours", "device_hours_per_1t_tokens")
_COST = {"cost": "total", "cost_p10": "p10", "cost_p90": "p90", "cost_per_1t_tokens": "per_1t_tokens",
         "currency": "currency"}
_AFTER = ("energy_kwh", "carbon_t", "relative_cost", "pareto", "evidence")
_QUICK = {"feasible", "step_time_s", "tokens_per_s", "mfu", "days"}


class Cost(NamedTuple):
    """What a run costs, in `currency`."""

    total: float
    cash: float
    """What is paid out; the rest is what owned devices lose in value."""
    p10: float
    p50: float
    p90: float
    per_1t_tokens: float
    currency: str


class NearRun(NamedTuple):
    """A published run near to what was asked."""

    id: str
    project: str
    device: str
    stack: str
    model: str
    kind: str
    """MoE or dense, and whether adapters alone were trained."""
    devices: int
    error: float | None
    """Predicted over measured step time, less 1, with the run's project left out of the fit; None where not known."""
    error_as_shipped: float | None
    distance: float
    comparable: bool


class PublishedEvidence(NamedTuple):
    """The published runs like an option. Comparable: of its die family, MoE or dense as it is."""

    device: str
    family: str
    kind: str
    comparable_runs: int
    """0: no comparable run."""
    projects: int
    runs_on_device: int
    runs_of_family: int
    runs_with_error: int
    median_error: float | None
    """Signed; below 0 predictions were too fast."""
    half_within: float | None
    """Half of the errors are no further from 0."""
    error_p10: float | None
    error_p90: float | None
    sentence: str
    nearest: list[NearRun]


def _evidence(data: dict[str, Any]) -> PublishedEvidence:
    known: dict[str, Any] = {field: data[field] for field in PublishedEvidence._fields}
    known["nearest"] = [NearRun(**{field: run[field] for field in NearRun._fields}) for run in data["nearest"]]
    return PublishedEvidence(**known)


def _row(data: dict[str, Any]) -> dict[str, Any]:
    cost = data.get("cost") or {}
    return {**{key: data.get(key) for key in _ROW}, "plan": plan_text(data.get("plan")),
            **{column: cost.get(key) for column, key in _COST.items()}, **{key: data.get(key) for key in _AFTER}}


def frame_of(options: list[dict[str, Any]]) -> pandas.DataFrame:
    """Options as rows, one column a figure."""
    pandas = needs("pandas", "tables")

    return pandas.DataFrame([_row(option) for option in options]).set_index("name")


def entries_of(data: dict[str, Any], where: str = "") -> Iterator[Entry]:
    """The ledgers of time, memory and money of one option."""
    for entry in data.get("time", []):
        yield Entry("time", where, entry["account"], entry["seconds"], "s", entry["why"])
    for stage in data.get("memory", []):
        place = f"{where} stage {stage['stage']}".strip()
        for entry in stage["ledger"]:
            yield Entry("memory", place, entry["account"], entry["gib"], "GiB", entry["why"])
    for entry in (data.get("cost") or {}).get("ledger", []):
        yield Entry("money", where, entry["account"], entry["amount"], entry["currency"], entry["why"])


class Option(Result):
    """What feasible and infeasible options have in common."""

    name: Figure[str] = Figure("The option's name.")
    label: Figure[str] = Figure("The option as tables show it.")
    feasible: Figure[bool] = Figure("Whether it can be done.")
    ways: Figure[list[dict[str, Any]]] = Figure("Of a mix: each way to use it, and each island alone.")

    @property
    def published_evidence(self) -> PublishedEvidence | None:
        """The published runs nearest to it, and how far predictions were off; of a mix its weakest kind of device. None
        where no published run is known."""
        data = self._data.get("published_evidence")
        return data and _evidence(data)

    @property
    def published_evidence_by_device(self) -> list[PublishedEvidence]:
        """The same of each kind of device."""
        data = self._data.get("published_evidence")
        return [_evidence(one) for one in data.get("by_device", [data])] if data else []

    def to_pandas(self) -> pandas.DataFrame:
        """One row with every figure; units in the columns' names."""
        return frame_of([self._data])


class Estimate(Option):
    """One option with its plan: time, memory, money, and how sure. True in conditions."""

    def __init__(self, answer: _chipmix.OptionAnswer | None = None, data: dict[str, Any] | None = None) -> None:
        super().__init__(answer.page if answer is not None else None, data)
        self._answer = answer

    def _figure(self, name: str) -> Any:
        if name in _QUICK and "_data" not in self.__dict__:
            return getattr(self._answer, name)
        return super()._figure(name)

    def __bool__(self) -> bool:
        return True

    devices: Figure[int] = Figure("Devices (packages) held at once.")
    step_time_s: Figure[float | None] = Figure("One optimizer step, s; None where the option is made of phases.")
    tokens_per_s: Figure[float] = Figure("Tokens trained a second, interruptions included.")
    tokens_per_s_per_device: Figure[float] = Figure("Tokens a second and device.")
    mfu: Figure[float] = Figure("Share of peak: the model's own FLOPs over what the devices could do, 0 to 1.")
    days: Figure[float] = Figure("Time to train the job's tokens, days.")
    days_p10: Figure[float] = Figure("One in ten runs takes less, days.")
    days_p90: Figure[float] = Figure("One in ten runs takes more, days.")
    device_hours: Figure[float] = Figure("Devices x hours held.")
    device_hours_per_1t_tokens: Figure[float] = Figure("The same for 1e12 tokens.")
    energy_kwh: Figure[float | None] = Figure("Electricity, kWh; None where the scenario does not say.")
    carbon_t: Figure[float | None] = Figure("CO2 equivalents, t; None where the scenario does not say.")
    relative_cost: Figure[float | None] = Figure("Cost over the baseline's; None outside a comparison.")
    pareto: Figure[bool] = Figure("Whether no other option of a comparison is both cheaper and faster.")
    evidence: Figure[str] = Figure("Weakest grade of the figures used: measured, fitted, datasheet, scaled, assumed.")
    plan: Figure[dict[str, Any] | None] = Figure("The parallel plan; None where the option is made of phases.")
    phases: Figure[list[dict[str, Any]] | None] = Figure("Of an option made of phases.")
    stages: Figure[list[dict[str, Any]] | None] = Figure("Of a job with stages: days, cost and plan of each.")
    deadline: Figure[dict[str, Any] | None] = Figure("In a comparison: whether the deadline is met.")
    budget: Figure[dict[str, Any] | None] = Figure("In a comparison: whether the budget is kept.")
    memory: Figure[list[dict[str, Any]]] = Figure("Peak and capacity of each pipeline stage, GiB, with its ledger.")
    goodput: Figure[dict[str, Any] | None] = Figure("What interruptions take; None where the scenario does not say.")
    surety: Figure[dict[str, Any] | None] = Figure("In a comparison: how sure its place is.")
    sensitivity: Figure[list[dict[str, Any]] | None] = Figure("Step time at either end of each figure's range.")
    way: Figure[str | None] = Figure("Of a mix: the way that this answer takes.")
    limit: Figure[str | None] = Figure("Of a mix: what costs it most, in words.")
    worth: Figure[list[dict[str, Any]]] = Figure("Of a mix: what each island adds.")

    @property
    def cost(self) -> Cost | None:
        """What the run costs; None where a device has no price."""
        cost = self._data["cost"]
        return cost and Cost(**{field: cost[field] for field in Cost._fields})

    @property
    def ledger(self) -> Ledger:
        """Time of a step (s), memory of each stage (GiB) and money, entry by entry."""
        return Ledger(entries_of(self._data))

    def plot(self, ax: Axes | None = None) -> Axes:
        """Where the time of a step goes, account by account, s."""
        return plot_time(self, ax)

    def __repr__(self) -> str:
        cost = f", {self.cost.total:.4g} {self.cost.currency}" if self.cost else ""
        parts = "stages" if self._data.get("stages") else "phases"
        return f"<Estimate {self.name!r}: {self.days:.4g} days{cost}, {plan_text(self.plan) or parts}>"

    def _repr_html_(self) -> str:
        return estimate_html(self)


class Infeasible(Option):
    """Why something cannot be done: an answer, not an error. False in conditions."""

    reason: Figure[str] = Figure("Why, in words and numbers.")
    constraint: Figure[str] = Figure("What stands in the way: layout, memory, dtype, batch or 'nothing found'.")

    def __bool__(self) -> bool:
        return False

    def plot(self, ax: Axes | None = None) -> Axes:
        """Raises ValueError: there is nothing to draw."""
        raise ValueError(f"nothing to draw: {self.reason}")

    def __repr__(self) -> str:
        return f"<Infeasible {self.name!r}: {self.reason}>"

    def _repr_html_(self) -> str:
        return text_html(f"{self.name} cannot be done: {self.reason}")


class Comparison(Result):
    """Every option of a scenario side by side; options by number or name."""

    scenario: Figure[str] = Figure("The scenario's name.")
    currency: Figure[str] = Figure("Of all money here.")
    recommendation: Figure[str] = Figure("The answer in a sentence or two.")
    published: Figure[list[dict[str, Any]]] = Figure("Published figures, to compare with the predictions.")
    assumptions: Figure[list[dict[str, Any]]] = Figure("What costs become, as factors, when something else is assumed.")

    defaults: Figure[list[dict[str, Any]]] = Figure("What the scenario does not state: what was taken, and why.")
    question: Scenario
    """The scenario that was compared."""

    def __init__(self, comparison: _chipmix.Comparison, question: Scenario) -> None:
        super().__init__(comparison.page)
        self.question = question

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "question": self.question}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        self.question = state["question"]

    @property
    def options(self) -> list[Estimate | Infeasible]:
        """The options in the scenario's order."""
        return [Estimate(data=option) if option["feasible"] else Infeasible(data=option)
                for option in self._data["options"]]

    def __len__(self) -> int:
        return len(self._data["options"])

    def __iter__(self) -> Iterator[Estimate | Infeasible]:
        return iter(self.options)

    def __getitem__(self, option: int | str) -> Estimate | Infeasible:
        if not isinstance(option, str):
            return self.options[option]
        names = [data["name"] for data in self._data["options"]]
        if option not in names:
            raise KeyError(f"no option {option!r}; {_chipmix.spelling_hint(option, names)}")
        return self.options[names.index(option)]

    @property
    def best(self) -> Estimate | None:
        """The cheapest option, or the fastest where none has a price; None where none can be done."""
        feasible = [option for option in self.options if isinstance(option, Estimate)]
        priced = [option for option in feasible if option.cost]
        if priced:
            return min(priced, key=lambda option: float(option._data["cost"]["total"]))
        return min(feasible, key=lambda option: option.days) if feasible else None

    def to_pandas(self) -> pandas.DataFrame:
        """One row an option, indexed by name; units in the columns' names."""
        return frame_of(self._data["options"])

    @property
    def ledger(self) -> Ledger:
        """Memory (GiB) and money of every option; `where` is the option."""
        return Ledger(entry for option in self._data["options"] for entry in entries_of(option, option["name"]))

    def plot(self, ax: Axes | None = None) -> Axes:
        """Cost per 1e12 tokens with its P10 to P90; days where no option has a price."""
        return plot_comparison(self, ax)

    def __repr__(self) -> str:
        return f"<Comparison of {len(self)} options: {self.recommendation}>"

    def _repr_html_(self) -> str:
        return comparison_html(self)
