"""Sweeps: one table on threads, processes, Dask and MPI; killed and gone on with; what is wrong is told."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import numpy
import pandas
import pytest

import chipmix
from program import ANSWER, chipmix as program
from program import small, write

HERE = Path(__file__).resolve().parent
GRID = {
    "options.a.rent.value": [f"{rent:.3f} USD/h" for rent in numpy.linspace(1, 3, 25)],
    "job.global_batch": [64, 128, 100, "many"],
    "job.tokens": [float(f"{tokens:.3g}") for tokens in numpy.geomspace(1e11, 1e13, 10)],
}
POINTS = 1000


def scenario() -> chipmix.Scenario:
    """Two options on eight devices, plans fixed, so that nothing is searched."""
    content = small(options__0__cluster__devices=8, options__0__plan={"tensor": 2, "recompute": "full"})
    content["options"].append({**content["options"][0], "name": "b", "plan": {"tensor": 4, "recompute": "full"}})
    return chipmix.Scenario(content)


def table(**words) -> pandas.DataFrame:
    return chipmix.sweep(scenario(), GRID, progress=None, **words).to_pandas()


@pytest.fixture(scope="module")
def expected() -> pandas.DataFrame:
    with ThreadPoolExecutor(1) as one:
        return table(executor=one)


def free_environment() -> dict:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def test_is_every_row_the_estimate_of_the_changed_scenario(expected):
    assert len(expected) == 2 * POINTS and expected["feasible"].any()
    for row in expected.iloc[::97].to_dict("records"):
        point = row["point"]
        values = {path: column[index] for (path, column), index in
                  zip(GRID.items(), numpy.unravel_index(point, [len(column) for column in GRID.values()]))}
        if values["job.global_batch"] == "many":
            assert row["error"].startswith("expected a whole number") and not row["feasible"]
            continue
        answer = chipmix.estimate(scenario().with_(values), row["option"])
        assert (row["step_time_s"], row["mfu"]) == (answer.step_time_s, answer.mfu)
        assert (row["cost_usd"], row["days"]) == (answer.cost.total, answer.days)
        assert row["options.a.rent.value_usd_per_h"] == float(values["options.a.rent.value"].split()[0])


def test_do_threads_and_processes_make_the_same_table(expected):
    assert table().equals(expected)
    with ProcessPoolExecutor(2) as processes:
        assert table(executor=processes).equals(expected)


def test_does_dask_with_a_scheduler_and_two_workers_make_the_same_table(expected, tmp_path):
    distributed = pytest.importorskip("distributed")
    file = tmp_path / "scheduler.json"
    place = ["--scheduler-file", str(file), "--interface", "lo"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": free_environment(), "cwd": tmp_path}
    scheduler = ["dask-scheduler", *place, "--port", "0", "--dashboard-address", "127.0.0.1:0"]
    running = [subprocess.Popen(scheduler, **quiet)]
    try:
        for _ in range(2):
            running.append(subprocess.Popen(["dask-worker", *place, "--nthreads", "1", "--nworkers", "1", "--no-nanny",
                                             "--no-dashboard"], **quiet))
        with distributed.Client(scheduler_file=str(file), timeout=60) as client:
            client.wait_for_workers(2, timeout=60)
            assert table(executor=client.get_executor(pure=False)).equals(expected)
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(timeout=30)


def test_does_mpi_with_three_ranks_make_the_same_table(expected, tmp_path):
    pytest.importorskip("mpi4py")
    out = tmp_path / "table.pickle"
    run = subprocess.run(["mpiexec", "--allow-run-as-root", "--oversubscribe", "-n", "3", sys.executable, "-m",
                          "mpi4py.futures", str(HERE / "sweep_peer.py"), "mpi", str(out)],
                         env=free_environment(), capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    assert pandas.read_pickle(out).equals(expected)


@pytest.mark.parametrize("kind", ["csv", "jsonl", "sqlite"])
def test_is_nothing_lost_and_nothing_repeated_when_a_stored_sweep_is_killed(kind, expected, tmp_path, monkeypatch):
    store = tmp_path / f"rows.{kind}"
    process = subprocess.Popen([sys.executable, str(HERE / "sweep_peer.py"), "slow", str(store)],
                               env=free_environment(), stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "some rows are stored\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    asked = []
    original = chipmix.sweeps.answer
    monkeypatch.setattr(chipmix.sweeps, "answer", lambda task: asked.append(len(task.points)) or original(task))
    assert table(store=store).equals(expected)
    assert 0 < sum(asked) < 2 * POINTS
    asked.clear()
    assert table(store=store).equals(expected)
    assert not asked


def test_does_a_task_hold_whole_points(monkeypatch):
    """Tasks end in any order: one that held half a point would leave its options in a store in any order too."""
    asked = []
    original = chipmix.sweeps.answer
    monkeypatch.setattr(chipmix.sweeps, "answer", lambda task: asked.append(task) or original(task))
    content = scenario().to_dict()
    content["options"].append({**content["options"][0], "name": "c"})
    chipmix.sweep(chipmix.Scenario(content), GRID, progress=None)
    assert len(asked) > 2 and sum(len(task.places) for task in asked) == 3 * POINTS
    for task in asked:
        assert task.places.tolist() == [0, 1, 2] * (len(task.places) // 3)


def test_do_program_and_package_go_on_with_one_another_s_files(expected, tmp_path):
    path = write(tmp_path / "s.json", scenario().text)
    axes = [word for path_, values in GRID.items() for word in ("--vary", f"{path_}={','.join(map(str, values))}")]
    file = tmp_path / "rows.csv"
    run = program("sweep", path, *axes, "--shard", "2/3", "--output", file)
    assert run.returncode == ANSWER, run.stderr
    loaded = chipmix.load_scenario(path)
    assert chipmix.sweep(loaded, GRID, store=file, progress=None).to_pandas().equals(expected)
    again = program("sweep", path, *axes, "--output", file, "--resume")
    assert again.returncode == ANSWER and "2000 rows are done, 0 to go" in again.stderr
    whole, sorted_ = tmp_path / "whole.csv", tmp_path / "sorted.csv"
    assert program("sweep", path, *axes, "--output", whole).returncode == ANSWER
    assert program("merge", file, whole, "--output", sorted_).returncode == ANSWER  # and no row says anything else
    assert sorted_.read_text() == whole.read_text()


def test_are_points_of_a_list_and_of_a_function_answered_as_those_of_a_grid(expected):
    points = [{"options.a.rent.value": rent, "job.tokens": tokens, "job.global_batch": 128}
              for rent in GRID["options.a.rent.value"][:3] for tokens in GRID["job.tokens"][:2]]
    listed = chipmix.sweep(scenario(), points, progress=None).to_pandas()
    same = expected[(expected["job.global_batch"] == 128)]
    for row in listed.to_dict("records"):
        found = same[(same["options.a.rent.value_usd_per_h"] == row["options.a.rent.value_usd_per_h"])
                     & (same["job.tokens"] == row["job.tokens"]) & (same["option"] == row["option"])]
        assert found["cost_usd"].item() == row["cost_usd"]
    assert chipmix.sweep(scenario(), [{}], options="a", progress=None).to_pandas()["cost_usd"][0] == \
        chipmix.estimate(scenario(), "a").cost.total
    ragged = chipmix.sweep(scenario(), [{"job.tokens": "2T"}, {"job.global_batch": 64}], progress=None).to_pandas()
    assert ragged["job.tokens"].tolist() == ["2T", "2T", None, None]

    def random(generator):
        return [{"job.tokens": float(tokens)} for tokens in generator.uniform(1e12, 2e12, 20)]

    first, second, other = (chipmix.sweep(scenario(), random, seed=seed, progress=None).to_pandas()
                            for seed in (1, 1, 2))
    assert first.equals(second) and not first["job.tokens"].equals(other["job.tokens"])


def test_is_a_grid_a_cube_and_a_list_none():
    result = chipmix.sweep(scenario(), GRID, progress=None)
    cube = result.to_xarray()
    assert dict(cube.sizes) == {"options.a.rent.value_usd_per_h": 25, "job.global_batch": 4, "job.tokens": 10,
                                "option": 2}
    row = result.to_pandas().iloc[2 * 321 + 1]
    place = {"options.a.rent.value_usd_per_h": row["options.a.rent.value_usd_per_h"], "job.tokens": row["job.tokens"],
             "job.global_batch": row["job.global_batch"], "option": row["option"]}
    assert cube["cost_usd"].sel(place).item() == row["cost_usd"] and row["feasible"]
    with pytest.raises(ValueError, match="no grid"):
        chipmix.sweep(scenario(), [{}], progress=None).to_xarray()


def test_does_memory_stay_flat_over_10_000_points(tmp_path):
    run = subprocess.run([sys.executable, str(HERE / "sweep_peer.py"), "memory", str(tmp_path / "rows.sqlite")],
                         env=free_environment(), capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    after_first, after_last = (int(word) for word in run.stdout.split())
    assert after_last - after_first < 40 << 20, run.stdout


class _Dying(ThreadPoolExecutor):
    """Its third task takes the worker with it, as a process that is killed does."""

    count = 0

    def submit(self, *words) -> Future:
        from concurrent.futures.process import BrokenProcessPool

        self.count += 1
        if self.count < 3:
            return super().submit(*words)
        future: Future = Future()
        future.set_exception(BrokenProcessPool("a process was terminated abruptly"))
        return future


def test_does_a_worker_that_dies_leave_a_readable_store_and_say_what_to_do(expected, tmp_path):
    store = tmp_path / "rows.sqlite"
    with _Dying(1) as dying, pytest.raises(RuntimeError, match="executor: a worker ended.*run the same again"):
        table(executor=dying, store=store)
    with sqlite3.connect(store) as base:
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert table(store=store).equals(expected)


def _killed(task):
    os.kill(os.getpid(), signal.SIGKILL)


def test_is_a_process_that_is_killed_an_exception(monkeypatch):
    monkeypatch.setattr(chipmix.sweeps, "answer", _killed)
    with ProcessPoolExecutor(1) as processes, pytest.raises(RuntimeError, match="executor: a worker ended.*store="):
        table(executor=processes)


def test_does_a_failed_point_raise_where_that_is_wished():
    with pytest.raises(chipmix.InputError, match="point 30, option 'a': expected a whole number"):
        table(on_error="raise")


WRONG = {
    "grid: takes": ({"grid": 3}, TypeError),
    "grid: 'job.tokens' needs a list": ({"grid": {"job.tokens": "1T"}}, TypeError),
    "grid: 'job.tokens' has no values": ({"grid": {"job.tokens": []}}, ValueError),
    "grid: 'job.tokens' has a value twice": ({"grid": {"job.tokens": [1, 1]}}, ValueError),
    "grid: point 1 is a int": ({"grid": [{}, 2]}, TypeError),
    "grid: a path is text": ({"grid": {1: [2]}}, TypeError),
    "did you mean 'tokens'": ({"grid": {"job.token": [1]}}, chipmix.InputError),
    "there is no 'c' in 'options'": ({"grid": {"options.c.rent.value": ["1 USD/h"]}}, chipmix.InputError),
    "change the same value": ({"grid": {"job.tokens": [1e12], "/job/tokens": [2e12]}}, ValueError),
    "'currency' cannot vary": ({"grid": {"currency": ["CNY"]}}, ValueError),
    "job.tokens: a value of type object": ({"grid": {"job.tokens": [object()]}}, TypeError),
    "options: no option 'c'": ({"options": ["c"]}, ValueError),
    "executor: takes": ({"executor": 4}, TypeError),
    "on_error: 'skip' is neither": ({"on_error": "skip"}, ValueError),
    "store: 'rows.xlsx' ends in none of": ({"store": "rows.xlsx"}, ValueError),
    "store: .*nowhere": ({"store": "nowhere/rows.sqlite"}, chipmix.FileError),
    "store: nowhere/rows.csv": ({"store": "nowhere/rows.csv"}, chipmix.FileError),
    "engine: 'guess' is none of": ({"engine": "guess"}, ValueError),
    "unexpected keyword argument 'workers'": ({"workers": 4}, TypeError),
}


@pytest.mark.parametrize("message", WRONG)
def test_is_a_wrong_argument_named(message):
    words, kind = WRONG[message]
    with pytest.raises(kind, match=message):
        chipmix.sweep(scenario(), **{"grid": {"job.tokens": [1e12]}, "progress": None, **words})


@pytest.mark.parametrize("kind", ["csv", "jsonl", "sqlite"])
def test_is_a_store_of_another_scenario_refused_and_left_as_it_was(kind, tmp_path):
    store, grid = tmp_path / f"rows.{kind}", {"job.tokens": [1e12, 2e12]}
    words = {"store": store, "progress": None}
    chipmix.sweep(scenario(), grid, **words)
    before = store.read_bytes()
    for other, more, message in ((scenario().with_(job__global_batch=64), {}, "another s"),
                                 (scenario(), {"intervals": True}, "another s|another way"),
                                 (scenario(), {"resume": False}, "exists already")):
        with pytest.raises(chipmix.FileError, match=f"store: .*{message}"):
            chipmix.sweep(other, grid, **words, **more)
        assert store.read_bytes() == before
    if kind == "sqlite":
        with sqlite3.connect(store) as base:
            base.execute("UPDATE sweep SET version = '0.0.9', id = 'old'")
        with pytest.raises(chipmix.FileError, match=re.escape("was written by chipmix 0.0.9")):
            chipmix.sweep(scenario(), grid, **words)


def test_is_a_file_of_something_else_refused(tmp_path):
    grid = {"job.tokens": [1e12]}
    for name in ("rows.csv", "rows.jsonl", "rows.sqlite"):
        file = tmp_path / name
        file.write_text("name,age\nme,4\n" * 100)
        with pytest.raises(chipmix.FileError, match=f"store: .*{name}"):
            chipmix.sweep(scenario(), grid, store=file, progress=None)
        assert file.read_text() == "name,age\nme,4\n" * 100


def test_is_progress_told_up_to_the_end():
    told = []
    chipmix.sweep(scenario(), GRID, progress=told.append)
    assert told == sorted(told) and told[-1] == 1


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_is_a_file_of_another_grid_refused_though_no_key_is_in_both(kind, tmp_path):
    store = tmp_path / f"rows.{kind}"
    chipmix.sweep(small(), {"job.tokens": ["1T", "2T", "3T"]}, store=store, progress=False)
    before = store.read_bytes()
    with pytest.raises(chipmix.FileError, match="another grid"):
        chipmix.sweep(small(), {"job.tokens": ["4T", "5T"]}, store=store, progress=False)
    assert store.read_bytes() == before


def test_does_a_forked_process_leave_the_file_s_lock_to_its_parent(tmp_path):
    store = tmp_path / "rows.csv"
    asker = chipmix.sweeps.sweep_of(chipmix.sweeps._asked(chipmix.Scenario(small()), None, False, "analytical"))
    held = chipmix.sweeps.open_store(store, asker, "", [], True)
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(tell, b".")
        signal.pause()
    try:
        os.read(told, 1)  # the child is there
        held.close()
        chipmix.sweeps.open_store(store, asker, "", [], True).close()  # not "another sweep is writing it"
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def test_does_the_first_failed_point_carry_its_diagnostics():
    with pytest.raises(chipmix.InputError) as caught:
        chipmix.sweep(small(), {"job.global_batch": [256, -1]}, on_error="raise", progress=False)
    assert [one.pointer for one in caught.value.diagnostics] == ["/job/global_batch"]


def test_do_sweeps_show_themselves():
    grid = {"job.tokens": ["1T", "2T"]}
    result = chipmix.sweep(small(), grid, progress=False)
    assert result == chipmix.sweep(small(), grid, progress=False) != chipmix.sweep(small(), {}, progress=False)
    assert result.to_dict()["days"] == result.to_pandas()["days"].tolist()
    assert "<table" in result._repr_html_()
    assert len(result.plot().lines) == 1
    with pytest.raises(ValueError, match="no column 'dayz'"):
        result.plot(y="dayz")


def test_does_a_damaged_row_name_the_file(tmp_path):
    store = tmp_path / "rows.csv"
    chipmix.sweep(small(), {"job.tokens": ["1T"]}, store=store, progress=False)
    header, row = store.read_text().splitlines()
    fields = row.split(",")
    fields[header.split(",").index("step_time_s")] = "abc"
    store.write_text(header + "\n" + ",".join(fields) + "\n")
    with pytest.raises(chipmix.FileError, match="rows.csv"):
        chipmix.sweep(small(), {"job.tokens": ["1T"]}, store=store, progress=False)
