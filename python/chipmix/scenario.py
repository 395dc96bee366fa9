"""Scenarios: read from files, built from dictionaries, edited by path."""

from __future__ import annotations

import json
import os
from typing import Any, Mapping

from . import _chipmix
from ._arguments import path_of, text_of
from ._html import scenario_html

__all__ = ["Scenario", "load_scenario"]


def _plain(value: Any) -> Any:
    """Numbers of NumPy and the like, which json does not know."""
    if hasattr(value, "item"):
        return value.item()
    if hasattr(value, "to_dict"):
        return value.to_dict()
    raise TypeError(f"a value of type {type(value).__name__} cannot stand in a scenario")


def json_text(value: Any, what: str) -> str:
    """A value as JSON; `what` names it in messages. NumPy's numbers are numbers."""
    try:
        text = json.dumps(value, default=_plain, allow_nan=False, ensure_ascii=False)
    except (TypeError, ValueError) as fault:
        raise type(fault)(f"{what}: {fault}") from None
    except RecursionError:
        raise ValueError(f"{what}: is nested too deeply") from None
    return text_of(what, text)


class Scenario:
    """One question: a job, and the options to do it, as docs/scenarios.md describes.

    `content` is a dictionary (or JSON text) in the format of scenario files. Profiles and models named in it are looked
    up in `folder` first, then among those that come with chipmix. A scenario never changes: `with_` returns another.

    Raises InputError with every fault of the content, each with its place and a hint.
    """

    __slots__ = ("_question",)
    _question: _chipmix.Question

    def __init__(self, content: Mapping[str, Any] | str, *, folder: str | os.PathLike[str] = "",
                 file: str = "scenario") -> None:
        if isinstance(content, Mapping):
            text = json.dumps(json.loads(json_text(dict(content), "content")), indent=2, ensure_ascii=False)
        elif isinstance(content, str):
            text = content
        else:
            raise TypeError(f"content: takes a dictionary or JSON text, not {type(content).__name__}")
        self._question = _chipmix.parse_question(text_of("content", text), text_of("file", file),
                                                 path_of("folder", folder))

    @classmethod
    def _of(cls, question: _chipmix.Question) -> Scenario:
        self = cls.__new__(cls)
        self._question = question
        return self

    def with_(self, changes: Mapping[str, Any] | None = None, /, **more: Any) -> Scenario:
        """A copy with values put in place, which paths name as `--set` of the program does.

        `changes` maps paths ("options.D.rent.value", "options.0.cluster.devices", "/job/tokens") to values; in keywords
        two underscores stand for a dot: `with_(job__tokens="2T")`. Options are addressed by name or number. Changes are
        made in order and the result is read once. Raises InputError for a path that leads nowhere (with the nearest
        spelling) and for a value that does not fit there.
        """
        if changes is not None and not isinstance(changes, Mapping):
            raise TypeError(f"changes: takes a dictionary of paths and values, not {type(changes).__name__}")
        named = {**(changes or {}), **{path.replace("__", "."): value for path, value in more.items()}}
        for path in named:
            if not isinstance(path, str):
                raise TypeError(f"changes: a path is text, not {path!r}")
        texts = [(path, json_text(value, path)) for path, value in named.items()]
        return Scenario._of(self._question.with_changes(texts))

    @property
    def name(self) -> str:
        return self._question.name

    @property
    def description(self) -> str:
        return self._question.description

    @property
    def currency(self) -> str:
        """The currency of answers, an ISO 4217 code."""
        return self._question.currency

    @property
    def options(self) -> list[str]:
        """Names of the options, in order."""
        return self._question.options

    @property
    def baseline(self) -> str:
        """Name of the option that others are compared with."""
        return self._question.baseline

    @property
    def file(self) -> str:
        """The file it was read from; a word where there is none."""
        return self._question.file

    @property
    def text(self) -> str:
        """The scenario as JSON text."""
        return self._question.text

    @property
    def written_out(self) -> str:
        """The scenario as JSON text with every value that it leaves out, each marked with grade and reason."""
        return self._question.written_out

    def to_dict(self) -> dict[str, Any]:
        """The scenario as a dictionary in the format of scenario files."""
        content: dict[str, Any] = json.loads(self.text)
        return content

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scenario) and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash(self.name)

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.text, self.file, self._question.folder)

    def __repr__(self) -> str:
        return f"<Scenario {self.name!r}: options {', '.join(self.options)}>"

    def _repr_html_(self) -> str:
        return scenario_html(self.name, self.to_dict())


def _again(text: str, file: str, folder: str) -> Scenario:
    return Scenario(text, folder=folder, file=file)


def load_scenario(path: str | os.PathLike[str]) -> Scenario:
    """Reads a scenario file. Raises InputError with every fault of it, FileError when it cannot be read."""
    return Scenario._of(_chipmix.load_question(path_of("path", path)))
