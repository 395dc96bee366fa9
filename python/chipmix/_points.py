"""The points of a sweep: grids, lists and callables as tables of values and the choice of each point."""

from __future__ import annotations

import re
from typing import Any, Callable, Iterable, Iterator, Mapping, Sequence, Union

import numpy

from .scenario import json_text

__all__ = ["Grid", "Points"]

Point = Mapping[str, Any]
Grid = Union[Mapping[str, Iterable[Any]], Iterable[Point], Callable[[numpy.random.Generator], Iterable[Point]]]

_AMOUNT = re.compile(r"\s*([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)\s+([A-Za-z%][^\s]*)\s*")
_MOST = 1 << 40  # points that a grid may have


def _is_listing(values: Any) -> bool:
    return isinstance(values, Iterable) and not isinstance(values, (str, bytes, Mapping))


class Points:
    """Values of each path, and for each point which of them it takes; -1: the scenario's own."""

    def __init__(self, paths: list[str], values: list[list[Any]], choices: numpy.ndarray[Any, Any] | None) -> None:
        self.paths = paths
        self.values = values
        self.texts = [[json_text(value, path) for value in column] for path, column in zip(paths, values)]
        self._choices = choices
        self.shape = tuple(len(column) for column in values)

    @property
    def is_grid(self) -> bool:
        return self._choices is None

    def __len__(self) -> int:
        if self._choices is not None:
            return len(self._choices)
        size = 1
        for count in self.shape:
            size *= count
        return size

    def choices(self, points: numpy.ndarray[Any, Any]) -> numpy.ndarray[Any, Any]:
        """Of some points, one row each. In a grid the last path changes fastest."""
        if self._choices is not None:
            chosen: numpy.ndarray[Any, Any] = self._choices[points]
            return chosen
        if not self.paths:
            return numpy.zeros((len(points), 0), dtype=numpy.int64)
        rows: numpy.ndarray[Any, Any] = numpy.stack(numpy.unravel_index(points, self.shape), axis=1)
        return rows.astype(numpy.int64)

    def part(self, points: numpy.ndarray[Any, Any]) -> tuple[list[list[str]], numpy.ndarray[Any, Any]]:
        """The values that some points need, and their choices among these: what goes to a worker."""
        choices = self.choices(points)
        texts = []
        for column, all_texts in enumerate(self.texts):
            used, where = numpy.unique(choices[:, column], return_inverse=True)
            first = 1 if len(used) and used[0] < 0 else 0
            texts.append([all_texts[index] for index in used[first:]])
            choices[:, column] = where - first
        return texts, choices

    def axes(self) -> Iterator[tuple[str, Sequence[Any]]]:
        """Names and values of the paths; amounts of one unit as numbers, the unit in the name."""
        for path, column in zip(self.paths, self.values):
            unit, plain = _without_unit(column)
            yield (f"{path}_{unit}" if unit else path), plain

    def columns(self, points: numpy.ndarray[Any, Any]) -> Iterator[tuple[str, Any]]:
        """Names of the paths and the values of some points."""
        choices = self.choices(points)
        for index, (name, plain) in enumerate(self.axes()):
            lookup = numpy.empty(len(plain) + 1, dtype=object)  # -1 takes the last
            lookup[:-1] = plain
            taken = lookup[choices[:, index]]
            yield name, _numbers(taken) if all(_is_number(value) for value in plain) else taken

    @staticmethod
    def of(grid: Grid, seed: int) -> Points:
        if isinstance(grid, Mapping):
            return _product(grid)
        if callable(grid):
            grid = grid(numpy.random.default_rng(seed))
        if not _is_listing(grid):
            raise TypeError("grid: takes a dictionary of paths and values, points, or a function that makes points, "
                            f"not {type(grid).__name__}")
        return _listed(grid)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, numpy.number)) and not isinstance(value, bool)


def _numbers(values: numpy.ndarray[Any, Any]) -> numpy.ndarray[Any, Any]:
    if all(isinstance(value, (int, numpy.integer)) for value in values):
        return values.astype(numpy.int64)
    return numpy.array([numpy.nan if value is None else value for value in values], dtype=float)


def _without_unit(values: Sequence[Any]) -> tuple[str, Sequence[Any]]:
    """"2 USD/h" and the like as numbers, and "usd_per_h"; other values as they are."""
    found = [_AMOUNT.fullmatch(value) if isinstance(value, str) else None for value in values]
    units = {match[2] if match else "" for match in found}
    if len(units) != 1 or "" in units:
        return "", values
    unit = units.pop()
    return unit.lower().replace("/", "_per_").replace("%", "percent"), [float(match[1]) for match in found if match]


def _product(grid: Mapping[str, Iterable[Any]]) -> Points:
    for path, values in grid.items():
        if not isinstance(path, str):
            raise TypeError(f"grid: a path is text, not {path!r}")
        if not _is_listing(values):
            raise TypeError(f"grid: {path!r} needs a list of values, not {values!r}")
    points = Points(list(grid), [list(values) for values in grid.values()], None)
    for path, texts in zip(points.paths, points.texts):
        if not texts:
            raise ValueError(f"grid: {path!r} has no values")
        if len(set(texts)) != len(texts):
            raise ValueError(f"grid: {path!r} has a value twice")
    if len(points) > _MOST:
        raise ValueError(f"grid: {len(points)} points are too many")
    return points


def _listed(grid: Iterable[Any]) -> Points:
    paths: dict[str, dict[str, int]] = {}
    values: dict[str, list[Any]] = {}
    rows: list[dict[str, int]] = []
    for number, point in enumerate(grid):
        if not isinstance(point, Mapping):
            raise TypeError(f"grid: point {number} is a {type(point).__name__}, not a dictionary of paths and values")
        row = {}
        for path, value in point.items():
            if not isinstance(path, str):
                raise TypeError(f"grid: a path is text, not {path!r}")
            known = paths.setdefault(path, {})
            text = json_text(value, path)
            if text not in known:
                known[text] = len(known)
                values.setdefault(path, []).append(value)
            row[path] = known[text]
        rows.append(row)
    places = {path: place for place, path in enumerate(paths)}
    choices = numpy.full((len(rows), len(places)), -1, dtype=numpy.int64)
    for number, row in enumerate(rows):
        for path, index in row.items():
            choices[number, places[path]] = index
    return Points(list(paths), [values[path] for path in paths], choices)
