"""Ledgers: every second, GiB and unit of money is an entry with an account and a reason; totals are sums."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Iterable, Iterator, NamedTuple, Sequence, overload

from ._extras import needs
from ._tables import table_html

if TYPE_CHECKING:
    import pandas

__all__ = ["Entry", "Ledger"]


class Entry(NamedTuple):
    """One entry of a ledger."""

    ledger: str
    """What is counted: "time", "memory" or "money"."""
    where: str
    """What it belongs to: an option, a pipeline stage, a month; empty for the whole."""
    account: str
    amount: float
    unit: str
    """Of the amount: "s", "GiB", or the currency."""
    why: str
    """The law or the quote behind it."""


class Ledger(Sequence[Entry]):
    """Entries in order. Pick some with `only`, add them up with `total`."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = tuple(entries)

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> Ledger: ...
    def __getitem__(self, index: int | slice) -> Entry | Ledger:
        return Ledger(self._entries[index]) if isinstance(index, slice) else self._entries[index]

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ledger) and self._entries == other._entries

    def __hash__(self) -> int:
        return hash(self._entries)

    def only(self, *, ledger: str | None = None, where: str | None = None, account: str | None = None) -> Ledger:
        """The entries of one ledger, place or account."""
        return Ledger(entry for entry in self._entries if (ledger is None or entry.ledger == ledger)
                      and (where is None or entry.where == where) and (account is None or entry.account == account))

    def total(self) -> float:
        """The sum. Raises ValueError when entries have several units: pick one ledger first."""
        units = {entry.unit for entry in self._entries}
        if len(units) > 1:
            raise ValueError(f"amounts in {', '.join(sorted(units))} have no sum; pick one ledger: only(ledger=...)")
        return math.fsum(entry.amount for entry in self._entries)

    def to_pandas(self) -> pandas.DataFrame:
        """One row an entry: ledger, where, account, amount, unit, why."""
        pandas = needs("pandas", "tables")

        return pandas.DataFrame(self._entries, columns=list(Entry._fields))

    def __repr__(self) -> str:
        return f"<Ledger of {len(self)} entries: {', '.join(dict.fromkeys(e.account for e in self._entries))}>"

    def __str__(self) -> str:
        return "\n".join(f"{e.amount:>14.4g} {e.unit:4} {e.where + ': ' if e.where else ''}{e.account} ({e.why})"
                         for e in self._entries)

    def _repr_html_(self) -> str:
        return table_html(Entry._fields, [tuple(entry) for entry in self._entries])
