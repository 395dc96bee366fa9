"""Are scenarios built and edited in Python as files are, and is what is wrong told with its place and a hint?"""

import pickle

import numpy
import pytest

import chipmix
from conftest import ROOT, fixed
from program import small

LING = ROOT / "scenarios" / "ling_plus.json"


def test_is_a_scenario_of_a_dictionary_that_of_its_file(tmp_path):
    loaded = chipmix.load_scenario(LING)
    built = chipmix.Scenario(loaded.to_dict())
    assert built == loaded and built.options == ["A", "B", "C", "D", "E", "fleet"]
    assert (built.name, built.currency, built.baseline) == (loaded.name, "CNY", "D")


def test_does_with_leave_the_original_alone():
    first = chipmix.Scenario(small())
    second = first.with_({"options.a.cluster.devices": 128}, job__tokens="2T")
    assert second == chipmix.Scenario(small(options__0__cluster__devices=128, job__tokens="2T"))
    assert first == chipmix.Scenario(small()) != second
    assert first.with_() == first


def test_are_values_of_every_plain_kind_taken():
    scenario = chipmix.Scenario(small())
    for value in (numpy.int64(128), 128.0, 128):
        assert scenario.with_({"options.a.cluster.devices": value}).to_dict()["options"][0]["cluster"]["devices"] == 128
    plan = scenario.with_({"options.a.plan": {"tensor": numpy.int32(2)}}).to_dict()["options"][0]["plan"]
    assert plan == {"tensor": 2}


def test_is_text_that_looks_like_a_number_kept_as_text():
    with pytest.raises(chipmix.InputError, match="expected a whole number, found text"):
        chipmix.Scenario(small()).with_({"options.a.cluster.devices": "128"})


def test_are_relative_models_found_after_edits_and_pickles(tmp_path):
    (tmp_path / "mine.json").write_text((ROOT / "models" / "llama-3.1-8b.json").read_text())
    scenario = chipmix.Scenario(small(job__model="mine.json"), folder=tmp_path)
    assert pickle.loads(pickle.dumps(scenario.with_(job__tokens="2T"))).to_dict()["job"]["model"] == "mine.json"


FAULTS = {
    "job.tokenz": (1, "unknown key 'tokenz'", "did you mean 'tokens'?"),
    "options.b.rent.value": ("1 USD/h", "there is no 'b' in 'options'", "one of: a"),
    "optoins.a.rent": ("1 USD/h", "there is no 'optoins' in the file", "did you mean 'options'?"),
    "options.a.cluster.devices": (-1, "'devices' must be between 1 and 16777216, found -1", ""),
    "job.model": ("llama-3.1-8", "", "did you mean 'llama-3.1-8b'?"),
    "options.a.rent.value": ("2 USB/h", "", ""),
}


@pytest.mark.parametrize("path", FAULTS)
def test_is_a_wrong_change_told_with_a_hint(path):
    value, message, hint = FAULTS[path]
    with pytest.raises(chipmix.InputError) as raised:
        chipmix.Scenario(small()).with_({path: value})
    fault = raised.value.diagnostics[0]
    assert message in fault.message and hint in fault.hint
    assert path in fault.file and fault.line > 0 and fault.column > 0
    assert "^" in str(raised.value)


def test_are_all_faults_of_a_file_told_at_once_and_pickled(tmp_path):
    path = tmp_path / "s.json"
    path.write_text('{"name": "x", "currency": "USD", "jobb": {}, "options": [{"name": 3}]}')
    with pytest.raises(chipmix.InputError) as raised:
        chipmix.load_scenario(path)
    error = raised.value
    assert len(error.diagnostics) >= 3 and {fault.file for fault in error.diagnostics} == {str(path)}
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.diagnostics) == (str(error), error.diagnostics)


def test_is_a_missing_file_told():
    with pytest.raises(chipmix.FileError, match="nowhere.json"):
        chipmix.load_scenario("nowhere.json")
    assert issubclass(chipmix.FileError, OSError) and issubclass(chipmix.InputError, ValueError)


WRONG = [
    (lambda: chipmix.Scenario(3), TypeError, "content"),
    (lambda: chipmix.Scenario({"name": {1, 2}}), TypeError, "content"),
    (lambda: chipmix.Scenario({"name": float("nan")}), ValueError, "content"),
    (lambda: chipmix.Scenario(small()).with_(["job.tokens"]), TypeError, "changes"),
    (lambda: chipmix.Scenario(small()).with_({3: 4}), TypeError, "changes"),
    (lambda: chipmix.Scenario(small()).with_({"job.tokens": object()}), TypeError, "job.tokens"),
    (lambda: chipmix.estimate(3), TypeError, "scenario"),
    (lambda: chipmix.estimate(LING), TypeError, "option: is missing; one of: A, B, C, D, E, fleet"),
    (lambda: chipmix.estimate(LING, "d"), ValueError, "did you mean 'D'"),
    (lambda: chipmix.estimate(LING, 4), TypeError, "option"),
    (lambda: chipmix.estimate(fixed(), engine="evnt"), ValueError, "engine.*did you mean 'event'"),
    (lambda: chipmix.estimate(fixed(), engin="event"), TypeError, "engin"),
    (lambda: chipmix.estimate(fixed(), jobs="2"), TypeError, "jobs"),
    (lambda: chipmix.estimate(fixed(), jobs=-1), ValueError, "jobs"),
    (lambda: chipmix.estimate(fixed(), plan=7), TypeError, "plan"),
    (lambda: chipmix.estimate(fixed(), plan="nowhere.json"), chipmix.FileError, "nowhere.json"),
    (lambda: chipmix.plan(fixed(), top=0), ValueError, "top"),
    (lambda: chipmix.plan(fixed(), objective="price"), ValueError, "objective"),
    (lambda: chipmix.plan(fixed(), deadline_days=-4), ValueError, "deadline_days"),
    (lambda: chipmix.plan(fixed(), budget=5), TypeError, "budget"),
    (lambda: chipmix.plan(fixed(), budget="5 apples"), ValueError, "budget"),
    (lambda: chipmix.plan(fixed(), budget="5 JPY"), ValueError, "budget"),
    (lambda: chipmix.plan(LING, "fleet"), ValueError, "option"),
    (lambda: chipmix.plan(fixed(), objective="energy"), ValueError, "objective"),
    (lambda: chipmix.procure(fixed()), ValueError, "procurement"),
    (lambda: chipmix.report(fixed(), "a.docx"), ValueError, "path"),
    (lambda: chipmix.report(fixed(), 3), TypeError, "path"),
    (lambda: chipmix.load_scenario(3), TypeError, "path"),
    (lambda: chipmix.Scenario(small(), folder=3), TypeError, "folder"),
    (lambda: chipmix.Scenario(small(), file=None), TypeError, "file"),
    (lambda: chipmix.Scenario(small()).with_(name="\ud800"), ValueError, "name"),
    (lambda: chipmix.sweep(fixed(), {}, store=3), TypeError, "store"),
    (lambda: chipmix.sweep(fixed(), {}, engine=3), ValueError, "engine"),
    (lambda: chipmix.sweep(fixed(), {}, options=3), TypeError, "options"),
    (lambda: chipmix.estimate(fixed(), jobs=10**20), ValueError, "jobs"),
    (lambda: chipmix.report(fixed(), "a.csv"), ValueError, "start"),
    (lambda: chipmix.report(fixed(), "a.md", option="A"), ValueError, "option"),
    (lambda: chipmix.report(fixed(), "a.csv", option=3), TypeError, "option"),
    (lambda: chipmix.report(fixed(), "nowhere/a.md"), chipmix.FileError, "nowhere"),
    (lambda: chipmix.validate(3), TypeError, "cases"),
    (lambda: chipmix.devices("h1000"), chipmix.InputError, "h100"),
    (lambda: chipmix.devices(3), TypeError, "id"),
]


@pytest.mark.parametrize("call, error, words", WRONG)
def test_is_a_wrong_argument_named(call, error, words):
    with pytest.raises(error, match=words):
        call()
