"""Do long calls leave the interpreter free, tell how far they are, and stop on Ctrl-C?"""

import io
import signal
import subprocess
import sys
import threading
import time

import pytest

import chipmix
from chipmix import _progress
from conftest import ROOT, fixed

MIX = ROOT / "scenarios" / "llama31_405b.json"


def test_does_another_thread_run_meanwhile():
    ticks, done = [], threading.Event()

    def tick():
        while not done.is_set():
            ticks.append(time.monotonic())
            time.sleep(0.001)

    thread = threading.Thread(target=tick)
    thread.start()
    before = len(ticks)
    chipmix.compare(MIX)
    after = len(ticks)
    done.set()
    thread.join()
    assert after - before >= 10


def test_is_progress_told_and_its_exception_raised():
    shares = []
    chipmix.compare(MIX, jobs=1, progress=shares.append)
    assert shares and shares == sorted(shares) and all(0 <= share <= 1 for share in shares)

    def refuse(share):
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        chipmix.compare(MIX, progress=refuse)


def test_is_a_bar_shown_only_for_what_is_long(monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with _progress.progress_of("short", True) as told:
        told(0.5)
    assert sys.stderr.getvalue() == ""
    monkeypatch.setattr(_progress, "_SHORT", 0)
    with _progress.progress_of("long", True) as told:
        told(0.5)
    assert "long" in sys.stderr.getvalue()
    with _progress.progress_of("nobody watches", None) as told:
        assert told is None


SCRIPT = """
import chipmix, sys
print("begun", flush=True)
try:
    while True:
        chipmix.compare(sys.argv[1], jobs=1, progress=False)
except KeyboardInterrupt:
    print("stopped", flush=True)
"""


def test_does_ctrl_c_stop_a_search():
    process = subprocess.Popen([sys.executable, "-c", SCRIPT, str(ROOT / "scenarios" / "ling_plus.json")],
                               stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "begun\n"
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60)[0] == "stopped\n"
    assert process.returncode == 0


def test_are_the_heavy_libraries_left_alone_on_import():
    check = "import chipmix, sys; print([m for m in ('pandas', 'matplotlib', 'tqdm', 'numpy') if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_may_several_threads_ask_at_once():
    scenario, answers = chipmix.Scenario(fixed()), []

    def ask(tokens):
        answers.append(chipmix.estimate(scenario.with_(job__tokens=tokens)).days / tokens)

    threads = [threading.Thread(target=ask, args=(1e12 * number,)) for number in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8 and max(answers) == pytest.approx(min(answers), rel=1e-12)
