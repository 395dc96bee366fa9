"""Does the answer look right on a terminal, in a pipe and in each format, and is it the same every time?"""

import csv
import io
import json
import re
import unicodedata

import pytest

from program import ROOT, SMALL, chipmix, on_terminal, small

LING = ROOT / "scenarios" / "ling_plus.json"
DEEPSEEK = ROOT / "scenarios" / "deepseek_v3_h800.json"
CHINESE = "昇腾 910B2 集群"
BOLD = "\x1b[1m"


def cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def plain(text: str) -> str:
    return re.sub(r"\x1b\[\d*m", "", text)


@pytest.fixture(scope="module")
def chinese(tmp_path_factory):
    """Two options, one with a Chinese label."""
    ascend = {"device": "ascend-910b2", "devices": 64, "fabric": "rail-optimised-non-blocking"}
    second = {**SMALL["options"][0], "name": "b", "label": CHINESE, "cluster": ascend}
    path = tmp_path_factory.mktemp("chinese") / "s.json"
    path.write_text(json.dumps({**SMALL, "options": [*SMALL["options"], second]}, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.mark.parametrize("columns", [80, 100, 160])
def test_do_the_tables_keep_to_the_terminal(columns, chinese):
    for words in (("compare", LING), ("compare", chinese), ("estimate", chinese, "--option", "b"),
                  ("plan", chinese, "--option", "b"), ("links",), ("stacks",)):
        code, text = on_terminal(*words, "--quiet", columns=columns)
        assert code == 0
        too_wide = [line for line in plain(text).splitlines() if cells(line) > columns]
        assert not too_wide, "\n".join(too_wide)


def test_does_a_table_use_the_room_there_is():
    narrow, wide = (plain(on_terminal("compare", DEEPSEEK, "--details", "--quiet", columns=columns)[1]) for columns in (80, 160))
    first = [text.split("From the best plan")[0] for text in (narrow, wide)]
    assert all("P10 to" in text for text in first)  # the interval is never left out
    assert "  scaled" not in first[0] and "  scaled" in first[1]  # the column of evidence
    assert re.search(r"no room at 80 columns for:[^)]*\bevidence\b", narrow.split("Why")[0])  # said, not dropped silently
    assert "Weakest evidence" in narrow
    assert max(map(cells, wide.splitlines())) > 100


@pytest.mark.parametrize("columns", [80, 160])
def test_do_columns_stand_under_one_another_with_chinese_labels(columns, chinese):
    text = plain(on_terminal("compare", chinese, "--details", "--quiet", columns=columns)[1])
    lines = text.split("\n\n")[1].split("\n(")[0].splitlines()
    rule = next(line for line in lines if set(line) <= {"─", " "})
    ends = [match.end() for match in re.finditer("─+", rule)]
    for line in lines:
        covered = [end for end in ends if end < cells(line)]
        spread = "".join(c if cells(c) == 1 else c + "\0" for c in line)  # one character per cell
        assert all(spread[end] == " " for end in covered), line
    assert sum(line.startswith("昇腾") for line in lines) == 1


def test_is_bold_for_terminals_only(chinese):
    assert BOLD in on_terminal("compare", chinese)[1]
    assert "\x1b" not in on_terminal("compare", chinese, "--quiet", NO_COLOR="1")[1]
    assert "\x1b" not in on_terminal("compare", chinese, "--quiet", TERM="dumb")[1]
    assert BOLD in on_terminal("compare", chinese, NO_COLOR="")[1]  # https://no-color.org: when not empty
    assert "\x1b" not in chipmix("compare", chinese).stdout


def test_is_progress_shown_on_terminals_only():
    question = ("plan", LING, "--option", "D")
    assert re.search(r"\rsearching plans +\[[#.]+\]", on_terminal(*question)[1])
    assert "searching" not in on_terminal(*question, "--quiet")[1]
    assert "searching" not in on_terminal(*question, stderr_too=False)[1]
    piped = chipmix(*question)
    assert piped.stderr == "" and "searching" not in piped.stdout


def test_is_the_answer_the_same_with_one_worker_or_many():
    one, three = (chipmix("compare", LING, "--format", "json", "--jobs", jobs).stdout for jobs in (1, 3))
    assert one == three


def test_do_csv_json_and_markdown_tell_the_same(chinese):
    answer = json.loads(chipmix("compare", chinese, "--format", "json").stdout)
    rows = list(csv.DictReader(io.StringIO(chipmix("compare", chinese, "--format", "csv").stdout)))
    assert [row["option"] for row in rows] == [option["label"] for option in answer["options"]] == ["a", CHINESE]
    for row, option in zip(rows, answer["options"]):
        assert float(row["mfu"]) == option["mfu"] and int(row["devices"]) == option["devices"]
        assert float(row["cost_per_1t_tokens_USD"]) == option["cost"]["per_1t_tokens"]
        assert float(row["cost_p10_per_1t_tokens_USD"]) < float(row["cost_p90_per_1t_tokens_USD"])
    lines = chipmix("compare", chinese, "--format", "markdown").stdout.splitlines()
    table = [line for line in lines if line.startswith("|")]
    assert any(line.startswith(f"| {CHINESE} | TP") for line in table)
    first = table[:4]
    assert len({line.count("|") for line in first}) == 1


def test_are_small_amounts_told_with_their_digits(scenario):
    text = chipmix("compare", scenario(small(job__tokens="1B"))).stdout
    assert "0.0" not in re.search(r"a is cheapest: (\S+ \w* ?USD)", text)[1]
    assert re.search(r"k USD per 1T", text)
