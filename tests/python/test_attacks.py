"""Are attacks on inputs and surroundings answered: files that are none, streams that are closed, text that steers?"""

import itertools
import json
import os
import random
import subprocess
from pathlib import Path

import pytest

from program import ANSWER, BAD_FILE, BAD_INPUT, NO_ANSWER, PROGRAM, RENT, ROOT, SMALL, USAGE, chipmix, small, write

ESCAPES = "\x1b[31mred\x1b]0;pwn\x07 \u202etfel\u202c \u2066x\u2069 \u200f"
STEERING = ["\x1b", "\x07", "\u202e", "\u202c", "\u2066", "\u2069", "\u200f"]
EVERY_CODE = {ANSWER, NO_ANSWER, USAGE, BAD_INPUT, BAD_FILE}
DEVICES = sorted(path.stem for path in (ROOT / "hardware_profiles" / "devices").glob("*.json"))


def shell(line, cwd, **options):
    return subprocess.run(["bash", "-c", line], cwd=cwd, capture_output=True, timeout=120, **options)


def option(name, device, **fields):
    cluster = {"device": device, "devices": 64, "fabric": "rail-optimised-non-blocking"}
    return {"name": name, "cluster": cluster, "rent": RENT, **fields}


# --- figures that are missing


@pytest.mark.parametrize("dtype", ["int8", "fp32", "tf32", "fp16", "bf16", "fp8"])
def test_a_missing_rate_refuses_its_option_alone(scenario, dtype):
    path = scenario(small(job__dtype=dtype, options=[option(f"o{i}", device) for i, device in enumerate(DEVICES)]))
    done = chipmix("compare", path, "--format", "json")
    assert done.returncode in (ANSWER, NO_ANSWER), done.stderr
    for one, device in zip(json.loads(done.stdout)["options"], DEVICES):
        profile = json.loads((ROOT / "hardware_profiles" / "devices" / f"{device}.json").read_text())
        has_rate = dtype in profile["peak"] and dtype in profile["efficiency"]["gemm"]
        assert (one.get("constraint") == "dtype") == (not has_rate), device
        if not has_rate:
            assert f"{dtype} rate" in one["reason"], device


# --- files and folders


@pytest.fixture
def strangers(tmp_path):
    """A folder of models with entries that are none."""
    models = tmp_path / "models"
    (models / "folder.json").mkdir(parents=True)
    (models / "dangling.json").symlink_to("nowhere.json")
    (models / "circle.json").symlink_to("circle.json")
    (models / "words.json").write_text("not a model, and nobody's business\n")
    (models / "list.json").write_text("[1, 2]")
    (models / os.fsdecode(b"latin\xe9.json")).write_text("{}")
    write(tmp_path / "s.json", SMALL)
    return tmp_path


def test_strangers_in_a_folder_are_passed_over_with_a_remark(strangers):
    done = chipmix("models", cwd=strangers)
    assert done.returncode == ANSWER and "llama-3.1-8b" in done.stdout
    assert "Passed over" in done.stdout and "words.json" in done.stdout and "list.json" in done.stdout
    assert "dangling" not in done.stdout and "circle" not in done.stdout and "folder " not in done.stdout


@pytest.mark.parametrize("name", ["folder", "dangling", "circle", "x" * 300, "x" * 5000, "a/" * 2000 + "b.json"])
def test_listing_and_look_up_agree_on_what_is_no_file(strangers, name):
    for words in (["models", name], ["compare", "s.json", "--set", f"job.model={name}"]):
        done = chipmix(*words, cwd=strangers)
        assert done.returncode == BAD_INPUT, done.stderr
        assert "no '" in done.stderr or "unknown model" in done.stderr


def test_no_line_is_shown_of_a_file_that_is_not_chipmix_s(strangers):
    (strangers / "secret.txt").write_text("root:x:0:0\n")
    for name in ("words", "./secret.txt"):
        done = chipmix("compare", "s.json", "--set", f"job.model={name}", cwd=strangers)
        assert done.returncode == BAD_INPUT
        assert "nobody" not in done.stderr and "root" not in done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="takes another user")
def is_open_to_others(path) -> bool:
    return all(os.stat(folder).st_mode & 0o001 for folder in Path(path).resolve().parents)


needs_open_program = pytest.mark.skipif(not is_open_to_others(PROGRAM), reason="the program is closed to other users")


@needs_open_program
def test_a_folder_without_permission_is_named(strangers):
    (strangers / "models").chmod(0)
    for folder in (strangers, strangers.parent, strangers.parent.parent):
        os.chmod(folder, 0o755)
    for words in (["models"], ["compare", "s.json"]):
        done = chipmix(*words, cwd=strangers, user=65534, group=65534, extra_groups=[])
        if "s.json: Permission denied" in done.stderr or PROGRAM in done.stderr:
            pytest.skip("the test's folder is closed to others")
        assert done.returncode == BAD_FILE, done.stderr
        assert "models" in done.stderr and "Permission denied" in done.stderr


def test_a_deleted_current_folder_is_no_fault(tmp_path):
    path = write(tmp_path / "s.json", SMALL)
    gone = tmp_path / "gone"
    for words in ("models", "devices", "prices", "schema", f"compare {path}", f"check {path}", "doctor"):
        gone.mkdir(exist_ok=True)
        done = shell(f"rmdir {gone}; exec {PROGRAM} {words}", gone)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("ending", ["xlsx", "pdf"])
def test_a_missing_folder_for_temporary_files_is_named(scenario, tmp_path, ending):
    out = tmp_path / f"r.{ending}"
    done = chipmix("report", scenario(), "-o", out, env={**os.environ, "TMPDIR": "/nonexistent/x"})
    if "needs Chromium" in done.stderr:
        pytest.skip("nothing prints here")
    assert done.returncode == BAD_FILE and "TMPDIR" in done.stderr and not out.exists()


def test_a_result_never_replaces_an_input(scenario, tmp_path):
    path = scenario()
    before = path.read_text()
    link = tmp_path / "link.json"
    link.symlink_to(path)
    for out in (path, link):
        for words in (["compare", path, "-o", out], ["estimate", path, "--option", "a", "-o", out],
                      ["check", path, "-o", out]):
            done = chipmix(*words)
            assert done.returncode == USAGE and "would overwrite" in done.stderr
    assert path.read_text() == before


def test_a_scenario_reads_what_stands_beside_it_or_is_allowed(tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    config = (ROOT / "models" / "llama-3.1-8b.json").read_text()
    for folder in (own, elsewhere):
        (folder / "config.json").write_text(config)
    (own / "link.json").symlink_to(elsewhere / "config.json")
    def asked(model, *words):
        return chipmix("check", write(own / "s.json", small(job__model=str(model))), *words)
    assert asked("./config.json").returncode == ANSWER
    for outside in (elsewhere / "config.json", "../elsewhere/config.json", "./link.json"):
        done = asked(outside)
        assert done.returncode == BAD_FILE and "--allow-path" in done.stderr
        assert asked(outside, "--allow-path", elsewhere).returncode == ANSWER


# --- streams, threads


@pytest.mark.parametrize("closed", ["2>&-", "2>/dev/full", "<&-"])
def test_a_closed_stream_changes_no_exit_code(scenario, tmp_path, closed):
    path = scenario()
    for words, code in ((f"compare {path}", ANSWER), ("compare nope.json", BAD_FILE), ("compare", USAGE),
                        (f"check {write(tmp_path / 'bad.json', '{')}", BAD_INPUT)):
        assert shell(f"{PROGRAM} {words} >/dev/null {closed}", tmp_path).returncode == code
    out = tmp_path / "out.json"
    assert shell(f"{PROGRAM} compare {path} -o {out} 0<&- 2>&- >&-", tmp_path).returncode == ANSWER
    json.loads(out.read_text())


def test_what_a_closed_stdout_does_not_take_is_a_fault(scenario, tmp_path):
    for closed in (">&-", ">/dev/full"):
        done = shell(f"{PROGRAM} compare {scenario()} {closed}", tmp_path)
        assert done.returncode == BAD_FILE and b"stdout" in done.stderr


def test_jobs_are_bounded(scenario):
    assert chipmix("compare", scenario(), "--jobs", "4096").returncode == ANSWER
    done = chipmix("compare", scenario(), "--jobs", "100000")
    assert done.returncode == USAGE and "4096" in done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="takes another user")
@needs_open_program
def test_threads_that_cannot_start_leave_the_work_to_the_others(scenario, tmp_path):
    path = scenario()
    for folder in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        os.chmod(folder, 0o755)
    whole = chipmix("compare", path, "--format", "json", "--jobs", "1").stdout
    done = shell(f"ulimit -u 1; exec setpriv --reuid=64321 --clear-groups {PROGRAM} compare {path} --format json "
                 "--jobs 8", tmp_path)
    if b"Permission denied" in done.stderr:
        pytest.skip("the program is closed to others")
    assert done.returncode == ANSWER, done.stderr
    assert done.stdout.decode() == whole


# --- text


def test_nothing_of_a_scenario_steers_a_terminal(scenario):
    odd = small(name=ESCAPES, description=ESCAPES, options__0__label=ESCAPES,
                options__0__rent={**RENT, "source": ESCAPES})
    for path, form in itertools.product([scenario(odd)], ["table", "markdown", "csv"]):
        for words in (["compare", path, "--details"], ["estimate", path, "--option", "a"]):
            words = words[:2] if form != "table" and words[0] == "compare" else words
            done = chipmix(*words, "--format", form)
            assert done.returncode == ANSWER, done.stderr
            assert not any(mark in done.stdout for mark in STEERING), form
    assert "\\u001B[31mred" in chipmix("compare", scenario(odd)).stdout
    faulty = chipmix("check", scenario({**odd, ESCAPES: 1}))
    assert faulty.returncode == BAD_INPUT and not any(mark in faulty.stderr for mark in STEERING)
    assert not any(mark in chipmix("compare", ESCAPES).stderr for mark in STEERING)


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t="])
def test_no_field_of_a_csv_is_a_formula(scenario, begin):
    label = begin + 'HYPERLINK("http://example.invalid","x")'
    path = scenario(small(options__0__label=label))
    done = chipmix("compare", path, "--format", "csv")
    assert "'" + label.replace('"', '""') in done.stdout
    assert f'"{label[0]}' not in done.stdout


def test_markdown_makes_no_link_and_no_html(scenario):
    done = chipmix("compare", scenario(small(name="![a](http://example.invalid/x.png) <img src=x>")), "--format",
                   "markdown")
    assert "![a](" not in done.stdout and "<img" not in done.stdout


# --- prices


def ranged(low, high, rates=()):
    rent = {"value": "2 USD/h", "low": low, "high": high, "grade": "assumed", "source": "x"}
    listed = [{"from": a, "to": b, "rate": rate, "date": "2025-03-01", "source": "r"} for a, b, rate in rates]
    return small(options__0__rent=rent, exchange_rates=listed)


def test_ends_of_a_range_are_compared_as_money(scenario):
    usd_cny = ("USD", "CNY", 7.2)
    right = chipmix("compare", scenario(ranged("10 CNY/h", "3 USD/h", [usd_cny])), "--format", "json")
    same = chipmix("compare", scenario(ranged(f"{10 / 7.2:.12f} USD/h", "3 USD/h", [usd_cny])), "--format", "json")
    assert right.returncode == same.returncode == ANSWER, right.stderr
    costs = [json.loads(done.stdout)["options"][0]["cost"] for done in (right, same)]
    assert costs[0]["p10"] == pytest.approx(costs[1]["p10"], rel=1e-6)
    upside_down = chipmix("check", scenario(ranged("1 USD/h", "10 CNY/h", [usd_cny])))
    assert upside_down.returncode == BAD_INPUT and "must hold the figure" in upside_down.stderr


def test_an_end_of_a_range_without_a_rate_is_a_fault(scenario):
    for words in ("check", "compare"):
        done = chipmix(words, scenario(ranged("2 XTS/h", "3 USD/h")))
        assert done.returncode == BAD_INPUT and "no rate between" in done.stderr and "low" in done.stderr


def test_rates_that_contradict_one_another_are_a_fault(scenario):
    good = [("USD", "CNY", 7.2), ("CNY", "JPY", 20.0), ("USD", "JPY", 144.0)]
    assert chipmix("check", scenario(ranged("1 USD/h", "3 USD/h", good))).returncode == ANSWER
    for last in (("USD", "JPY", 100.0), ("JPY", "USD", 0.02), ("CNY", "USD", 1.0), ("USD", "CNY", 8.0)):
        done = chipmix("check", scenario(ranged("1 USD/h", "3 USD/h", good[:2] + [last])))
        assert done.returncode == BAD_INPUT and "/rate" not in done.stdout, last


# --- impossible answers


def is_possible(answer):
    for one in answer["options"]:
        if not one["feasible"]:
            continue
        assert 0 < one["mfu"] <= 1
        assert 0 <= one["cost"]["total"] < float("inf")
        assert 0 < one["days_p10"] <= one["days"] <= one["days_p90"] < 4e6


@pytest.mark.parametrize("changes", [
    {"reliability": {"device_mtbf": "0.3 h", "recovery": "10 min", "storage": "2 TB/s"}},
    {"job__tokens": "1e30"},
    {"job__tokens": 1e-300},
    {"options__0__rent": "1e-310 USD/h"},
    {"options__0__rent": "1e300 USD/h"},
    {"options__0__cluster__devices": 8, "job__tokens": "9e17"},
])
def test_no_impossible_answer_leaves_with_exit_code_0(scenario, changes):
    done = chipmix("compare", scenario(small(**changes)), "--format", "json")
    assert done.returncode in EVERY_CODE, done.stderr
    if done.returncode in (ANSWER, NO_ANSWER):
        answer = json.loads(done.stdout, parse_constant=lambda word: pytest.fail(word))
        is_possible(answer)
        if done.returncode == ANSWER:
            assert any(one["feasible"] for one in answer["options"])


def test_a_correction_cannot_pass_the_peak(tmp_path):
    profile = json.loads((ROOT / "hardware_profiles" / "devices" / "h100-sxm5-80gb.json").read_text())
    sides = [1024, 4096, 8192, 16384]
    correction = {"rows_length": 1, "sides_length": 8, "spread": 0.1, "nugget": 0.1, "grade": "measured", "source": "x",
                  "points": [[m, n, n, -1.5] for m in sides for n in (4096, 8192)]}
    profile["efficiency"]["gemm_correction"] = {"bf16": correction}
    (tmp_path / "devices").mkdir()
    write(tmp_path / "devices" / "h100-sxm5-80gb.json", profile)
    plan = {"tensor": 1, "pipeline": 1, "micro_batch": 2, "recompute": "none", "zero": "optimizer"}
    path = write(tmp_path / "s.json", small(options__0__plan=plan))
    done = chipmix("estimate", path, "--option", "a", "--format", "json")
    assert done.returncode == ANSWER, done.stderr
    assert 0.5 < json.loads(done.stdout)["mfu"] <= 1
    correction["points"][0][3] = -1e6
    write(tmp_path / "devices" / "h100-sxm5-80gb.json", profile)
    done = chipmix("estimate", path, "--option", "a")
    assert done.returncode == BAD_INPUT and "weight between" in done.stderr


@pytest.mark.parametrize("device", ["rtx4090", "h100-sxm5-80gb", "v100-sxm2-32gb"])
@pytest.mark.parametrize("zero", ["gradients", "parameters"])
def test_a_faster_device_is_never_slower_under_any_sharding(tmp_path, device, zero):
    profile = json.loads((ROOT / "hardware_profiles" / "devices" / f"{device}.json").read_text())
    dtype = "bf16" if "bf16" in profile["peak"] else "fp16"
    rate, unit = profile["peak"][dtype]["value"].split(" ")
    plan = {"tensor": 2, "pipeline": 1, "micro_batch": 1, "recompute": "full", "zero": zero}
    cluster = {"device": device, "devices": 64, "fabric": "fat-tree-non-blocking"}
    path = write(tmp_path / "s.json", small(job__dtype=dtype, options__0__plan=plan, options__0__cluster=cluster))
    before = float("inf")
    for factor in (0.3, 1, 2, 3, 10):
        profile["peak"][dtype]["value"] = f"{float(rate) * factor:g} {unit}"
        write(tmp_path / "devices" / f"{device}.json", profile)
        done = chipmix("estimate", path, "--option", "a", "--format", "json")
        assert done.returncode == ANSWER, done.stdout + done.stderr
        time = json.loads(done.stdout)["step_time_s"]
        assert time <= before * (1 + 1e-9), factor
        before = time


def test_tensor_groups_of_eight_are_searched_on_smaller_servers(scenario):
    """GPT-3 on servers of four: two of them joined by TP 8 are several times faster than what fits within one."""
    cluster = {"device": "biren-br104", "devices": 128, "fabric": "fat-tree-non-blocking"}
    job = {"model": "gpt-3-175b", "sequence_length": 4096, "global_batch": 256, "tokens": "1T"}
    def fastest(**search):
        path = scenario(small(job=job, options__0__cluster=cluster, **search))
        done = chipmix("plan", path, "--option", "a", "--top", "1", "--format", "json")
        return json.loads(done.stdout)["plans"][0]["step_time_s"]
    assert fastest() <= fastest(options__0__search={"tensor": [1, 2, 8], "pipeline": [1, 2, 4], "context": 1}) * 1.001


# --- words of `ask`, saved and short scenarios


def test_random_words_of_ask_end_in_an_exit_code(tmp_path):
    chance = random.Random(24)
    models = ["llama-3.1-8b", "Qwen/Qwen3-8B", "x" * 400, "", "..", "/", "\u202e", "models", "-", "\x1b[2J"]
    tokens = ["2T", "5T@4K+200B@32K", "1e400", "-5T", "0", "@", "5T@", "+", "1e308", "1@1", "5T@99999999999K", "٣T"]
    options = ["8xH100", "64xH100@2USD/h", "8xH100+8xA100", "0xH100", "999999999999xH100", "8xH100@", "8x", "x",
               "8xH100@1e308USD/h", "8xH100@infUSD/h", "8xH100@nan", "1,,,6xH100", "8×H100@¥7", "8xH100@$-1",
               "16777216xH100", "8xH100@1e-320USD/h", "8x" + "H" * 3000, "+".join(["8xH100"] * 60)]
    extra = [["--within", "60d"], ["--within", "-1d"], ["--budget", "3M USD"], ["--budget", "inf USD"],
             ["--batch", "0"], ["--batch", "[[1]]"], ["--currency", "xx"], ["--dtype", "int8"], ["--start", "2027-02-30"],
             ["--practice", "ideal"], ["--currency", "\u202e"]]
    for _ in range(40):
        words = [chance.choice(models), chance.choice(tokens), *chance.sample(options, chance.randint(0, 2))]
        words += sum(chance.sample(extra, chance.randint(0, 2)), [])
        done = chipmix("ask", *words, cwd=tmp_path, timeout=120)
        assert done.returncode in EVERY_CODE, (words, done.stderr)
        assert not any(mark in done.stdout + done.stderr for mark in STEERING), words


def test_bytes_that_are_no_text_end_in_an_exit_code(tmp_path):
    for words in (["ask", "\udcff", "2T", "8xH100"], ["ask", "llama-3.1-8b", "1T", "8xH100\udcff"],
                  ["ask", "llama-3.1-8b", "1T", "8xH100", "--within", "\udcff"], ["models", "\udcff"], ["\udcff"],
                  ["check", "\udcff.json", "--format", "json"], ["devices", "\udcff", "--format", "json"]):
        done = subprocess.run([os.fsencode(PROGRAM), *map(os.fsencode, words)], cwd=tmp_path, capture_output=True,
                              timeout=60)
        assert done.returncode in EVERY_CODE - {ANSWER}, (words, done.stderr)


def test_a_question_saved_and_cut_anywhere_ends_in_an_exit_code(tmp_path):
    done = chipmix("ask", "llama-3.1-8b", "100B", "16xH100@2USD/h", "--save", "q.json", cwd=tmp_path)
    assert done.returncode == ANSWER, done.stderr
    text = (tmp_path / "q.json").read_text()
    chance = random.Random(7)
    values = ['null', '-1', '1e308', '1e-320', '"\\u202e"', '[]', '{}', '"0 USD/h"', '"1e308 USD/h"', 'true', '1e15']
    lines = text.splitlines()
    for turn in range(40):
        changed = list(lines)
        where = chance.randrange(len(changed))
        if turn % 2 and ": " in changed[where] and changed[where].rstrip()[-1] not in "[{":
            comma = "," if changed[where].endswith(",") else ""
            changed[where] = changed[where].split(": ")[0] + ": " + chance.choice(values) + comma
        else:
            del changed[where]
        done = chipmix("compare", write(tmp_path / "c.json", "\n".join(changed)), timeout=120)
        assert done.returncode in EVERY_CODE, ("\n".join(changed), done.stderr)
