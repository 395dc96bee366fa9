"""What a calibration found."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._extras import needs
from .ledger import Entry, Ledger
from .listings import PageResult
from .plots import plot_calibration
from .results import Figure

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes

    from ._chipmix import Calibrated

__all__ = ["Calibration"]


class Calibration(PageResult):
    """Figures fitted to measurements, each with its intervals or the reason why it was kept."""

    figures: Figure[list[dict[str, Any]]] = Figure("Each with value, unit, verdict, interval_80, interval_95, points.")

    def __init__(self, found: Calibrated) -> None:
        super().__init__(found.page)
        self.profiles: dict[str, str] = dict(found.profiles)  # text by place, as "devices/h100-sxm5-80gb.json"
        self.points: list[tuple[float, float, str]] = list(found.points)  # measured s, fitted s, regime

    @property
    def identified(self) -> bool:
        """Whether the samples decide any figure."""
        return any(figure["identified"] for figure in self.figures)

    def __bool__(self) -> bool:
        return self.identified

    def save(self, folder: str | os.PathLike[str]) -> list[Path]:
        """Writes the fitted profiles below a folder; a scenario file in it finds them by their ids."""
        written = []
        for place, text in self.profiles.items():
            path = Path(folder) / place
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(f"{path.name}.{os.getpid()}.part")
            part.write_text(text, encoding="utf-8")
            written.append(part.replace(path))
        return written

    def to_pandas(self) -> pandas.DataFrame:
        """One row a figure."""
        pandas = needs("pandas", "tables")

        return pandas.DataFrame(self.figures)

    @property
    def ledger(self) -> Ledger:
        """Fitted values; `why` is the verdict."""
        return Ledger(Entry("figures", "", figure["figure"], figure["value"], figure["unit"], figure["verdict"])
                      for figure in self.figures)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Fitted against measured time, s, both logarithmic."""
        return plot_calibration(self, ax)
