"""What the package's tests share: the program's own helpers, and small questions that answer at once."""

import os
import sys
from pathlib import Path

os.environ.setdefault("MPLBACKEND", "Agg")
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "python"))

import pytest  # noqa: E402

import chipmix  # noqa: E402
from program import small  # noqa: E402

FIXED = {"tensor": 1, "pipeline": 2, "micro_batch": 1}


def fixed(**changes) -> dict:
    """A scenario of one option with a fixed plan."""
    return small(options__0__plan=FIXED, **changes)


def two_kinds() -> chipmix.Scenario:
    """What to rent for 9T tokens when there are two kinds of device in one size."""
    fleet = chipmix.load_scenario(ROOT / "scenarios" / "ant_fleet.json")
    supplies = [{**one, "sizes": [1024]} for one in fleet.to_dict()["procurement"]["supplies"] if one["option"] in "CE"]
    return fleet.with_({"assumptions": [], "procurement.supplies": supplies, "procurement.jobs.0.by_month": 12})


@pytest.fixture(scope="session")
def estimate():
    return chipmix.estimate(fixed())


@pytest.fixture(scope="session")
def comparison():
    return chipmix.compare(ROOT / "scenarios" / "deepseek_v3_h800.json")
