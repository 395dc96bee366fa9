"""The programs of bench/measure as modules; without PyTorch none of these tests can run."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench" / "measure"))
sys.path.insert(0, str(ROOT / "tests" / "python"))

pytest.importorskip("torch", reason="PyTorch is not installed (Debian: python3-torch)")

from fake_device import FakeDevice


@pytest.fixture
def device():
    return FakeDevice()
