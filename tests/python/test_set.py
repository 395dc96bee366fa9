"""Does --set change the answer as the same edit of the file does, and is a wrong path or value refused?"""

import pytest

from program import ANSWER, BAD_INPUT, SMALL, chipmix, small

EDITS = {
    "job.tokens=2T": small(job__tokens="2T"),
    "job.tokens=2e12": small(job__tokens=2e12),
    "/job/tokens=\"2T\"": small(job__tokens="2T"),
    "options.a.cluster.devices=128": small(options__0__cluster__devices=128),
    "options.0.cluster.stack=pytorch-fsdp": small(options__0__cluster__stack="pytorch-fsdp"),
    'options.a.plan={"tensor": 4}': small(options__0__plan={"tensor": 4}),
}


@pytest.mark.parametrize("edit", EDITS)
def test_is_a_value_set_on_the_command_line_the_same_as_in_the_file(edit, scenario):
    before = chipmix("compare", scenario())
    set_there = chipmix("compare", scenario(), "--set", edit)
    edited = chipmix("compare", scenario(EDITS[edit]))
    assert (set_there.returncode, set_there.stderr) == (ANSWER, "")
    assert set_there.stdout == edited.stdout != before.stdout


def test_are_several_values_set_in_order(scenario):
    edits = ("job.tokens=5T", "options.a.cluster.devices=128", "job.tokens=2T")
    together = chipmix("compare", scenario(), *(word for edit in edits for word in ("--set", edit)))
    edited = chipmix("compare", scenario(small(job__tokens="2T", options__0__cluster__devices=128)))
    assert together.stdout == edited.stdout


WRONG = {
    "nope=1": "unknown key 'nope'",
    "job.nope=1": "unknown key 'nope'",
    "job.nope.deeper=1": "no 'nope' in 'job'",
    "options.z.cluster.devices=8": "no 'z' in 'options'",
    "options.5.cluster.devices=8": "none at index 5",
    "options..cluster=8": "empty step",
    "options.a.cluster.devices=many": "expected a whole number, found text",
    "options.a.cluster.devices=-8": "found -8",
    "job.tokens=": "without number",
    "job={": "expected an object, found text",
}


@pytest.mark.parametrize("edit", WRONG)
def test_is_a_wrong_path_or_value_refused(edit, scenario):
    run = chipmix("compare", scenario(SMALL), "--set", edit)
    assert (run.returncode, run.stdout) == (BAD_INPUT, "")
    assert WRONG[edit] in run.stderr and "^" in run.stderr
