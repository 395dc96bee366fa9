"""The answers that are kept: published runs, shipped scenarios, and a grid of all devices and three models.

An answer is {"value": seconds of a step or days, "cost": money or None, "accounts": {name: share of the step}}; a plan
that cannot run is {"cannot_run": why}. Run as a program, it writes today's answers into snapshot.json and the reason
into accepted.md.
"""

import datetime
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PROGRAM = os.environ.get("CHIPMIX_PROGRAM", str(ROOT / "build" / "bin" / "chipmix"))
SNAPSHOT, ACCEPTED = HERE / "snapshot.json", HERE / "accepted.md"

SCENARIOS = ("deepseek_v3_h800", "gpt3_175b_a100", "ling_plus", "llama31_405b", "llama31_405b_h100", "poro_mi250x",
             "smollm3_h100", "us_rent_or_own")
GRID = {"llama-3.1-8b": 64, "qwen3-30b-a3b": 64, "llama-3.1-70b": 256}  # model: devices
TOLERANCE = 1e-3


def chipmix(*words):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answer.json"
        run = subprocess.run([PROGRAM, *map(str, words), "--quiet", "--output", path], cwd=ROOT, capture_output=True,
                             encoding="utf-8", timeout=300)
        assert run.returncode in (0, 1), run.stderr
        return json.loads(path.read_text(encoding="utf-8"))


def rounded(number, digits=6):
    return None if number is None else float(f"{number:.{digits}g}")


def of_run(case):
    if case["status"] != "ok":
        return {"cannot_run": case["reason"] or case["status"]}
    predicted = case["predicted"]
    if not predicted["iteration_s"]:
        return {"value": rounded(predicted["peak_memory_gib"])}
    return {"value": rounded(predicted["iteration_s"]), "accounts": shares(case["accounts"])}


def shares(accounts):
    return {name: round(share, 4) for name, share in accounts.items() if share >= 5e-4}


def of_option(option):
    if not option["feasible"]:
        return {"cannot_run": option["reason"]}
    cost = option["cost"]
    return {"value": rounded(option["days"]), "cost": rounded(cost["total"] if isinstance(cost, dict) else cost)}


def today():
    """Every answer by its name."""
    answers = {f"run {case['id']}": of_run(case) for case in chipmix("validate", "--no-intervals")["cases"]}
    for name in SCENARIOS:
        comparison = chipmix("compare", f"scenarios/{name}.json")
        answers |= {f"scenario {name} {option['name']}": of_option(option) for option in comparison["options"]}
    devices = sorted(path.stem for path in (ROOT / "hardware_profiles" / "devices").glob("*.json"))
    for model, count in GRID.items():
        # prices age, times do not: the grid is about times
        comparison = chipmix("ask", model, "1T", *(f"{count}x{device}@1USD/h" for device in devices))
        answers |= {f"grid {model} {option['label']}": of_option(option) for option in comparison["options"]}
    return answers


def known():
    return json.loads(SNAPSHOT.read_text(encoding="utf-8"))


def moved(old, new):
    """Accounts whose share of the step moved by more than the tolerance, the largest first."""
    before, after = old.get("accounts", {}), new.get("accounts", {})
    changes = {name: after.get(name, 0) - before.get(name, 0) for name in {*before, *after}}
    large = sorted((name for name in changes if abs(changes[name]) > TOLERANCE), key=lambda name: -abs(changes[name]))
    return ", ".join(f"{name} {100 * changes[name]:+.2f} points" for name in large[:4])


def changed(old, new):
    """What changed from one set of answers to another: {name: sentence}."""
    found = {}
    for name in {*old, *new}:
        if name not in new:
            found[name] = "is gone"
        elif name not in old:
            found[name] = "is new"
        elif "cannot_run" in new[name] and "cannot_run" not in old[name]:
            found[name] = f"CANNOT RUN any more: {new[name]['cannot_run']}"
        elif "cannot_run" in old[name] and "cannot_run" not in new[name]:
            found[name] = "runs now"
        else:
            for what in ("value", "cost"):
                before, after = old[name].get(what), new[name].get(what)
                if (before is None) != (after is None) or before and abs(after / before - 1) > TOLERANCE:
                    share = f" ({100 * (after / before - 1):+.2f} %)" if before and after else ""
                    found[name] = f"{what} {before} -> {after}{share}; {moved(old[name], new[name])}"
    return found


def text(answers):
    lines = (f"{json.dumps(name, ensure_ascii=False)}: {json.dumps(answers[name], ensure_ascii=False)}"
             for name in sorted(answers))
    return "{\n" + ",\n".join(lines) + "\n}\n"


def accept(reason):
    new = today()
    changes = changed(known() if SNAPSHOT.exists() else {}, new)
    lost = [name for name in changes if "CANNOT RUN" in changes[name]]
    if lost:
        sys.exit("these had an answer and have none now; that is never accepted here:\n" +
                 "\n".join(f"{name}: {changes[name]}" for name in sorted(lost)))
    SNAPSHOT.write_text(text(new), encoding="utf-8")
    with ACCEPTED.open("a", encoding="utf-8") as file:
        file.write(f"| {datetime.date.today()} | {len(changes)} of {len(new)} | {reason} |\n")


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].strip() or sys.argv[1].startswith("-"):
        sys.exit('usage: answers.py "why the answers changed"')
    accept(sys.argv[1].strip())
