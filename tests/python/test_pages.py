"""Do the pages hold what they promise: an index, a first sentence, links that lead somewhere, commands that run?"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from program import ANSWER, BAD_FILE, BAD_INPUT, PROGRAM, ROOT

DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
FOLDERS = ("scenarios", "models", "hardware_profiles", "published_runs", "docs")
MOST_WORDS = 35  # of the first sentence of a page

# Files that a reader brings along: a command that names one has to get as far as opening it.
BROUGHT = {"run.log", "other.json", "measured.json", "all_reduce.log", "all_gather.log", "shapes.csv", "a.log", "b.log",
           "s.json", "mine.json", "collectives.json", "ask/batch4.json", "runs.json", "my_runs.json", "ds_config.json",
           "catalog.csv", "plan.json", "run.sh", "train.sh", "S.json", "part*.csv", "gemm_perf.txt", "nccl_perf.txt", "t.md",
           "matmul_A100.csv", "rocblas_gemm_performance_half_BW200.csv", "readme.md"}


def prose(page: Path) -> str:
    return re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def commands(page: Path) -> list[str]:
    """Lines of code blocks that call chipmix, continued lines joined, without remarks."""
    fenced, lines = False, []
    for line in page.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        if line.startswith("```"):
            fenced = not fenced
        elif fenced or line.startswith("    "):
            lines.append(re.sub(r"\s+# .*", "", line).strip())
    return [line for line in lines if re.match(r"(\./)?chipmix (--)?[a-z]", line)]


PAGES_THAT_RUN = [page for page in PAGES if page.name != "commands.md" and commands(page)]  # test_help.py runs that page's


def brought(page: Path) -> dict[str, str]:
    """Files that a page shows whole: a block after a line that says to put it into one."""
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"[Pp]ut [^\n`]*into `([\w/.-]+)`[^\n]*\n\n((?:    .*\n)+)", text)
    return {name: re.sub(r"^    ", "", block, flags=re.MULTILINE) for name, block in blocks}


def missing(line: str, folder: Path) -> list[str]:
    """Files of the reader's that a command names and that no earlier command of the page has written."""
    read = re.sub(r"(--output|-o) \S+", "", line)
    return [name for name in BROUGHT
            if re.search(rf"(?:^|[ =]){re.escape(name)}(?=$|[ :])", read) and not list(folder.glob(name))]


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.*)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_is_the_readme_short_enough_to_read():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 120


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_does_a_page_begin_with_what_the_reader_gets(page):
    title, first = page.read_text(encoding="utf-8").split("\n\n")[:2]
    assert re.fullmatch(r"# .+", title)
    assert re.match(r"[A-Za-z`]", first), first
    sentence = re.split(r"(?<=[.:])\s", first)[0]
    assert sentence[-1] in ".:" and len(sentence.split()) <= MOST_WORDS, sentence


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_does_every_link_lead_to_a_page_and_a_heading(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        there = (page.parent / file).resolve() if file else page
        assert there.exists(), target
        assert not anchor or anchor in anchors(there), target


def test_does_the_index_list_every_page():
    index = DOCS / "README.md"
    listed = {(DOCS / target.partition("#")[0]).resolve() for target in re.findall(r"\]\(([^)\s]+)\)", prose(index))}
    assert [page.name for page in PAGES if page not in listed and page not in (index, ROOT / "README.md")] == []


def filled_in(line: str) -> str:
    """A command with what its page leaves out."""
    for left_out, value in (("--vary ...", "--vary job.global_batch=256"), ("$SLURM_ARRAY_TASK_ID", "1"),
                            ("$LARGE", "--rows n=k"), ("$APART", "--value clock=host")):
        line = line.replace(left_out, value)
    return line.removeprefix("./")


@pytest.mark.parametrize("page", PAGES_THAT_RUN, ids=lambda page: str(page.relative_to(ROOT)))
def test_do_the_commands_of_a_page_run(page, tmp_path):
    for name in FOLDERS:
        (tmp_path / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "models" / "llama-3.1-8b.json", tmp_path / "config.json")
    for name, text in brought(page).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    path = f"{Path(PROGRAM).parent}:{os.environ['PATH']}"
    for line in map(filled_in, commands(page)):
        expected = (BAD_FILE, BAD_INPUT) if missing(line, tmp_path) else (ANSWER,)
        run = subprocess.run(["bash", "-c", line], cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=300,
                             env={**os.environ, "PATH": path})
        assert run.returncode in expected, f"{line}\n{run.stderr}"


def test_are_there_commands_on_many_pages():
    assert len(PAGES_THAT_RUN) >= 15 and sum(len(commands(page)) for page in PAGES_THAT_RUN) > 50
