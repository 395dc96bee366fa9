"""What arguments of functions must be, with the argument's name in every message."""

from __future__ import annotations

import os
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
