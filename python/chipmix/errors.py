"""What goes wrong, as Python exceptions, and what is wrong, as data."""

from __future__ import annotations

from typing import NamedTuple, Sequence

__all__ = ["Diagnostic", "FileError", "InputError"]


class Diagnostic(NamedTuple):
    """One fault of an input, and where it stands. Lines and columns count from 1; 0 where there is no text."""

    file: str
    line: int
    column: int
    pointer: str
    """JSON pointer of the value, "" for the whole text."""
    message: str
    hint: str
    """What to do about it; may be empty."""
    source_line: str


class InputError(ValueError):
    """The content of a file, a scenario or a change is wrong. `diagnostics` holds every fault found, in order."""

    diagnostics: tuple[Diagnostic, ...]

    def __init__(self, text: str, diagnostics: Sequence[Diagnostic] = ()) -> None:
        super().__init__(text, tuple(diagnostics))
        self.diagnostics = tuple(diagnostics)

    def __str__(self) -> str:
        return str(self.args[0])


class FileError(OSError):
    """A file cannot be read or written."""
