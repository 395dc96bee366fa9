"""What arguments of functions must be, with the argument's name in every message."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any


def path_of(name: str, value: Any) -> str:
    """A path as text. Raises TypeError."""
    if not isinstance(value, (str, os.PathLike)):
        raise TypeError(f"{name}: takes a path, not {type(value).__name__}")
    text = os.fspath(value)
    if not isinstance(text, str):
        raise TypeError(f"{name}: takes a path as text, not {type(text).__name__}")
    return text


def text_of(name: str, value: Any) -> str:
    """Text that can be written as UTF-8. Raises TypeError, ValueError."""
    if not isinstance(value, str):
        raise TypeError(f"{name}: takes text, not {type(value).__name__}")
    try:
        value.encode()
    except UnicodeEncodeError as fault:
        raise ValueError(f"{name}: has half of a surrogate pair at character {fault.start}") from None
    return value


def measured_words(value: Any) -> tuple[tuple[str, str, str], ...]:
    """Measured steps as (step, plan, place), what is not said empty. Raises TypeError, ValueError."""
    if value is None:
        return ()
    items = [value] if isinstance(value, (str, os.PathLike, Mapping)) else value
    if not isinstance(items, Sequence):
        raise TypeError(f"measured: takes a step, a dictionary or a list of them, not {type(value).__name__}")
    return tuple(_measured_step(item) for item in items)


def _measured_step(item: Any) -> tuple[str, str, str]:
    said = {"step": item} if isinstance(item, (str, os.PathLike)) else item
    if not isinstance(said, Mapping):
        raise TypeError(f"measured: takes a time, a path or a dictionary, not {type(item).__name__}")
    for key in said:
        if key not in ("step", "plan", "on"):
            raise ValueError(f"measured: no {key!r}; a measured step has 'step', 'plan' and 'on'")
    if "step" not in said:
        raise ValueError("measured: a measured step has a 'step'")
    return (path_of("measured", said["step"]), path_of("measured", said.get("plan", "")),
            path_of("measured", said.get("on", "")))
