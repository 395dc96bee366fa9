"""Many points of one scenario: on all cores, on other processes, or on other machines."""

from __future__ import annotations

import json
import os
import time
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Any, Callable, Iterator, Literal, Mapping, Sequence, Union

import numpy

from ._arguments import measured_words, path_of
from ._extras import needs
from ._points import Grid, Points
from ._progress import progress_of
from ._stores import Store, StoredRow, open_store
from ._tables import frame_html
from ._workers import Answers, Array, Asked, Task, answer, sweep_of
from . import _chipmix
from .errors import Diagnostic, InputError
from .plots import plot_sweep
from .scenario import Scenario, load_scenario

if TYPE_CHECKING:
    import pandas
    import xarray
    from matplotlib.axes import Axes

__all__ = ["Sweep", "sweep"]

Base = Union[Scenario, str, "os.PathLike[str]", Mapping[str, Any]]

_WORDS = ("plan", "reason", "error")
_TURN = 0.25  # s that one task should take: long beside sending it, short beside losing it
_MOST_ROWS = 4096  # of one task
_PATIENCE = 5  # seconds for a pool to tell of a process that died
_FEWEST_AHEAD = 4  # tasks handed out at once, at least


class Sweep:
    """Rows of a sweep, one for each option at each point, in the order of the points."""

    def __init__(self, points: Points, options: list[str], figures: list[str]) -> None:
        self._points = points
        self.options = options
        self.figure_names = figures
        size = len(points) * len(options)
        self._figures = numpy.full((size, len(figures)), numpy.nan)
        self._feasible = numpy.zeros(size, dtype=bool)
        self._words: dict[str, Array] = {name: numpy.full(size, "", dtype=object) for name in _WORDS}
        self._interned: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._feasible)

    def __repr__(self) -> str:
        failed = int((self._words["error"] != "").sum())
        return (f"<Sweep: {len(self._points)} points, options {', '.join(self.options)}: {int(self._feasible.sum())} "
                f"of {len(self)} rows feasible, {failed} failed>")

    def _put(self, rows: Array, figures: Any, feasible: Any, words: Sequence[Sequence[str]]) -> None:
        self._figures[rows] = figures
        self._feasible[rows] = feasible
        for name, texts in zip(self._words, words):
            self._words[name][rows] = [self._interned.setdefault(text, text) for text in texts]

    def to_pandas(self) -> pandas.DataFrame:
        """A tidy table: the point, what it changes, the option, and its figures with their units in the names."""
        pandas = needs("pandas", "tables")

        rows = numpy.arange(len(self))
        points, places = numpy.divmod(rows, max(1, len(self.options)))
        columns: dict[str, Any] = {"point": points, **dict(self._points.columns(points))}
        columns["option"] = pandas.Categorical.from_codes(places, categories=self.options)
        columns["feasible"] = self._feasible
        columns["plan"] = self._words["plan"]
        columns.update({name: self._figures[:, place] for place, name in enumerate(self.figure_names)})
        columns.update({name: self._words[name] for name in ("reason", "error")})
        return pandas.DataFrame(columns)

    def to_dict(self) -> dict[str, list[Any]]:
        """Columns by name, as of to_pandas()."""
        return {name: column.tolist() for name, column in self.to_pandas().items()}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sweep) and bool(self.to_pandas().equals(other.to_pandas()))

    __hash__ = None  # type: ignore[assignment]  # compared, not looked up

    def _repr_html_(self) -> str:
        return frame_html(self.to_pandas().set_index("point"))

    def plot(self, x: str | None = None, y: str | None = None, ax: Axes | None = None) -> Axes:
        """One figure against one path, a line for each option: the cheapest or, where nothing has a price, the fastest
        of the points that share a value. `x`: a column of to_pandas() that varies, the first if left out; `y`: cost of
        one trillion tokens, or days."""
        return plot_sweep(self, x, y, ax)

    def to_xarray(self) -> xarray.Dataset:
        """The same with one dimension for each path and one for the options. Only of a full grid."""
        if not self._points.is_grid:
            raise ValueError("to_xarray: points of a list are no grid; give sweep() a dictionary of paths and values")
        xarray = needs("xarray", "tables")

        axes: dict[str, Any] = {name: _coordinate(values) for name, values in self._points.axes()}
        dims = [*axes, "option"]
        shape = (*(len(values) for values in axes.values()), len(self.options))
        data: dict[str, Any] = {name: self._figures[:, place] for place, name in enumerate(self.figure_names)}
        data.update({"feasible": self._feasible, **self._words})
        return xarray.Dataset({name: (dims, values.reshape(shape)) for name, values in data.items()},
                              coords={**axes, "option": self.options})


def _coordinate(values: Sequence[Any]) -> Array:
    """Numbers and words as they are, lists and dictionaries as text."""
    if all(isinstance(value, (int, float)) for value in values):
        return numpy.array(values)
    plain = numpy.empty(len(values), dtype=object)
    plain[:] = [value if isinstance(value, (int, float, str)) else str(value) for value in values]
    return plain


def sweep(base: Base, grid: Grid, *, options: str | Sequence[str] | None = None,
          executor: Executor | None = None, store: str | os.PathLike[str] | None = None, resume: bool = True,
          seed: int = 0, progress: bool | Callable[[float], None] | None = True,
          on_error: Literal["record", "raise"] = "record", intervals: bool = False,
          engine: str = "analytical", measured: Any = None) -> Sweep:
    """Answers options of a scenario at many points.

    `grid` is a dictionary of paths and their values (every combination is a point), a list of dictionaries of paths and
    values, or a function that gets a `numpy.random.Generator` (of `seed`) and returns such a list.

    `executor` is any `concurrent.futures.Executor`: threads of this process if none is given, a ProcessPoolExecutor,
    Dask (`client.get_executor(pure=False)`), `mpi4py.futures.MPIPoolExecutor`. Rows are the same for all of them.

    `store` is a file that every row is written to as soon as it is known (.csv, .jsonl, .sqlite). With `resume` rows
    that are there already are taken from it, so a sweep that was killed loses nothing and repeats nothing.

    A point that is wrong is a row with its `error`; with on_error="raise" it is an InputError. An option that cannot be
    done at a point is a row with its `reason`. `intervals` adds P10 and P90 of days and cost. `measured`: as of
    `compare`; it is compared with the scenario as it stands, and anchors every point.
    """
    if on_error not in ("record", "raise"):
        raise ValueError(f"on_error: {on_error!r} is neither 'record' nor 'raise'")
    if executor is not None and not hasattr(executor, "submit"):
        raise TypeError(f"executor: takes a concurrent.futures.Executor, not {type(executor).__name__}")
    if engine not in ("analytical", "event", "simgrid"):
        raise ValueError(f"engine: {engine!r} is none of analytical, event, simgrid")
    if store is not None:
        store = path_of("store", store)
    scenario = _scenario(base)
    asked = _asked(scenario, options, intervals, engine)._replace(measured=measured_words(measured))
    points = Points.of(grid, seed)
    asker = sweep_of(asked)
    asker.check([(path, texts[:1]) for path, texts in zip(points.paths, points.texts)])
    result = Sweep(points, list(asked.options), asker.figures)
    rows = open_store(store, asker, asked.text, points.paths, resume) if store is not None else None
    try:
        with progress_of("points", progress) as told:
            run = _Run(asked, points, result, rows, on_error, told)
            if executor is not None:
                run.on(executor)
            else:
                with ThreadPoolExecutor(os.cpu_count()) as threads:
                    run.on(threads)
    finally:
        if rows is not None:
            rows.close()
    return result


def _scenario(base: Base) -> Scenario:
    if isinstance(base, Scenario):
        return base
    if isinstance(base, Mapping):
        return Scenario(base)
    if isinstance(base, (str, os.PathLike)):
        return load_scenario(base)
    raise TypeError(f"base: takes a Scenario, a dictionary or a path, not {type(base).__name__}")


def _asked(scenario: Scenario, options: str | Sequence[str] | None, intervals: bool, engine: str) -> Asked:
    if options is not None and not isinstance(options, Sequence):
        raise TypeError(f"options: takes a name or a list of names, not {type(options).__name__}")
    names = [options] if isinstance(options, str) else scenario.options if options is None else list(options)
    for name in names:
        if name not in scenario.options:
            hint = _chipmix.spelling_hint(str(name), scenario.options)
            raise ValueError(f"options: no option {name!r} in this scenario, {hint}")
    folder = os.path.abspath(scenario._question.folder or ".")
    return Asked(scenario.text, scenario.file, folder, tuple(names), intervals, engine)


class _Run:
    """One sweep at work: hands out tasks, some at a time, and takes in what comes back in any order."""

    def __init__(self, asked: Asked, points: Points, result: Sweep, store: Store | None, on_error: str,
                 told: Callable[[float], None] | None) -> None:
        self._asked = asked
        self._points = points
        self._result = result
        self._store = store
        self._on_error = on_error
        self._told = told
        self._done = 0
        self._rows_a_task = 16
        self._failed: dict[int, str] = {}
        self._dead_since: float | None = None
        self._id = sweep_of(asked).id
        sweep_of(asked).go()

    def on(self, executor: Executor) -> None:
        ahead = max(_FEWEST_AHEAD, 2 * _workers(executor))
        tasks = self._tasks()
        out: dict[Future[Answers], tuple[Array, Task]] = {}
        try:
            while True:
                while len(out) < ahead and not self._failed and (task := next(tasks, None)) is not None:
                    out[executor.submit(answer, task[1])] = task
                if not out:
                    return self._raise_first()
                done = wait(out, timeout=1, return_when=FIRST_COMPLETED).done
                for future in done:
                    self._take(*out.pop(future), future.result())
                if not done:
                    self._require_alive(executor)
        except BrokenExecutor as fault:
            raise RuntimeError(f"executor: a worker ended before its work did ({fault}); {self._kept()}") from fault
        except BaseException:
            sweep_of(self._asked).stop()
            raise
        finally:
            for future in out:
                future.cancel()

    def _require_alive(self, executor: Executor) -> None:
        """A pool may wait for ever for the rest of what a process sent when it was killed."""
        processes = list((getattr(executor, "_processes", None) or {}).values())
        if all(process.exitcode is None for process in processes):
            self._dead_since = None
            return
        self._dead_since = self._dead_since or time.monotonic()
        if time.monotonic() - self._dead_since > _PATIENCE:
            for process in processes:
                process.terminate()
            raise RuntimeError(f"executor: a worker ended before its work did; {self._kept()}")

    def _kept(self) -> str:
        if self._store is None:
            return "with store= a sweep can be gone on with"
        return "what was done is in the store: run the same again to go on"

    def _tasks(self) -> Iterator[tuple[Array, Task]]:
        """Of whole points: tasks end in any order, and options of a point would in a store."""
        size, options = len(self._result), max(1, len(self._asked.options))
        first = 0
        while first < size:
            count = max(1, self._rows_a_task // options) * options
            rows = numpy.arange(first, min(size, first + count))
            first = int(rows[-1]) + 1
            rows = self._from_store(rows)
            if len(rows):
                yield rows, self._task(rows)

    def _task(self, rows: Array) -> Task:
        points, places = numpy.divmod(rows, len(self._asked.options))
        values, choices = self._points.part(points)
        return Task(self._asked, self._points.paths, values, choices, places, points,
                    self._store.format if self._store else None)

    def _from_store(self, rows: Array) -> Array:
        """Takes rows that are known; returns the others."""
        if self._store is None or not self._store.rows:
            return rows
        known = self._store.rows
        keys = dict(zip(rows.tolist(), self._keys(self._task(rows))))
        for row, key in keys.items():
            point, place = divmod(row, len(self._asked.options))
            self._store.check(key, point, self._asked.options[place])
        found = [(row, known[key]) for row, key in keys.items() if key in known]
        for row, stored in found:
            if stored.error and self._on_error == "raise":
                self._failed[row] = stored.error
            self._result._put(numpy.array([row]), stored.figures, stored.feasible,
                              [[stored.plan], [stored.reason], [stored.error]])
        self._tell(len(found))
        return numpy.setdiff1d(rows, [row for row, _ in found])

    def _keys(self, task: Task) -> list[str]:
        return sweep_of(self._asked).keys(_chipmix.SweepBatch(task.paths, task.values, task.choices, task.places))

    @staticmethod
    def _changes(task: Task) -> list[str]:
        """What each row changes, as JSON."""
        return ["{" + ", ".join(f"{json.dumps(path)}: {texts[choice]}"
                                for path, texts, choice in zip(task.paths, task.values, chosen) if choice >= 0) + "}"
                for chosen in task.choices.tolist()]

    def _take(self, rows: Array, task: Task, answers: Answers) -> None:
        if answers.id != self._id:
            raise RuntimeError("executor: a worker has another version of chipmix, or other profiles and models")
        if self._on_error == "raise":
            self._failed.update({int(row): error for row, error in zip(rows, answers.errors) if error})
        words = [answers.plans, answers.reasons, answers.errors]
        self._result._put(rows, answers.figures, answers.feasible, words)
        if self._store is not None:
            stored = [] if self._store.format else [StoredRow(*row) for row in zip(
                answers.figures.tolist(), answers.feasible.tolist(), *words)]
            keys = [] if self._store.format else self._keys(task)
            changes = [] if self._store.format else self._changes(task)
            self._store.append(keys, changes, stored, answers.lines)
        fitting = self._rows_a_task * _TURN / max(answers.seconds, 1e-3)
        self._rows_a_task = int(min(_MOST_ROWS, max(1, min(fitting, 4 * len(rows)))))
        self._tell(len(rows))

    def _raise_first(self) -> None:
        """All rows before one that failed were handed out before it, so the first is known when all are back."""
        if self._failed:
            row = min(self._failed)
            point, place = divmod(row, len(self._asked.options))
            raise InputError(f"point {point}, option {self._asked.options[place]!r}: {self._failed[row]}",
                             self._diagnostics(row))

    def _diagnostics(self, row: int) -> Sequence[Diagnostic]:
        """What is wrong with the scenario at a row's point, as with_() tells it."""
        changes = json.loads(self._changes(self._task(numpy.array([row])))[0])
        try:
            Scenario(json.loads(self._asked.text), folder=self._asked.folder).with_(changes)
        except InputError as fault:
            return fault.diagnostics
        return ()

    def _tell(self, rows: int) -> None:
        self._done += rows
        if self._told is not None:
            self._told(self._done / max(1, len(self._result)))


def _workers(executor: Executor) -> int:
    """As many as it says it has; few are taken to be there where it does not say."""
    count = getattr(executor, "_max_workers", None)
    return count if isinstance(count, int) else os.cpu_count() or 1
