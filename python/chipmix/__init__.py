"""chipmix: which accelerators, under which training plan, train a model for the least money, and how sure are we?

    import chipmix

    scenario = chipmix.load_scenario("scenarios/ling_plus.json")
    answer = chipmix.estimate(scenario, "D")
    print(answer.days, answer.cost.total, answer.ledger)

Functions have the names of the program's commands, and give the same numbers.
"""

from ._chipmix import version as __version__
from .answers import compare, devices, estimate, links, models, plan, procure, report, stacks, validate
from .errors import Diagnostic, FileError, InputError
from .estimates import Comparison, Cost, Estimate, Infeasible
from .ledger import Entry, Ledger
from .listings import Catalogue, PlanList, Procurement, Validation
from .results import Result
from .scenario import Scenario, load_scenario
from .sweeps import Sweep, sweep

__all__ = [
    "Catalogue", "Comparison", "Cost", "Diagnostic", "Entry", "Estimate", "FileError", "Infeasible", "InputError",
    "Ledger", "PlanList", "Procurement", "Result", "Scenario", "Sweep", "Validation", "__version__", "compare",
    "devices", "estimate", "links", "load_scenario", "models", "plan", "procure", "report", "stacks", "sweep", "validate",
]
