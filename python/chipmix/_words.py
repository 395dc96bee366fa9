"""Answers in few words."""

from __future__ import annotations

from typing import Any


def plan_text(plan: dict[str, Any] | None) -> str:
    """A plan in short: "TP1 PP8 DP64 CP2 EP8"."""
    if not plan:
        return ""
    degrees = {"TP": "tensor", "PP": "pipeline", "DP": "data", "CP": "context", "EP": "expert"}
    return " ".join(f"{short}{plan[name]}" for short, name in degrees.items() if plan[name] > 1) or "one device"
