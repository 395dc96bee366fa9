"""What a worker of a sweep does: one batch of points. Nothing here but plain data goes from process to process."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any, NamedTuple

import numpy

from . import _chipmix

__all__ = ["Answers", "Asked", "Task", "answer", "sweep_of"]

Array = numpy.ndarray[Any, Any]


class Asked(NamedTuple):
    """What a sweep asks: all that a worker needs to ask the same."""

    text: str
    file: str
    folder: str
    options: tuple[str, ...]
    intervals: bool
    engine: str
    measured: tuple[tuple[str, str, str], ...] = ()


class Task(NamedTuple):
    """Rows to answer: the path and place of each value, and the point and the option of each row."""

    asked: Asked
    paths: list[str]
    values: list[list[str]]
    choices: Array
    places: Array
    points: Array
    format: str | None


class Answers(NamedTuple):
    id: str
    figures: Array
    feasible: Array
    plans: list[str]
    reasons: list[str]
    errors: list[str]
    lines: str
    seconds: float


@lru_cache(maxsize=4)
def sweep_of(asked: Asked) -> _chipmix.Sweep:
    """One for each process: what its threads find out is kept between tasks."""
    question = _chipmix.parse_question(asked.text, asked.file, asked.folder)
    if asked.measured:
        usual = question.options[0] if len(question.options) == 1 else ""
        steps, plans, places = (list(column) for column in zip(*asked.measured))
        question = question.measured(steps, plans, places, usual)
    return _chipmix.Sweep(question, list(asked.options), asked.intervals, asked.engine)


def answer(task: Task) -> Answers:
    start = time.perf_counter()
    sweep = sweep_of(task.asked)
    batch = _chipmix.SweepBatch(task.paths, task.values, task.choices, task.places)
    figures, feasible, plans, reasons, errors, lines = sweep.answer(batch, task.points, task.format)
    return Answers(sweep.id, figures, feasible, plans, reasons, errors, lines, time.perf_counter() - start)
