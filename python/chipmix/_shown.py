"""What plots and notebook pages read of an answer: they know answers by these members, and not by their classes.

Members that answers read from their JSON are Any here: mypy 1.0 takes a descriptor for no property of a protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterator, Protocol, Sequence

from .ledger import Ledger

if TYPE_CHECKING:
    import pandas


class Tabular(Protocol):
    """Anything with a table."""

    def to_pandas(self) -> pandas.DataFrame: ...


class Titled(Tabular, Protocol):
    """A table with a heading."""

    @property
    def title(self) -> str: ...


class Priced(Protocol):
    """What a run costs."""

    @property
    def currency(self) -> str: ...


class OneOption(Tabular, Protocol):
    """One option's answer."""

    @property
    def label(self) -> Any: ...
    @property
    def plan(self) -> Any: ...
    @property
    def memory(self) -> Any: ...
    @property
    def cost(self) -> Priced | None: ...
    @property
    def ledger(self) -> Ledger: ...


class SideBySide(Tabular, Protocol):
    """Every option of a scenario; those that cannot be done are false."""

    @property
    def scenario(self) -> Any: ...
    @property
    def currency(self) -> Any: ...
    @property
    def recommendation(self) -> Any: ...
    def __iter__(self) -> Iterator[Any]: ...


class Plans(Protocol):
    """The best plans of one option, best first."""

    @property
    def option(self) -> Any: ...
    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[dict[str, Any]]: ...


class Fit(Protocol):
    """A calibration: pairs of measured and fitted time, s, with their regime."""

    @property
    def title(self) -> str: ...
    @property
    def points(self) -> Sequence[tuple[float, float, str]]: ...


class Rows(Protocol):
    """A catalogue."""

    @property
    def rows(self) -> Any: ...


class Swept(Tabular, Protocol):
    """The points of a sweep."""

    @property
    def figure_names(self) -> Any: ...
