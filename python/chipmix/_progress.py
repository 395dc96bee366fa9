"""Progress of long calls: a bar by tqdm, imported only once a call has proved long."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import Any, Callable, Iterator

Told = Callable[[float], None]

_SHORT = 0.3  # s that a call may take before it gets a bar


def _is_watched() -> bool:
    """Somebody reads stderr: a terminal, or a notebook."""
    return sys.stderr.isatty() or "ipykernel" in sys.modules


class _Bar:
    def __init__(self, label: str) -> None:
        self._label = label
        self._start = time.monotonic()
        self._bar: Any = None

    def told(self, share: float) -> None:
        if self._bar is None:
            if time.monotonic() - self._start < _SHORT:
                return
            from tqdm import tqdm

            self._bar = tqdm(total=1000, desc=self._label, leave=False, bar_format="{l_bar}{bar}| {elapsed}")
        self._bar.update(round(share * 1000) - self._bar.n)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()


@contextmanager
def progress_of(label: str, progress: bool | Told | None) -> Iterator[Told | None]:
    """What to tell the share done (0 to 1): a bar if `progress` is true, or None and somebody watches; a function of
    the caller's; or nothing."""
    if callable(progress):
        yield progress
        return
    if not (_is_watched() if progress is None else progress):
        yield None
        return
    bar = _Bar(label)
    try:
        yield bar.told
    finally:
        bar.close()
