"""Fixtures for tests of the command line."""

import pytest

from program import SMALL, write


@pytest.fixture
def scenario(tmp_path):
    """Writes a scenario to s.json in a folder of its own and returns its path."""
    return lambda content=SMALL: write(tmp_path / "s.json", content)
