"""Where a sweep's rows stay: CSV, lines of JSON, or SQLite. Rows are found again by their content keys."""

from __future__ import annotations

import csv
import json
import math
import os
import sqlite3
import weakref
from contextlib import closing
from pathlib import Path
from typing import Any, Iterator, NamedTuple, Protocol, Sequence

from . import _chipmix
from .errors import FileError

__all__ = ["SqliteStore", "Store", "StoredRow", "TextStore", "open_store"]

SQLITE = (".sqlite", ".sqlite3", ".db")


class StoredRow(NamedTuple):
    """What a row says, its point aside."""

    figures: list[float]
    feasible: bool
    plan: str
    reason: str
    error: str


class Store(Protocol):
    format: str | None
    """Of the lines that append() takes; None: it takes rows."""

    rows: dict[str, StoredRow]
    """Those that were there, by key."""

    def check(self, key: str, point: int, option: str) -> None: ...
    def append(self, keys: Sequence[str], changes: Sequence[str], rows: Sequence[StoredRow], lines: str) -> None: ...
    def close(self) -> None: ...


class TextStore:
    """A file of rows as the program's `sweep` writes and `merge` reads it."""

    def __init__(self, path: Path, sweep: _chipmix.Sweep, paths: list[str], resume: bool) -> None:
        self.format: str | None = path.suffix[1:]
        if path.exists() and not resume:
            raise FileError(f"store: {path} exists already; with resume=True the sweep continues it")
        try:
            self._file: _chipmix.RowFile | None = sweep.open(os.fspath(path), paths, resume)
        except FileError as fault:
            raise FileError(f"store: {fault}") from None
        _open_files.add(self)
        self._path = path
        self._points = self._file.known
        read = _read_csv if self.format == "csv" else _read_jsonl
        try:
            entries = list(read(path, sweep.figures))
        except (KeyError, TypeError, ValueError) as fault:
            raise FileError(f"store: {path} has a row that cannot be read: {fault}") from None
        self.rows = {key: row for key, _, row in entries}
        self._keys = {(self._points[key], option): key for key, option, _ in entries}

    def check(self, key: str, point: int, option: str) -> None:
        """Lines carry the number of their point, which another grid may have given to another one."""
        if self._points.get(key, point) != point or self._keys.get((point, option), key) != key:
            raise FileError(f"store: {self._path} holds points of another grid; a .sqlite store would go on with them")

    def release(self) -> None:
        """In a forked process, which must not hold its parent's lock when that is gone."""
        if self._file is not None:
            self._file.release()

    def append(self, keys: Sequence[str], changes: Sequence[str], rows: Sequence[StoredRow], lines: str) -> None:
        assert self._file is not None
        self._file.append(lines)

    def close(self) -> None:
        self._file = None


_open_files: weakref.WeakSet[TextStore] = weakref.WeakSet()


def _release_files() -> None:
    for store in list(_open_files):
        store.release()


os.register_at_fork(after_in_child=_release_files)


def _number(text: str) -> float:
    return float(text) if text else math.nan


def _read_csv(path: Path, figures: list[str]) -> Iterator[tuple[str, str, StoredRow]]:
    """Key, option and the rest of each row."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["key"], row["option"], StoredRow([_number(row[name]) for name in figures],
                                                       row["feasible"] == "true", row["plan"], row["reason"],
                                                       row["error"])


def _read_jsonl(path: Path, figures: list[str]) -> Iterator[tuple[str, str, StoredRow]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            yield row["key"], row["option"], StoredRow(
                [math.nan if row[name] is None else row[name] for name in figures], row["feasible"],
                *(row[name] or "" for name in ("plan", "reason", "error")))


class SqliteStore:
    """A database with one table of rows, and one line that says of which sweep."""

    format: str | None = None

    def __init__(self, path: Path, sweep: _chipmix.Sweep, scenario: str, resume: bool) -> None:
        self._path = path
        self.rows: dict[str, StoredRow] = {}
        try:
            self._base = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        except sqlite3.Error as fault:
            raise FileError(f"store: {path}: {fault}") from None
        try:
            self._open(sweep, scenario, resume)
        except (sqlite3.Error, TypeError) as fault:  # another program's tables, or ours half made
            self._base.close()
            raise FileError(f"store: {path}: {fault}") from None
        except BaseException:
            self._base.close()
            raise

    def _open(self, sweep: _chipmix.Sweep, scenario: str, resume: bool) -> None:
        try:
            tables = {name for name, in self._base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        except sqlite3.DatabaseError as fault:
            raise FileError(f"store: {self._path}: {fault}") from None
        if tables and not {"sweep", "rows"} <= tables:
            raise FileError(f"store: {self._path} is a database of something else")
        if not tables:
            return self._create(sweep, scenario)
        if not resume:
            raise FileError(f"store: {self._path} exists already; with resume=True the sweep continues it")
        self._check(sweep, scenario)
        for key, text, feasible, plan, reason, error in self._base.execute(
                "SELECT key, figures, feasible, plan, reason, error FROM rows"):
            figures = [math.nan if figure is None else figure for figure in json.loads(text)]
            self.rows[key] = StoredRow(figures, bool(feasible), plan, reason, error)

    def _create(self, sweep: _chipmix.Sweep, scenario: str) -> None:
        with closing(self._base.cursor()) as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute("CREATE TABLE sweep (id TEXT, version TEXT, scenario TEXT, figures TEXT)")
            cursor.execute("CREATE TABLE rows (key TEXT PRIMARY KEY, changes TEXT, figures TEXT, feasible INTEGER, "
                           "plan TEXT, reason TEXT, error TEXT) WITHOUT ROWID")
            cursor.execute("INSERT INTO sweep VALUES (?, ?, ?, ?)",
                           (sweep.id, _chipmix.version, scenario, json.dumps(sweep.figures)))
            cursor.execute("COMMIT")

    def _check(self, sweep: _chipmix.Sweep, scenario: str) -> None:
        there, version, text, _ = self._base.execute("SELECT * FROM sweep").fetchone()
        if there == sweep.id:
            return
        if version != _chipmix.version:
            raise FileError(f"store: {self._path} was written by chipmix {version}, this is {_chipmix.version}")
        what = "another scenario" if text != scenario else "other profiles or models, or was asked in another way"
        raise FileError(f"store: {self._path} holds rows of {what}")

    def check(self, key: str, point: int, option: str) -> None:
        """Rows are of any grid."""

    def append(self, keys: Sequence[str], changes: Sequence[str], rows: Sequence[StoredRow], lines: str) -> None:
        entries = [(key, change, json.dumps([None if math.isnan(figure) else figure for figure in row.figures]),
                    row.feasible, row.plan, row.reason, row.error) for key, change, row in zip(keys, changes, rows)]
        try:
            self._insert(entries)
        except sqlite3.Error as fault:
            raise FileError(f"store: {self._path}: {fault}") from None

    def _insert(self, entries: Sequence[tuple[Any, ...]]) -> None:
        with closing(self._base.cursor()) as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            cursor.executemany("INSERT OR REPLACE INTO rows VALUES (?, ?, ?, ?, ?, ?, ?)", entries)
            cursor.execute("COMMIT")

    def close(self) -> None:
        self._base.close()


def open_store(store: str | os.PathLike[str], sweep: _chipmix.Sweep, scenario: str, paths: list[str],
               resume: bool) -> Store:
    """By the end of the file's name."""
    path = Path(store)
    if path.suffix in (".csv", ".jsonl"):
        return TextStore(path, sweep, paths, resume)
    if path.suffix in SQLITE:
        return SqliteStore(path, sweep, scenario, resume)
    raise ValueError(f"store: {path.name!r} ends in none of .csv, .jsonl, {', '.join(SQLITE)}")
