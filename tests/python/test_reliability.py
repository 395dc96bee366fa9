"""Interrupted runs on the command line: the goodput in answers, faults of what is said about failures."""

import json

import pytest

from program import ANSWER, BAD_INPUT, chipmix, small


def figure(value) -> dict:
    return {"value": value, "grade": "assumed", "source": "a test"}


USUAL = {"device_mtbf": figure("8900 h"), "recovery": figure("30 min"), "blocking": figure("2 min")}


def said(reliability, option=None) -> dict:
    content = small()
    content["reliability"] = reliability
    if option is not None:
        content["options"][0]["reliability"] = option
    return content


def asked(path) -> dict:
    run = chipmix("estimate", path, "--option", "a", "--format", "json")
    assert (run.returncode, run.stderr) == (ANSWER, ""), run
    return json.loads(run.stdout)


def test_do_the_parts_of_goodput_add_up_to_the_days(scenario):
    calm, now = asked(scenario(small())), asked(scenario(said(USUAL)))
    parts = now["goodput"]
    lost = parts["checkpoints_s"] + parts["lost_work_s"] + parts["recovery_s"]
    assert now["days"] * 86400 == pytest.approx(calm["days"] * 86400 + lost)
    assert parts["share"] == pytest.approx(calm["days"] / now["days"])
    assert calm["goodput"] is None


def test_does_an_option_say_its_own(scenario):
    often = {**USUAL, "device_mtbf": figure("100 h")}
    shared, own = asked(scenario(said(USUAL))), asked(scenario(said(USUAL, often)))
    assert own["goodput"]["share"] < shared["goodput"]["share"]
    assert own["goodput"]["mtbf_s"] == pytest.approx(shared["goodput"]["mtbf_s"] / 89)


def test_does_the_page_say_whether_failures_are_in_it(scenario):
    text = " ".join(chipmix("compare", scenario(said(USUAL)), "--details").stdout.split())
    assert "how often the run is interrupted" in text and "no real run reaches them" not in text
    assert "no real run reaches them" in " ".join(chipmix("compare", scenario(small()), "--details").stdout.split())  # practice: ideal


FAULTS = {
    "a device that never works": ({**USUAL, "device_mtbf": figure("0 h")}, "must be more than 0"),
    "recovery before the failure": ({**USUAL, "recovery": figure("-1 s")}, "must be at least 0"),
    "a checkpoint of unknown length": ({key: USUAL[key] for key in ("device_mtbf", "recovery")},
                                       "neither 'storage' nor 'blocking'"),
    "more spares than devices": ({**USUAL, "spares": 2}, "'spares' must be between 0 and 1"),
    "a figure without a source": ({**USUAL, "recovery": {"value": "1 h", "grade": "assumed"}}, "missing key 'source'"),
    "a job that shrinks and waits": ({**USUAL, "repair": figure("1 h"), "replacement": figure("1 h")},
                                     "both 'repair' and 'replacement'"),
    "spot devices that are never taken": ({**USUAL, "spot": {"mtbf": figure("0 h"), "away": figure("1 h")}},
                                          "must be more than 0"),
    "an unknown word": ({**USUAL, "mtbf": 3}, "unknown key 'mtbf'"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_is_a_fault_told_at_its_place(scenario, name):
    reliability, message = FAULTS[name]
    run = chipmix("compare", scenario(said(reliability)))
    assert run.returncode == BAD_INPUT and message in run.stderr and "^" in run.stderr, run


def test_are_all_faults_told_at_once(scenario):
    wrong = {**USUAL, "replacement": figure("-1 h"), "reading": figure("0 B/s"), "spares": 2,
             "spot": {"mtbf": figure("0 h"), "away": figure("-1 h")}}
    run = chipmix("compare", scenario(said(wrong)))
    assert run.returncode == BAD_INPUT and run.stderr.count("must be") == 5, run


def owned(utilisation=0.8) -> dict:
    return {"device": figure("28000 USD"), "server": figure(1.4), "network": figure(0.2), "life": figure(5),
            "residual": figure(0.1), "discount": figure(0.08), "utilisation": figure(utilisation), "installation": figure(0)}


def test_owned_devices_are_not_taken_away(scenario):
    spot = {**USUAL, "spot": {"mtbf": figure("24 h"), "away": figure("3 h")}}
    content = said(spot)
    del content["options"][0]["rent"]
    content["options"][0]["own"] = owned()
    run = chipmix("compare", scenario(content))
    assert run.returncode == BAD_INPUT and "'own' with 'spot' in its reliability" in run.stderr and "^" in run.stderr, run
    content["options"][0]["reliability"] = USUAL
    assert chipmix("compare", scenario(content)).returncode == ANSWER


RANGES = {"device_mtbf": ("8900 h", "2000 h", "20000 h"), "recovery": ("30 min", "5 min", "2 h"),
          "blocking": ("2 min", "20 s", "8 min"), "storage": ("2 GB/s", "1 GB/s", "8 GB/s"),
          "node_mtbf": ("5000 h", "1000 h", "20000 h"), "repair": ("10 h", "1 h", "40 h")}


@pytest.mark.parametrize("key", RANGES)
def test_the_range_of_every_figure_moves_the_days(scenario, key):
    value, low, high = RANGES[key]
    other = {**USUAL, key: figure(value)}
    if key == "storage":  # how long a checkpoint is written, and read again
        other |= {"recovery": figure("1 s")}

    def width(reliability):
        content = said(reliability)
        content["options"][0] |= {"mfu": 0.4}  # the steady rate is known: interruptions alone are not
        one = asked(scenario(content))
        return one["days_p90"] / one["days_p10"]

    assert width({**other, key: figure(value) | {"low": low, "high": high}}) > width(other) + 1e-4


def test_the_break_even_use_counts_the_owners_electricity(scenario):
    """At the use that is named, an hour of the owned device costs what renting it does, power included."""
    import re

    electricity = {"pue": figure(1.2), "load": figure(0.8)}

    def content(utilisation):
        base = small() | {"electricity": electricity}
        option = base["options"][0]
        base["options"] = [option, {key: value for key, value in option.items() if key != "rent"} |
                           {"name": "b", "own": owned(utilisation), "tariff": figure("0.3 USD/kWh")}]
        return scenario(base)

    text = " ".join(chipmix("compare", content(0.8), "--details").stdout.split())
    tie = float(re.search(r"an hour of b costs what a does with ([\d.]+) % of its hours in use", text).group(1)) / 100
    options = json.loads(chipmix("compare", content(tie), "--format", "json").stdout)["options"]
    rented, own = (option["cost"]["total"] for option in options)
    assert own == pytest.approx(rented, rel=0.01)
