"""chipmix: which accelerators, under which training plan, train a model for the least money, and how sure are we?

    import chipmix

    scenario = chipmix.load_scenario("scenarios/ling_plus.json")
    answer = chipmix.estimate(scenario, "D")
    print(answer.days, answer.cost.total, answer.ledger)

Functions have the names of the program's commands, and give the same numbers.
"""

from typing import TYPE_CHECKING, Any

from ._chipmix import version as __version__
from .answers import (ask, calibrate, compare, devices, estimate, fabrics, links, models, nodes, plan, prices, procure,
                      report, stacks, validate)
from .calibrations import Calibration
from .errors import Diagnostic, FileError, InputError
from .estimates import Comparison, Cost, Estimate, Infeasible, NearRun, PublishedEvidence
from .ledger import Entry, Ledger
from .listings import Catalogue, PlanList, Procurement, Validation
from .results import Result
from .scenario import Scenario, load_scenario

if TYPE_CHECKING:
    from .sweeps import Sweep, sweep

__all__ = [
    "Calibration", "Catalogue", "Comparison", "Cost", "Diagnostic", "Entry", "Estimate", "FileError", "Infeasible",
    "InputError", "Ledger", "NearRun", "PlanList", "Procurement", "PublishedEvidence", "Result", "Scenario", "Sweep",
    "Validation", "__version__", "ask", "calibrate", "compare", "devices", "estimate", "fabrics", "links",
    "load_scenario", "models", "nodes", "plan", "prices", "procure", "report", "stacks", "sweep", "validate",
]


def __getattr__(name: str) -> Any:
    """Sweeps need NumPy, which is imported only once they are asked for."""
    if name in ("Sweep", "sweep", "sweeps"):
        from importlib import import_module

        from ._extras import needs

        needs("numpy", "tables")
        module = import_module(f"{__name__}.sweeps")
        return module if name == "sweeps" else getattr(module, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
