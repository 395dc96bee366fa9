"""Has each option a batch that suits it, and is one that does not suit said so?"""

import json

import pytest

from program import ANSWER, BAD_INPUT, chipmix, write


def asked(*words) -> dict:
    run = chipmix("ask", *words, "--format", "json")
    assert run.returncode == ANSWER, run.stderr
    return json.loads(run.stdout)


def options(answer: dict) -> dict:
    return {option["name"]: option for option in answer["options"]}


def batch(option: dict) -> int:
    plan = option["plan"]
    return plan["micro_batch"] * plan["micro_batches"] * plan["data"]


def saved(path, *words) -> dict:
    assert chipmix("ask", *words, "--save", path).returncode == ANSWER
    return json.loads(path.read_text())


def doubts(answer: dict) -> str:
    return " ".join(one["doubt"] for one in answer["doubts"])


def test_no_option_depends_on_the_others_beside_it():
    """A batch for 512 devices made 448 look dearer by two thirds."""
    alone = {count: options(asked("llama-3.1-8b", "200B", f"{count}xH100@2USD/h"))[f"{count}xh100"] for count in (64, 56)}
    both = options(asked("llama-3.1-8b", "200B", "64xH100@2USD/h", "56xH100@2USD/h"))
    for count, option in alone.items():
        beside = both[f"{count}xh100"]
        assert (beside["cost"]["total"], batch(beside)) == (option["cost"]["total"], batch(option))
        assert batch(option) % count == 0
    assert both["56xh100"]["cost"]["total"] < 1.1 * both["64xh100"]["cost"]["total"]
    assert both["56xh100"]["days"] > both["64xh100"]["days"]


def test_own_batches_are_said_saved_and_answered_the_same(tmp_path):
    words = ("llama-3.1-8b", "200B", "64xH100@2USD/h", "128xH100@2USD/h", "56xH100@2USD/h")
    scenario = saved(tmp_path / "q.json", *words)
    own = [option.get("global_batch") for option in scenario["options"]]
    assert own[:2] == [None, None] and own[2] % 56 == 0 and own[2] != scenario["job"]["global_batch"]
    mark = next(one for one in scenario["defaults"] if one["key"] == "/options/2/global_batch")
    assert mark["value"] == own[2] and "divides best among 56 devices" in mark["reason"]
    text = " ".join(chipmix("ask", *words).stdout.split())
    assert f"the usual batch that divides best among 56 devices (56 H100)" in text
    again = json.loads(chipmix("compare", tmp_path / "q.json", "--format", "json").stdout)
    assert [o["cost"] for o in again["options"]] == [o["cost"] for o in asked(*words)["options"]]


def test_stages_have_one_each(tmp_path):
    words = ("llama-3.1-8b", "200B@4K+20B@32K", "64xH100@2USD/h", "48xH100@2USD/h")
    scenario = saved(tmp_path / "q.json", *words)
    job = [scenario["job"]["global_batch"], scenario["job"]["stages"][1]["global_batch"]]
    own = next(o["global_batch"] for o in scenario["options"] if "global_batch" in o)
    assert len(own) == 2 and own != job
    stages = options(asked(*words))["48xh100"]["stages"]
    assert [stage["global_batch"] for stage in stages] in (own, job)
    scenario["options"][1]["global_batch"] = [8, 8, 8]
    run = chipmix("compare", write(tmp_path / "s.json", scenario))
    assert run.returncode == BAD_INPUT and "3 batches for a job of 2 stages" in run.stderr


def test_a_changed_batch_of_the_job_holds_for_all(tmp_path):
    words = ("llama-3.1-8b", "200B", "64xH100@2USD/h", "56xH100@2USD/h")
    scenario = saved(tmp_path / "q.json", *words)
    scenario["job"]["global_batch"] = 448
    answer = json.loads(chipmix("compare", write(tmp_path / "s.json", scenario), "--format", "json").stdout)
    assert [batch(option) for option in answer["options"]] == [448, 448]
    assert not any(one["key"].endswith("global_batch") for one in answer["defaults"])
    scenario["options"][0]["global_batch"] = 512
    answer = json.loads(chipmix("compare", write(tmp_path / "s.json", scenario), "--format", "json").stdout)
    assert [batch(option) for option in answer["options"]] == [512, 448]


def test_a_batch_of_the_users_that_divides_badly_is_one_remark():
    words = ("llama-3.1-8b", "200B", "64xH100@2USD/h", "56xH100@2USD/h", "--batch", "512")
    said = doubts(asked(*words))
    assert said.count("share no factor larger than 8") == 1
    assert "batches that divide: 504 or 560" in said and "numbers of devices: 32 or 64" in said
    assert said.count("512 sequences") == 1  # none for the 64
    assert "batches that divide: 504 or 560" in " ".join(chipmix("ask", *words).stdout.split())
    assert not asked("llama-3.1-8b", "200B", "64xH100@2USD/h", "--batch", "512")["doubts"]


def test_more_devices_that_are_slower_are_remarked():
    """40 devices cannot share 64 sequences as 32 can."""
    words = ("llama-3.1-8b", "20B", "32xH100@2USD/h", "40xH100@2USD/h", "--batch", "64")
    of = options(asked(*words))
    text = " ".join(chipmix("ask", *words).stdout.split())
    assert of["40xh100"]["days"] > of["32xh100"]["days"]
    assert "40 H100 takes longer than 32 H100" in text


def test_a_sequence_beyond_the_models_is_remarked():
    answer = asked("llama-3.1-8b", "2T@256K", "64xH100@2USD/h")
    assert "2 times the longest that the configuration of Llama 3.1 8B states (131072)" in doubts(answer)
    assert not asked("llama-3.1-8b", "2T@128K", "64xH100@2USD/h")["doubts"]


def test_identical_options_share_the_first_place():
    answer = asked("llama-3.1-8b", "200B", "64xH100@2USD/h", "64xH100@2USD/h")
    assert [o["surety"]["cheapest"] for o in answer["options"]] == [0.5, 0.5]
    three = asked("llama-3.1-8b", "200B", "64xH100@2USD/h", "64xH100@2USD/h", "64xA100@1.3USD/h")
    first, second, other = (o["surety"] for o in three["options"])
    assert first["cheapest"] == second["cheapest"] > 0
    assert 2 * first["cheapest"] + other["cheapest"] == pytest.approx(1)
    assert first["tie_price_factor"] is None or first["tie_price_factor"] != pytest.approx(1)


def test_gradients_of_fp32_jobs_are_fp32():
    """The stack's 16-bit gradients are those of 16-bit weights."""
    words = ("llama-3.1-8b", "20B", "64xA100@1USD/h")
    formats = {dtype: asked(*words, "--dtype", dtype)["options"][0]["precision"][0] for dtype in ("bf16", "fp32")}
    assert (formats["bf16"]["gradient_bytes"], formats["bf16"]["weight_bytes"]) == (2, 2)
    assert (formats["fp32"]["gradient_bytes"], formats["fp32"]["weight_bytes"]) == (4, 4)
    assert formats["fp32"]["optimizer_bytes"] == 8  # two moments: the weights are the master weights
