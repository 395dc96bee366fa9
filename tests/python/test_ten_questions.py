"""Ten questions that people ask before they buy or rent, each one command of under 200 characters: is each answered, with
every option in its row, on a narrow terminal and on a wide one?"""

import json
import re
import shlex

import pytest

from program import ANSWER, ROOT, chipmix, on_terminal

MIX = "chipmix ask qwen3-235b-a22b 5T@4K+200B@32K 1024xH800@14CNY/h 2048x910B2@7CNY/h 1024xMI300X@1.99USD/h " \
      "512xH800+1024x910B2 --within 60d"
QUESTIONS = {
    "which of four, one a mix, in time?": MIX,
    "my own model, at public prices": "chipmix ask ./config.json 2T 64xA100 64xH100",
    "within my budget?": "chipmix ask llama-3.1-70b 2T 512xH100@2.5USD/h 512xMI300X@1.99USD/h --budget '3M USD'",
    "what would DeepSeek-V3 cost us?": "chipmix ask deepseek-v3 14.8T 2048xH800@2USD/h --practice tuned",
    "adapters alone": "chipmix ask llama-3.1-70b 1B 8xH100 8xH200 --finetune lora",
    "partly filled racks": "chipmix ask gpt-oss-120b 4T 256xGB200@4USD/h 256xB200@3.5USD/h",
    "old and new together": "chipmix ask llama-3.1-8b 200B 64xA100+32xH100 64xA100 32xH100",
    "by a day, in yuan": "chipmix ask qwen3-32b 1T 512x910B2@7CNY/h 256xH20@6CNY/h --start 2027-01-01 --within 2027-06-30",
    "how many devices?": "chipmix ask Qwen/Qwen3-8B 1T on 64xH100 or 128xH100 or 192xH100 or 256xH100",
    "from what I measured": "chipmix ask llama-3.1-8b 1T 64xH100 256xH100 --measured 2.9s --measured-plan 'TP2 mbs1' "
                            "--measured-on '16xH100 batch=128'",
}
AT_COLUMNS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@pytest.fixture
def words(tmp_path, request):
    config = json.loads((ROOT / "models" / "qwen3-8b.json").read_text())
    del config["chipmix"]
    (tmp_path / "config.json").write_text(json.dumps(config))
    return [word.replace("./config.json", str(tmp_path / "config.json"))
            for word in shlex.split(QUESTIONS[request.param])[1:]]


def labels(words) -> list[str]:
    """As rows are called: "512 H800 + 1,024 910B2"."""
    asked = [word for word in words if re.match(r"\d+x[A-Za-z0-9]", word)]
    if "--measured-on" in words:
        asked.remove(words[words.index("--measured-on") + 1])
    parts = [[re.fullmatch(r"(\d+)x([^@]+)(@.*)?", part).group(1, 2) for part in word.split("+")] for word in asked]
    return [" + ".join(f"{int(count):,} {device}" for count, device in option) for option in parts]


@pytest.mark.parametrize("question", QUESTIONS)
def test_is_each_question_one_short_command(question):
    assert len(QUESTIONS[question]) < 200


@pytest.mark.parametrize("words", QUESTIONS, ids=QUESTIONS, indirect=True)
def test_is_each_question_answered_for_every_option(words):
    run = chipmix(*words, "--format", "json")
    assert run.returncode == ANSWER, run.stderr
    answer = json.loads(run.stdout)
    assert [option["label"] for option in answer["options"]] == labels(words)
    for option in answer["options"]:
        assert option["feasible"], option["reason"]
        cost = option["cost"]
        assert 0 < cost["p10"] < cost["total"] < cost["p90"]
        assert 0 < option["days_p10"] < option["days"] < option["days_p90"]
        assert (option["deadline"] is not None) == ("--within" in words)
        assert (option["budget"] is not None) == ("--budget" in words)
        assert all(stage["peak_gib"] < stage["capacity_gib"] for stage in option["memory"])
    assert answer["recommendation"] and answer["defaults"]
    assert all(one["reason"] for one in answer["defaults"])


@pytest.mark.parametrize("columns", [80, 140])
@pytest.mark.parametrize("words", QUESTIONS, ids=QUESTIONS, indirect=True)
def test_does_each_answer_keep_to_the_terminal_and_lose_no_option(words, columns):
    code, sent = on_terminal(*words, "--quiet", columns=columns)
    assert code == ANSWER
    lines = AT_COLUMNS.sub("", sent).splitlines()
    assert max(map(len, lines)) <= columns
    text = " ".join(" ".join(lines).split())
    for said in ("days", "memory", "plan", "published runs like it", "Assumed, because not stated"):
        assert said in text, said
    costs = [re.match(r"[\d,]+ [A-Za-z0-9]+.*?  +([\d.,]+)  +[\d.,]+-[\d.,]+  +[\d.,]+  ", line) for line in lines]
    costs = [float(cost.group(1).replace(",", "")) for cost in costs if cost]
    assert len(costs) == len(labels(words)) and costs == sorted(costs)


def test_does_an_option_that_cannot_run_leave_the_others_and_say_why():
    run = chipmix("ask", "llama-3.1-70b", "200B", "1xA100@1USD/h", "64xH100@2USD/h", "--format", "json")
    assert run.returncode == ANSWER
    small, large = json.loads(run.stdout)["options"]
    assert not small["feasible"] and "fits in memory" in small["reason"] and large["feasible"]
