"""The functions of the package: those of the program's commands, with the same numbers."""

from __future__ import annotations

import numbers
import operator
import os
from typing import Any, Mapping, Sequence, Union

from . import _chipmix
from ._arguments import measured_words, path_of
from ._progress import Told, progress_of
from .errors import FileError
from .estimates import Comparison, Estimate, Infeasible
from .calibrations import Calibration
from .listings import Catalogue, PlanList, Procurement, Validation
from .scenario import Scenario, json_text, load_scenario

__all__ = ["ask", "calibrate", "compare", "devices", "estimate", "fabrics", "links", "models", "nodes", "plan",
           "prices", "procure", "report", "stacks", "validate"]

Asked = Union[Scenario, str, "os.PathLike[str]", Mapping[str, Any]]
PlanFile = Union[Mapping[str, Any], str, "os.PathLike[str]", None]
Progress = Union[bool, Told, None]
Measured = Union[str, "os.PathLike[str]", Mapping[str, str], Sequence[Union[str, Mapping[str, str]]], None]


def _question(scenario: Asked) -> _chipmix.Question:
    if isinstance(scenario, Scenario):
        return scenario._question
    if isinstance(scenario, Mapping):
        return Scenario(scenario)._question
    if isinstance(scenario, (str, os.PathLike)):
        return load_scenario(scenario)._question
    raise TypeError(f"scenario: takes a Scenario, a dictionary or a path, not {type(scenario).__name__}")


def _measured(question: _chipmix.Question, measured: Measured, option: str | None = None) -> _chipmix.Question:
    """The question anchored on measured steps; of one option, a step whose place is not said ran there."""
    words = measured_words(measured)
    if not words:
        return question
    usual = option or (question.options[0] if len(question.options) == 1 else "")
    steps, plans, places = (list(column) for column in zip(*words))
    return question.measured(steps, plans, places, usual)


def _option(question: _chipmix.Question, option: str | None) -> str:
    if option is None and len(question.options) == 1:
        return question.options[0]
    if not isinstance(option, str):
        what = "is missing" if option is None else f"takes a name, not {type(option).__name__}"
        raise TypeError(f"option: {what}; one of: {', '.join(question.options)}")
    return option


def _count(name: str, value: int, least: int) -> int:
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise TypeError(f"{name}: takes a whole number, not {type(value).__name__}")
    number = operator.index(value)
    if not least <= number < 2**31:
        raise ValueError(f"{name}: takes a whole number from {least} to {2**31 - 1}, not {number}")
    return number


def _amount(name: str, value: float | None) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise TypeError(f"{name}: takes a number, not {type(value).__name__}")
    if not 0 < value < float("inf"):
        raise ValueError(f"{name}: takes a number above 0, not {value}")
    return float(value)


def _word(name: str, value: str, known: tuple[str, ...]) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{name}: takes a word, not {type(value).__name__}")
    if value not in known:
        raise ValueError(f"{name}: no {value!r}, {_chipmix.spelling_hint(value, list(known))}")
    return value


ENGINES = ("analytical", "event", "simgrid")


def _plan_file(plan: PlanFile) -> tuple[str | None, str]:
    """The text of a plan file, and its name."""
    if plan is None:
        return None, ""
    if isinstance(plan, Mapping):
        return json_text(dict(plan), "plan"), "plan"
    if not isinstance(plan, (str, os.PathLike)):
        raise TypeError(f"plan: takes the dictionary of a plan file, or its path, not {type(plan).__name__}")
    try:
        with open(plan, encoding="utf-8") as file:
            return file.read(), os.fspath(plan)
    except UnicodeDecodeError as fault:
        raise ValueError(f"plan: {os.fspath(plan)} is not text in UTF-8, at byte {fault.start}") from None
    except OSError as fault:
        raise FileError(f"{os.fspath(plan)}: {fault.strerror}") from None


def estimate(scenario: Asked, option: str | None = None, *, plan: PlanFile = None, engine: str = "analytical",
             intervals: bool = True, measured: Measured = None, jobs: int = 0,
             progress: Progress = None) -> Estimate | Infeasible:
    """One option in full: time, memory and money as ledgers, and how sure.

    `option` may be left out if there is only one. The plan is the option's own, or `plan` (a plan file's dictionary or
    path, docs/plans.md), or the best that a search finds. `engine` computes the step time: "analytical", "event", or
    "simgrid", which cross-checks "event". Without `intervals`, P10 and P90 are the value itself: the answer is faster.
    `measured` anchors the answer on your own measured steps (docs/anchoring.md): "12.4s", or the path of a training log
    or a profiler trace; with plan and place {"step": "12.4s", "plan": "TP8 PP4", "on": "64xH800"}; or a list.
    `jobs`: number of threads, 0 for all of the machine's; the answer is the same. `progress`: True or False for a bar,
    None for one if the program runs on a terminal, or a function that receives the share done.

    Infeasible is returned, not raised. Raises InputError for content, TypeError and ValueError for arguments;
    KeyboardInterrupt ends a search soon. Laws and sources: docs/laws.
    """
    question = _question(scenario)
    name = _option(question, option)
    question = _measured(question, measured, name)
    text, file = _plan_file(plan)
    _word("engine", engine, ENGINES)
    with progress_of("searching plans", progress) as told:
        answer = _chipmix.estimate(question, name, text, file, engine, bool(intervals), _count("jobs", jobs, 0), told)
    return Estimate(answer) if answer.feasible else Infeasible(answer.page)


def ask(*words: str, within: str | None = None, budget: str | None = None, start: str | None = None,
        currency: str | None = None, batch: int | None = None, dtype: str | None = None, practice: str | None = None,
        finetune: str | None = None, folder: str | os.PathLike[str] = "", engine: str = "analytical",
        measured: Measured = None, jobs: int = 0, progress: Progress = None) -> Comparison:
    """A question in the words of `chipmix ask`; `question` of the answer is the scenario that was made of them.

        chipmix.ask("llama-3.1-70b", "2T", "512xH100@$2.50", "512xMI300X@$1.99", within="60d")

    Words may also come in one text. `within`: a time or a day; `budget`: "3M USD"; `start`: a day; `batch`: sequences
    of a step; `finetune`: "lora" for low-rank adapters; `folder`: where models and profiles are looked up first;
    `measured`: as of `estimate`.
    Raises InputError with every fault of the words.
    """
    for word in words:
        if not isinstance(word, str):
            raise TypeError(f"words: takes text, not {type(word).__name__}")
    stated = {"within": within, "budget": budget, "start": start, "currency": currency, "dtype": dtype,
              "practice": practice, "finetune": finetune,
              "batch": None if batch is None else str(_count("batch", batch, 1))}
    for name, value in stated.items():
        if value is not None and not isinstance(value, str):
            raise TypeError(f"{name}: takes text, not {type(value).__name__}")
    asked = _chipmix.ask_question([part for word in words for part in word.split()],
                                  {name: value for name, value in stated.items() if value is not None},
                                  path_of("folder", folder))
    return compare(Scenario._of(asked), engine=engine, measured=measured, jobs=jobs, progress=progress)


def compare(scenario: Asked, *, engine: str = "analytical", measured: Measured = None, jobs: int = 0,
            progress: Progress = None) -> Comparison:
    """Every option side by side, why they differ, and what the assumptions are worth. Arguments as of `estimate`."""
    question = _measured(_question(scenario), measured)
    _word("engine", engine, ENGINES)
    with progress_of("searching plans", progress) as told:
        return Comparison(_chipmix.compare(question, engine, _count("jobs", jobs, 0), told), Scenario._of(question))


def plan(scenario: Asked, option: str | None = None, *, top: int = 10, objective: str = "time",
         deadline_days: float | None = None, budget: str | None = None, diverse: bool = False,
         time_limit: float | None = None, measured: Measured = None, jobs: int = 0,
         progress: Progress = None) -> PlanList | Infeasible:
    """The best plans of one option and what each loses on; of a mix the best plan of each way to use it.

    `top`: how many. `objective`: "time", "cost" or "energy". `deadline_days` and `budget` ("1.2e6 CNY") leave out what
    takes too long or costs too much. `diverse`: no two with the same degrees. `time_limit`: seconds after which the
    best plans so far are shown. Other arguments as of `estimate`. Infeasible is returned where no plan is left.
    """
    question = _question(scenario)
    name = _option(question, option)
    question = _measured(question, measured, name)
    _count("top", top, 1)
    _word("objective", objective, ("time", "cost", "energy"))
    if budget is not None and not isinstance(budget, str):
        raise TypeError(f"budget: takes text with its currency, such as \"1.2e6 CNY\", not {type(budget).__name__}")
    with progress_of("searching plans", progress) as told:
        page = _chipmix.plan(question, name, top, objective, _amount("deadline_days", deadline_days), budget,
                             bool(diverse), _amount("time_limit", time_limit), _count("jobs", jobs, 0), told)
    found = PlanList(page)
    if found.plans:
        return found
    return Infeasible(data={**found.to_dict(), "name": name, "label": name, "feasible": False,
                            "constraint": "nothing found", "reason": " ".join(page.remarks)})


def procure(scenario: Asked, *, time_limit: float | None = None, jobs: int = 0,
            progress: Progress = None) -> Procurement:
    """What to buy and rent for the scenario's jobs, how much, when, and what runs on it (docs/money.md).

    `time_limit`: seconds for each purchase to be proven least. Where nothing can be done the answer is false in
    conditions and its `conflicts` say which limits stand in the way. Raises ValueError for a scenario without
    "procurement", TimeoutError where the time was over before there was any answer.
    """
    question = _question(scenario)
    with progress_of("searching plans", progress) as told:
        return Procurement(_chipmix.procure(question, _amount("time_limit", time_limit) or 0.0,
                                            _count("jobs", jobs, 0), told))


def validate(cases: str | os.PathLike[str] | None = None, *, intervals: bool = True, jobs: int = 0,
             progress: Progress = None) -> Validation:
    """Predictions for published runs: those that come with chipmix, or of a table or a folder of tables
    (docs/published_runs.md). Without `intervals` only times, sooner."""
    if cases is not None and not isinstance(cases, (str, os.PathLike)):
        raise TypeError(f"cases: takes the path of a table or a folder, not {type(cases).__name__}")
    path = None if cases is None else path_of("cases", cases)
    with progress_of("predicting runs", progress) as told:
        return Validation(_chipmix.validate(path, bool(intervals), _count("jobs", jobs, 0), told))


Files = Union[str, "os.PathLike[str]", Sequence[Union[str, "os.PathLike[str]"]]]


def _paths(name: str, files: Files | None) -> list[str]:
    several = [] if files is None else [files] if isinstance(files, (str, os.PathLike)) else list(files)
    return [path_of(name, path) for path in several]


def _named(name: str, given: Mapping[str, str] | None) -> list[tuple[str, str]]:
    pairs = list((given or {}).items())
    for pair in pairs:
        if not all(isinstance(word, str) for word in pair):
            raise TypeError(f"{name}: takes names and values as text, not {pair!r}")
    return pairs


def calibrate(files: Files, *, device: str | None = None, stack: str | None = None, node: str | None = None,
              link: str | None = None, scenario: Files | None = None, option: str | Sequence[str] | None = None,
              plan: Files | None = None, header: str | None = None, columns: Mapping[str, str] | None = None,
              rows: Mapping[str, str] | None = None, values: Mapping[str, str] | None = None, hold_out: float = 0.2,
              seed: int = 1) -> Calibration:
    """Figures of a device and its links fitted to measurements, logs, traces or CSV files; or, with `stack`, those of a
    software stack fitted to training logs and tables of runs (docs/calibration.md).

    `scenario` and `option`: the scenario file and option that a training log is of, one for all logs or one for each;
    `plan`: a plan file, where the option has no plan.
    Of tables (CSV and others): `header`: "m,n,k,time_us" where there is none; `columns`: what a column is, as
    {"latency": "time_ms", "power": "ignore"}; `rows`: which count, as {"dtype": "fp8,bf16", "m": "16:4096"}; `values`:
    what holds for all rows, as {"dtype": "fp16"}.

    `node` and `link`: ids of the server and the link outside it, where they are not the device's usual ones.
    `hold_out`: share of the samples that each fit of the cross-validation leaves out, 0 to 0.5. Figures that the
    samples do not decide keep the profile's value and say why. Raises InputError with every fault of all files, and
    ValueError for
    an unknown id, with the nearest spelling.
    """
    if (device is None) == (stack is None):
        raise TypeError("calibrate: takes either device= or stack=")
    for name, value in (("device", device), ("stack", stack), ("node", node), ("link", link), ("header", header)):
        if value is not None and not isinstance(value, str):
            what = "names of columns" if name == "header" else "an id"
            raise TypeError(f"{name}: takes {what}, not {type(value).__name__}")
    table = [_named("columns", columns), _named("rows", rows), _named("values", values)]
    if isinstance(hold_out, bool) or not isinstance(hold_out, (int, float)):
        raise TypeError(f"hold_out: takes a share, not {type(hold_out).__name__}")
    if not 0 <= hold_out <= 0.5:
        raise ValueError(f"hold_out: takes a share from 0 to 0.5, not {hold_out}")
    paths = _paths("files", files)
    if not paths:
        raise ValueError("files: takes at least one path")
    options = [] if option is None else [option] if isinstance(option, str) else list(option)
    for one in options:
        if not isinstance(one, str):
            raise TypeError(f"option: takes a name, not {type(one).__name__}")
    if stack is not None and (header is not None or any(table)):
        raise TypeError("calibrate: header=, columns=, rows= and values= are of tables, which fit a device=")
    if stack is not None:
        return Calibration(_chipmix.calibrate_stack(paths, stack, _paths("scenario", scenario), options,
                                                    _paths("plan", plan)))
    if scenario is not None or options or plan is not None:
        raise TypeError("calibrate: scenario=, option= and plan= apply to training logs, which fit a stack=")
    assert device is not None
    return Calibration(_chipmix.calibrate_device(paths, device, node, link, header, table[0], table[1], table[2],
                                                 float(hold_out), _count("seed", seed, 0)))


def report(scenario: Asked, path: str | os.PathLike[str], *, option: str | None = None, measured: Measured = None,
           jobs: int = 0, progress: Progress = None) -> None:
    """The procurement report as one file to hand on (docs/reports.md): .html, .pdf, .md, .xlsx, or .csv (cost
    rows, FOCUS 1.2, of the cheapest option, of `option`, or of "all" as alternatives). The whole file is written, or
    none of it. Raises FileError, and ValueError for another ending or an unknown option."""
    file = path_of("path", path)
    kind = os.path.splitext(file)[1].lstrip(".").lower()
    _word("path", kind, ("html", "pdf", "md", "xlsx", "csv"))
    if option is not None and not isinstance(option, str):
        raise TypeError(f"option: takes a name, not {type(option).__name__}")
    if option is not None and kind != "csv":
        raise ValueError("option: chooses the option of cost rows, which go into a .csv file")
    question = _measured(_question(scenario), measured)
    if kind == "csv" and not question.has_start:
        raise ValueError("scenario: cost rows need the day on which runs begin: with_(start=\"2027-01-01\")")
    with progress_of("searching plans", progress) as told:
        _write(file, _chipmix.report(question, kind, option, _count("jobs", jobs, 0), told))


def _write(path: str, content: bytes) -> None:
    part = f"{path}.{os.getpid()}.part"
    try:
        with open(part, "xb") as file:
            file.write(content)
        os.replace(part, path)
    except OSError as fault:
        if os.path.exists(part):
            os.unlink(part)
        raise FileError(f"{path}: {fault.strerror}") from None


def _catalogue(kind: str, id: str | None) -> Catalogue:
    if id is not None and not isinstance(id, str):
        raise TypeError(f"id: takes text, not {type(id).__name__}")
    return Catalogue(_chipmix.catalogue(kind, id))


def devices(id: str | None = None) -> Catalogue:
    """The accelerators chipmix knows, or one in full with every figure's source and grade; an alias will do. Raises
    InputError for an unknown one, with the nearest spelling."""
    return _catalogue("devices", id)


def models(id: str | None = None) -> Catalogue:
    """The models chipmix knows, or one in full, or that of a config.json."""
    return _catalogue("models", id)


def links(id: str | None = None) -> Catalogue:
    """The links chipmix knows, or one in full."""
    return _catalogue("links", id)


def nodes(id: str | None = None) -> Catalogue:
    """The servers chipmix knows, or one in full."""
    return _catalogue("nodes", id)


def fabrics(id: str | None = None) -> Catalogue:
    """The networks between servers chipmix knows, or one in full."""
    return _catalogue("fabrics", id)


def stacks(id: str | None = None) -> Catalogue:
    """The software stacks chipmix knows, or one in full."""
    return _catalogue("stacks", id)


def prices(id: str | None = None) -> Catalogue:
    """Dated public prices: the medians of every device, or all quotes of one, in USD per device-hour or device."""
    return _catalogue("prices", id)
