"""Packages that only some calls need, and which `pip install 'chipmix[...]'` brings along."""

from importlib import import_module
from typing import Any

__all__ = ["needs"]


def needs(module: str, extra: str) -> Any:
    """The module, or an ImportError that says how to get it."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module.split(".")[0]:
            raise
        raise ImportError(f"this needs {error.name}: pip install 'chipmix[{extra}]'", name=error.name) from None
