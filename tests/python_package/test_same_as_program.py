"""Does the package give the numbers of the program, to the last digit?"""

import json

import pytest

import chipmix
from conftest import FIXED, ROOT, two_kinds
from program import chipmix as program
from program import small, write
from training_logs import STACK, option, scenario_of
from training_logs import log as training_log

SCENARIOS = ROOT / "scenarios"
LING, LLAMA, DEEPSEEK, OWN = (SCENARIOS / f"{name}.json"
                              for name in ("ling_plus", "llama31_405b", "deepseek_v3_h800", "us_rent_or_own"))


def told(*words) -> dict:
    run = program(*words, "--format", "json", "--quiet")
    assert run.returncode in (0, 1), run.stderr
    return json.loads(run.stdout)


@pytest.mark.parametrize("path", [LLAMA, DEEPSEEK, OWN], ids=lambda path: path.stem)
def test_does_compare_say_the_same(path):
    assert chipmix.compare(path).to_dict() == told("compare", path)


@pytest.mark.parametrize("path, option", [(LING, "D"), (DEEPSEEK, "report"), (OWN, "h200-own")])
def test_does_estimate_say_the_same(path, option):
    assert chipmix.estimate(path, option).to_dict() == told("estimate", path, "--option", option)


def test_does_estimate_with_events_say_the_same():
    answer = chipmix.estimate(DEEPSEEK, "report", engine="event")
    assert answer.to_dict() == told("estimate", DEEPSEEK, "--option", "report", "--engine", "event")


def without_seconds(plans: dict) -> dict:
    return {**plans, "search": {**plans["search"], "seconds": None}}


@pytest.mark.parametrize("words, keywords", [
    ([], {}),
    (["--objective", "cost", "--deadline", "40", "--diverse"],
     {"objective": "cost", "deadline_days": 40, "diverse": True}),
    (["--budget", "12e6 CNY"], {"budget": "12e6 CNY"}),
])
def test_does_plan_say_the_same(words, keywords):
    plans = chipmix.plan(LING, "D", top=4, **keywords)
    assert without_seconds(plans.to_dict()) == without_seconds(told("plan", LING, "--option", "D", "--top", "4", *words))


def test_does_procure_say_the_same(tmp_path):
    path = tmp_path / "two_kinds.json"
    path.write_text(two_kinds().text)
    assert chipmix.procure(path).to_dict() == told("procure", path)


def test_does_validate_say_the_same():
    assert chipmix.validate(intervals=False).to_dict() == told("validate", "--no-intervals")


@pytest.mark.parametrize("kind", ["devices", "models", "links", "stacks", "nodes", "fabrics"])
def test_does_the_catalogue_say_the_same(kind):
    ask = getattr(chipmix, kind)
    assert ask().to_dict() == told(kind)
    name = ask().rows[0]["id"]
    assert ask(name).to_dict() == told(kind, name)


def test_do_prices_say_the_same():
    assert chipmix.prices().to_dict() == told("prices") and len(chipmix.prices()) > 50
    assert chipmix.prices("h100").to_dict() == told("prices", "h100")


@pytest.mark.parametrize("ending", ["html", "md", "xlsx"])
def test_is_a_report_the_same(ending, tmp_path):
    ours, theirs = tmp_path / f"a.{ending}", tmp_path / f"b.{ending}"
    path = write(tmp_path / "s.json", small(options__0__plan=FIXED))
    chipmix.report(path, ours)
    assert program("report", path, "--output", theirs, "--quiet").returncode == 0
    assert ours.read_bytes() == theirs.read_bytes()


@pytest.mark.parametrize("option", [None, "all"])
def test_are_cost_rows_the_same(option, tmp_path):
    ours, theirs = tmp_path / "a.csv", tmp_path / "b.csv"
    path = write(tmp_path / "s.json", small(options__0__plan=FIXED, start="2027-01-15"))
    chipmix.report(path, ours, option=option)
    words = ("--option", option) if option else ()
    assert program("report", path, "--output", theirs, "--quiet", *words).returncode == 0
    assert ours.read_bytes() == theirs.read_bytes()


def test_are_changes_those_of_set():
    changed = chipmix.load_scenario(LING).with_({"options.D.rent.value": "30 CNY/h"}, job__tokens="2T")
    answer = chipmix.estimate(changed, "D")
    assert answer.to_dict() == told("estimate", LING, "--option", "D", "--set", "options.D.rent.value=30 CNY/h",
                                    "--set", "job.tokens=2T")


@pytest.mark.parametrize("format", ["table", "markdown", "csv"])
def test_are_the_texts_the_same(format):
    run = program("estimate", DEEPSEEK, "--option", "report", "--format", format)
    ours = chipmix.estimate(DEEPSEEK, "report").to_text(format)
    assert ours == run.stdout


IMAGINARY = ROOT / "notebooks" / "data" / "imaginary_accelerator.json"


def test_does_calibrate_say_the_same_and_save_what_the_program_writes(tmp_path):
    found = chipmix.calibrate(IMAGINARY, device="h100-sxm5-80gb")
    assert found and found.to_dict() == told("calibrate", IMAGINARY, "--device", "h100-sxm5-80gb")
    assert program("calibrate", IMAGINARY, "--device", "h100-sxm5-80gb", "--profiles", tmp_path / "a").returncode == 0
    for path in found.save(tmp_path / "b"):
        assert path.read_text() == (tmp_path / "a" / path.relative_to(tmp_path / "b")).read_text()
    assert len(found.to_pandas()) == len(found.figures) == len(found.ledger)


def test_are_faults_of_calibrate_named(tmp_path):
    with pytest.raises(ValueError, match="h100"):
        chipmix.calibrate(IMAGINARY, device="h100-sxm5-8gb")
    with pytest.raises(TypeError, match="device= or stack="):
        chipmix.calibrate(IMAGINARY)
    with pytest.raises(chipmix.InputError) as caught:
        chipmix.calibrate([write(tmp_path / "a.csv", "m,n,k,seconds\n1,2,3,-1\n")], device="h100-sxm5-80gb")
    assert caught.value.diagnostics


def test_does_calibrate_say_the_same_of_a_training_log(tmp_path):
    scenario = write(tmp_path / "s.json", scenario_of(option("a", tensor=4), option("b", tensor=8)))
    log = write(tmp_path / "a.log", training_log(1.9, peak_mb=40000, tensor_model_parallel_size=4))
    found = chipmix.calibrate(log, stack=STACK, scenario=scenario, option="a")
    words = ("calibrate", log, "--stack", STACK, "--scenario", scenario, "--option", "a")
    assert not found and found.to_dict() == told(*words)
    assert found.to_dict()["logs"][0]["peak_bytes"] == 40000 * 2**20
    with pytest.raises(chipmix.InputError, match="tensor_model_parallel_size is 4"):
        chipmix.calibrate(log, stack=STACK, scenario=scenario, option="b")
    with pytest.raises(TypeError, match="fit a stack="):
        chipmix.calibrate(log, device="h100-sxm5-80gb", scenario=scenario)
    with pytest.raises(TypeError, match="option: takes a name, not int"):
        chipmix.calibrate(log, stack=STACK, scenario=scenario, option=[3])


def test_does_calibrate_say_the_same_of_a_table_that_needs_words(tmp_path):
    rows = "".join(f"{m},{n},{n},bfloat16,{2 * m * n * n / 700e12 * 1e3 + 0.006}\n" for n in (2048, 4096, 8192)
                   for m in (1024, 4096))
    table = write(tmp_path / "t.csv", rows + "64,64,64,int4,1\n")
    words = ("--header", "m,n,k,format,latency", "--column", "format=dtype", "--column", "latency=time_ms",
             "--rows", "format=bfloat16", "--rows", "n=k")
    found = chipmix.calibrate(table, device="h100-sxm5-80gb", header="m,n,k,format,latency",
                              columns={"format": "dtype", "latency": "time_ms"}, rows={"format": "bfloat16", "n": "k"})
    assert found.to_dict() == told("calibrate", table, "--device", "h100-sxm5-80gb", *words)
    assert found.to_dict()["measured"]["samples"] == 6
    with pytest.raises(TypeError, match="columns: takes names and values as text"):
        chipmix.calibrate(table, device="h100-sxm5-80gb", columns={"format": 3})
    with pytest.raises(TypeError, match="which fit a device="):
        chipmix.calibrate(table, stack=STACK, values={"dtype": "fp16"})
