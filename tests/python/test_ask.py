"""ask: one line makes a scenario, answers it, and says what it assumed."""

import json
import os
import pathlib
import re
import subprocess

import pytest

PROGRAM = os.environ.get("CHIPMIX_PROGRAM", "build/bin/chipmix")
SMALL = ["llama-3.1-8b", "20B", "16xH100@2.5USD/h", "16xA100@1.3USD/h"]


def run(*words, columns=None, expect=0, cwd=None):
    environment = {**os.environ, **({"COLUMNS": str(columns)} if columns else {})}
    done = subprocess.run([PROGRAM, *words], capture_output=True, text=True, env=environment, cwd=cwd, timeout=300)
    assert done.returncode == expect, done.stderr + done.stdout
    return done


def answer(*words):
    return json.loads(run("ask", *words, "--format", "json").stdout)


def test_cheapest_first_with_interval_and_assumptions():
    text = run("ask", *SMALL).stdout
    rows = [line for line in text.splitlines() if re.match(r"16 (H100|A100) ", line)]
    rows = [re.split(r"  +", row) for row in rows if "  " in row]
    costs = [float(row[1].replace(",", "")) for row in rows[:2]]
    assert costs == sorted(costs)
    assert "P10 to P90" in text and "Assumed, because not stated" in text
    for taken in ("sequence_length", "4,096", "global_batch", "fabric", "practice", "typical"):
        assert taken in text


def test_answer_is_that_of_the_saved_scenario(tmp_path):
    saved = tmp_path / "q.json"
    run("ask", *SMALL, "--save", str(saved))
    asked, compared = answer(*SMALL), json.loads(run("compare", str(saved), "--format", "json").stdout)
    assert [o["cost"] for o in asked["options"]] == [o["cost"] for o in compared["options"]]
    marks = json.loads(saved.read_text())["defaults"]
    assert {mark["grade"] for mark in marks} == {"default"}
    assert all(mark["reason"] for mark in marks)
    keys = {mark["key"] for mark in marks}
    assert {"/job/global_batch", "/options/0/cluster/fabric", "/options/1/cluster/stack"} <= keys
    assert compared["defaults"] == marks


def test_a_changed_value_is_no_default_any_more(tmp_path):
    saved = tmp_path / "q.json"
    run("ask", *SMALL, "--save", str(saved))
    scenario = json.loads(saved.read_text())
    scenario["job"]["global_batch"] = 512
    saved.write_text(json.dumps(scenario))
    left = json.loads(run("compare", str(saved), "--format", "json").stdout)["defaults"]
    assert "/job/global_batch" not in {mark["key"] for mark in left}
    assert "/job/sequence_length" in {mark["key"] for mark in left}


def test_stages_deadline_and_a_mix_that_takes_the_stated_prices(tmp_path):
    saved = tmp_path / "q.json"
    data = json.loads(run("ask", "qwen3-8b", "100B@4K+5B@32K", "64xH800@14CNY/h", "64x910B2@7CNY/h", "64xH800+64x910B2",
                          "--within", "30d", "--save", str(saved), "--format", "json").stdout)
    scenario = json.loads(saved.read_text())
    assert scenario["currency"] == "CNY"
    assert [s["sequence_length"] for s in scenario["job"]["stages"]] == [4096, 32768]
    islands = scenario["options"][2]["mix"]["islands"]
    assert [i["rent"] for i in islands] == ["14 CNY/h", "7 CNY/h"]
    assert scenario["options"][2]["mix"]["links"][0]["link"] == "rdma-mixed-200"
    mix = data["options"][2]
    assert mix["feasible"] and mix["devices"] == 128
    assert mix["deadline"] is not None


def test_signs_cases_and_hub_names():
    data = answer("Qwen/Qwen3-8B-Base", "20B", "16xH100@$2.50", "16xh100@2.5USD/h")
    costs = {round(o["cost"]["total"], 6) for o in data["options"]}
    assert len(costs) == 1 and data["currency"] == "USD"


def test_every_fault_of_the_words_at_once():
    done = run("ask", "llama-3.1-8c", "5X", "1024xH80@14CNY/h", "16xH100@cheap", "8xH100@2JPX/h", expect=3)
    for words in ("'2JPX/h' is not a price", "unknown model 'llama-3.1-8c'", "'5X' is not a number of tokens", "unknown device 'H80'",
                  "'cheap' is not a price"):
        assert words in done.stderr
    places = [int(m) for m in re.findall(r"question:1:(\d+)", done.stderr)]
    line = "llama-3.1-8c 5X 1024xH80@14CNY/h 16xH100@cheap 8xH100@2JPX/h"
    assert places == [1, line.index("5X") + 1, line.index("H80") + 1, line.index("cheap") + 1,
                      line.index("2JPX") + 1]
    assert done.stdout == ""


@pytest.mark.parametrize("words, missing", [(["16xH100"], "no model"), (["llama-3.1-8b"], "no number of tokens"),
                                            (["llama-3.1-8b", "2T"], "no devices to train on")])
def test_what_is_missing_is_named(words, missing):
    assert missing in run("ask", *words, expect=3).stderr


def test_config_file_and_report(tmp_path):
    config = pathlib.Path(__file__).parents[2] / "models" / "llama-3.1-8b.json"
    (tmp_path / "config.json").write_text(config.read_text())
    run("ask", "./config.json", "20B", "16xH100@2.5USD/h", "--save", "q.json", "-o", "answer.html",
        cwd=tmp_path)
    assert "<html" in (tmp_path / "answer.html").read_text()
    run("compare", "q.json", cwd=tmp_path)


def test_scenario_of_eight_words():
    """A scenario may leave out what has a default, and state a figure plainly."""
    scenario = {"job": {"model": "Llama 3.1 8B", "tokens": "20B"},
                "options": [{"cluster": {"device": "H100", "devices": 16}, "rent": "2.5 USD/h"}]}
    import tempfile
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "s.json"
        path.write_text(json.dumps(scenario))
        data = json.loads(run("compare", str(path), "--format", "json").stdout)
    assert data["options"][0]["name"] == "16xH100"
    assert data["options"][0]["cost"]["total"] == pytest.approx(
        answer("llama-3.1-8b", "20B", "16xH100@2.5USD/h")["options"][0]["cost"]["total"])


def test_partly_filled_racks(tmp_path):
    """256 GB200 run as 64 of each 72; 252 in full racks and 100 cannot be shared equally."""
    data = answer("llama-3.1-8b", "20B", "256xGB200@3USD/h")
    assert data["options"][0]["feasible"] and data["options"][0]["devices"] == 256
    done = run("ask", "llama-3.1-8b", "20B", "1021xH100@3USD/h", expect=3)
    assert "1016 and 1024" in done.stderr


@pytest.mark.parametrize("columns", [80, 140])
def test_fits_the_terminal(columns):
    text = run("ask", *SMALL, "--within", "30d", "--budget", "3M USD", columns=columns).stdout
    assert max(len(line) for line in text.splitlines()) <= 180


def test_new_asks_again_after_a_fault_and_answers_like_ask(tmp_path):
    saved = tmp_path / "s.json"
    words = "\n".join(["llama-9", "llama-3.1-8b", "20B", "16xH100@2.5USD/h", "16xA100@1.3USD/h", "", "30d", "", str(saved)])
    done = subprocess.run([PROGRAM, "new"], input=words + "\n", capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "unknown model 'llama-9'" in done.stderr
    assert json.loads(saved.read_text())["job"]["deadline"] == "30 d"
    asked = run("ask", *SMALL, "--within", "30d").stdout
    assert done.stdout == asked


def test_new_refuses_input_that_ends(tmp_path):
    done = subprocess.run([PROGRAM, "new"], input="llama-3.1-8b\n", capture_output=True, text=True, timeout=60)
    assert done.returncode == 2 and "ended before" in done.stderr


def test_a_device_like_another(tmp_path):
    """A new chip says what differs; the rest is its relative's, graded scaled."""
    profile = {"id": "newchip", "name": "New chip", "vendor": "Maker", "year": 2026, "like": "ascend-910b2",
               "peak": {"bf16": "500 TFLOP/s"}, "memory": "96 GiB"}
    (tmp_path / "devices").mkdir()
    (tmp_path / "devices" / "newchip.json").write_text(json.dumps(profile))
    scenario = {"job": {"model": "llama-3.1-8b", "tokens": "20B"},
                "options": [{"cluster": {"device": d, "devices": 64}, "rent": "1 USD/h"} for d in ("newchip", "910B2")]}
    (tmp_path / "s.json").write_text(json.dumps(scenario))
    new, old = json.loads(run("compare", str(tmp_path / "s.json"), "--format", "json").stdout)["options"]
    assert new["days"] < old["days"]
    run("check", str(tmp_path / "devices" / "newchip.json"))
    profile["like"] = "ascend-910x"
    (tmp_path / "devices" / "newchip.json").write_text(json.dumps(profile))
    assert "unknown device 'ascend-910x'" in run("check", str(tmp_path / "devices" / "newchip.json"), expect=3).stderr


def test_a_chip_of_eight_lines_is_asked_about_like_any_other(tmp_path):
    """The example of docs/asking.md, word by word, in the folder where one asks."""
    page = (pathlib.Path(__file__).parents[2] / "docs" / "asking.md").read_text()
    profile = re.search(r"^    (\{\n(?:    .*\n)*?    \})$", page, re.M).group(1).replace("\n    ", "\n")
    assert len(profile.splitlines()) <= 8
    words = re.search(r"chipmix ask (.*newchip.*)", page).group(1).split()
    (tmp_path / "devices").mkdir()
    (tmp_path / "devices" / "newchip.json").write_text(profile)
    program = str(pathlib.Path(PROGRAM).resolve())
    done = subprocess.run([program, "ask", *words, "--format", "json"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    new, old = json.loads(done.stdout)["options"]
    assert new["days"] < old["days"] and new["evidence"] in ("scaled", "assumed")
    assert subprocess.run([program, "check", "devices/newchip.json"], cwd=tmp_path).returncode == 0


def test_every_answer_lists_what_was_taken(tmp_path):
    saved = tmp_path / "q.json"
    run("ask", *SMALL, "--save", str(saved))
    name = json.loads(saved.read_text())["options"][0]["name"]
    for words in (["estimate", str(saved), "--option", name], ["plan", str(saved), "--option", name],
                  ["compare", str(saved), "--details"]):
        assert "Assumed, because not stated" in run(*words).stdout
    run("report", str(saved), "-o", str(tmp_path / "r.md"))
    assert "Assumed, because not stated" in (tmp_path / "r.md").read_text()


def test_confidence_counts_those_in_time_and_a_cheaper_way_in_time_is_named():
    late, dear = "32xH100@2USD/h", "64xH100@4USD/h"
    words = ["llama-3.1-8b", "200B", late, dear]
    days = {option["name"]: option["days"] for option in answer(*words)["options"]}
    within = (days["32xh100"] + days["64xh100"]) / 2
    said = answer(*words, "--within", f"{within:.2f}d")
    of = {option["name"]: option for option in said["options"]}
    assert not of["32xh100"]["deadline"]["met"] and of["64xh100"]["deadline"]["met"]
    free = {option["name"]: option["surety"]["cheapest"] for option in answer(*words)["options"]}
    held = {name: option["surety"]["cheapest"] for name, option in of.items()}
    assert free["32xh100"] > 0.99 and held["64xh100"] > 0.5  # dearer in nearly every world, but mostly in time
    assert sum(held.values()) == pytest.approx(1)
    needed = of["32xh100"]["deadline"]["devices_needed"]
    assert "Cheaper and in time: 32 H100 grown to" in said["recommendation"]
    assert needed["cost"] < of["64xh100"]["cost"]["total"]


def test_an_option_that_has_no_price_is_not_compared_and_that_is_said():
    text = " ".join(run("ask", "llama-3.1-8b", "20B", "16xH100@2USD/h", "16xascend-910c").stdout.split())
    assert "No price for 16 ascend-910c: it is not compared, and nothing else was." in text


@pytest.mark.parametrize("words, hint", [
    (["70b", "1T", "64xH100"], "one of: apertus-70b, llama-2-70b, llama-3.1-70b"),
    (["llama-3.1-70b", "1T", "64H100"], "write 64xH100"),
    (["llama-3.1-70b", "1T", "H100x64"], "write 64xH100"),
    (["llama-3.1-70b", "1T", "64", "H100"], "write 64xH100"),
    (["llama-3.1-70b", "1T", "64xH100", "--within", "90"], "for example 60d, 12w, 3months or 2027-03-31"),
    (["llama-3.1-70b", "1T", "64xH100", "--within", "2027-03-31"], "--start 2027-01-01"),
])
def test_a_word_that_is_almost_right_says_what_to_write(words, hint):
    assert hint in run("ask", *words, expect=3).stderr


def test_an_option_by_another_name_is_found_by_what_it_does():
    assert "did you mean '--within'?" in run("ask", *SMALL, "--deadline", "60d", expect=2).stderr


@pytest.mark.parametrize("written, read", [("60d", "60 d"), ("12w", "84 d"), ("3months", "91.3125 d"), ("48 h", "48 h")])
def test_a_deadline_in_weeks_and_months(written, read, tmp_path):
    saved = tmp_path / "q.json"
    run("ask", *SMALL, "--within", written, "--save", str(saved))
    assert json.loads(saved.read_text())["job"]["deadline"] == read


@pytest.mark.parametrize("price", ["2.1RMB/h", "2.1 yuan/h", "\u00a52.1", "2.1\uffe5/h", "2.1CNY/h"])
def test_prices_in_yuan_however_written(price, tmp_path):
    saved = tmp_path / "q.json"
    run("ask", "llama-3.1-8b", "20B", f"16xH100@{price}", "--save", str(saved))
    assert json.loads(saved.read_text())["options"][0]["rent"] == "2.1 CNY/h"
