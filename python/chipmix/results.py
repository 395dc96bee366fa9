"""What every answer can do. An answer wraps the JSON of the program's command, made when it is first asked for."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any, Callable, Generic, NoReturn, Protocol, TypeVar, overload

from .ledger import Ledger

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes

__all__ = ["Figure", "Page", "Result", "page_of"]

T = TypeVar("T")
FORMATS = ("table", "markdown", "csv", "json")


class Page(Protocol):
    """A command's output: _chipmix.Page, or what remains of one after pickling."""

    @property
    def title(self) -> str: ...
    @property
    def remarks(self) -> list[str]: ...
    @property
    def json(self) -> str: ...
    def render(self, format: str, width: int = ...) -> str: ...


class _KeptPage:
    """A page that was written out in every format."""

    def __init__(self, page: Page) -> None:
        self.title, self.remarks, self.json = page.title, page.remarks, page.json
        self._texts = {format: page.render(format) for format in FORMATS}

    def render(self, format: str, width: int = 180) -> str:
        return self._texts[format]


class Figure(Generic[T]):
    """A member of an answer's JSON as an attribute that cannot be set."""

    def __init__(self, doc: str) -> None:
        self.__doc__ = doc

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, result: None, owner: type) -> Figure[T]: ...
    @overload
    def __get__(self, result: Result, owner: type) -> T: ...
    def __get__(self, result: Result | None, owner: type) -> T | Figure[T]:
        if result is None:
            return self
        value: T = result._figure(self._name)
        return value

    def __set__(self, result: Result, value: object) -> NoReturn:
        raise AttributeError(f"'{self._name}' is part of an answer and cannot be set")


class Result:
    """An answer: plain data with tables, ledgers and plots. Two with the same data are equal."""

    def __init__(self, make_page: Callable[[], Page] | None = None, data: dict[str, Any] | None = None) -> None:
        self._make_page = make_page
        if data is not None:
            self._data = data

    @cached_property
    def _page(self) -> Page | None:
        return self._make_page() if self._make_page else None

    @cached_property
    def _data(self) -> dict[str, Any]:
        assert self._page is not None
        data: dict[str, Any] = json.loads(self._page.json)
        return data

    def _figure(self, name: str) -> Any:
        return self._data.get(name)

    def to_dict(self) -> dict[str, Any]:
        """The answer as a dictionary: what the program prints with `--format json`, digit by digit."""
        copy: dict[str, Any] = json.loads(json.dumps(self._data))
        return copy

    def to_pandas(self) -> pandas.DataFrame:
        """The answer as a table; units stand in the columns' names."""
        raise NotImplementedError

    @property
    def ledger(self) -> Ledger:
        """Every entry behind the totals, with its reason."""
        return Ledger([])

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draws the answer with matplotlib, on `ax` or on axes of its own."""
        raise NotImplementedError

    def to_text(self, format: str = "table") -> str:
        """What the program prints: "table", "markdown", "csv" or "json"; of one answer among several its own row."""
        if format not in FORMATS:
            raise ValueError(f"format: {format!r} is none of {', '.join(FORMATS)}")
        if self._page:
            return self._page.render(format)
        return json.dumps(self._data, indent=2, ensure_ascii=False) if format == "json" else self._row(format)

    def _row(self, format: str) -> str:
        frame = self.to_pandas().reset_index()
        if format == "csv":
            return str(frame.to_csv(index=False))
        cells = [(str(name), str(value)) for name, value in frame.iloc[0].items()]
        if format == "markdown":
            safe = [[text.replace("|", "\\|").replace("<", "&lt;") for text in cell] for cell in cells]
            return "| figure | value |\n|:--|:--|\n" + "".join(f"| {name} | {value} |\n" for name, value in safe)
        wide = max(len(name) for name, _ in cells)
        return "".join(f"{name:<{wide}}  {value}\n" for name, value in cells)

    def __str__(self) -> str:
        return self.to_text() if self._page else repr(self)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and isinstance(other, Result) and self._data == other._data

    __hash__ = None  # type: ignore[assignment]  # answers are compared, not looked up

    def __getstate__(self) -> dict[str, Any]:
        return {"data": self._data, "page": None if self._page is None else _KeptPage(self._page)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        page = state["page"]
        Result.__init__(self, page_of(page) if page else None, state["data"])
        if page:
            self.__dict__["_page"] = page
            self._make_page = None


def page_of(page: Page) -> Callable[[], Page]:
    """A page that is there already, as Result takes it."""
    return lambda: page
