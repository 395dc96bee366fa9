#!/usr/bin/env python3
"""memory_residual.py CASES.json PREDICTIONS.json [--write]: the 80 % range of measured over predicted peak memory, by stack.

A stack's range is that of the peaks of other projects than its own (each project with the same weight), or its own
where that is wider: what a source that was not seen may show. PREDICTIONS is what `chipmix validate --format json` prints.
"""
import collections
import json
import pathlib
import re
import sys

STACKS = pathlib.Path(__file__).resolve().parent.parent / "hardware_profiles" / "stacks"
FROM_VERDICTS = {"nanotron"}  # whose table says which plans died, and no peaks
SOURCE = ("bench/memory_residual.py: published peaks over predicted ones, 80 % of other projects' runs, "
          "or of this stack's where wider (docs/laws/memory.md)")


def quantile(weighted, share):
    """The value below which `share` of the weight lies."""
    weighted = sorted(weighted)
    left = share * sum(weight for _, weight in weighted)
    for value, weight in weighted:
        left -= weight
        if left <= 0:
            return value
    return weighted[-1][0]


def read_ratios(cases, predictions):
    """Measured over predicted, by (stack, project)."""
    ratios = collections.defaultdict(list)
    for answer in predictions:
        case = cases[answer["id"]]
        measured = case["measured"].get("peak_memory_gib")
        if not measured or not answer["predicted"]:
            continue
        stack = next(p[len("stacks/"):] for p in answer["profiles"] if p.startswith("stacks/"))
        ratios[stack, case["project"]].append(measured / answer["predicted"]["peak_memory_gib"])
    return ratios


def spread(ratios, chosen):
    """The middle 80 % of the projects for which chosen(stack, project) is true; None without any."""
    weighted = [(r, 1 / len(rs)) for (stack, project), rs in ratios.items() if chosen(stack, project) for r in rs]
    return (quantile(weighted, 0.1), quantile(weighted, 0.9)) if weighted else None


def main():
    cases = {c["id"]: c for c in json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf8"))}
    ratios = read_ratios(cases, json.loads(pathlib.Path(sys.argv[2]).read_text(encoding="utf8"))["cases"])
    for path in sorted(STACKS.glob("*.json")):
        stack = path.stem
        own_projects = {project for name, project in ratios if name == stack}
        low, high = spread(ratios, lambda s, p: p not in own_projects)
        own = spread(ratios, lambda s, p: s == stack)
        if own:
            low, high = min(low, own[0]), max(high, own[1])
        print(f"{stack:20} {low:.2f} {high:.2f}")
        if "--write" in sys.argv and stack not in FROM_VERDICTS:
            line = (f'"memory_residual": {{"value": 1, "low": {min(low, 1):.2f}, "high": {max(high, 1):.2f}, '
                    f'"grade": "scaled", "source": "{SOURCE}"}}')
            text = path.read_text(encoding="utf8")
            path.write_text(re.sub(r'"memory_residual": \{[^\n]*\}', line, text, count=1), encoding="utf8")


if __name__ == "__main__":
    main()
