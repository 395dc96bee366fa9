"""The program as its users meet it: words in, stdout, stderr and an exit code out."""

import copy
import fcntl
import json
import os
import pty
import struct
import subprocess
import termios
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("CHIPMIX_PROGRAM", str(ROOT / "build" / "bin" / "chipmix"))
SCENARIOS = sorted((ROOT / "scenarios").glob("*.json"))
ANSWER, NO_ANSWER, USAGE, BAD_INPUT, BAD_FILE = 0, 1, 2, 3, 4
FORMATS = ("table", "json", "csv", "markdown")

RENT = {"value": "2 USD/h", "grade": "assumed", "source": "a round figure"}
SMALL = {
    "name": "small",
    "currency": "USD",
    "job": {"model": "llama-3.1-8b", "sequence_length": 4096, "global_batch": 256, "tokens": "1T", "practice": "ideal"},
    "options": [
        {
            "name": "a",
            "cluster": {"device": "h100-sxm5-80gb", "devices": 64, "fabric": "rail-optimised-non-blocking"},
            "rent": RENT,
        }
    ],
}


def chipmix(*words, cwd=ROOT, timeout=300, **options) -> subprocess.CompletedProcess:
    return subprocess.run([PROGRAM, *map(str, words)], cwd=cwd, capture_output=True, encoding="utf-8", timeout=timeout,
                          **options)


def small(**changes) -> dict:
    """The small scenario with values replaced: small(job__tokens="2T", options__0__cluster__devices=8)."""
    scenario = copy.deepcopy(SMALL)
    for path, value in changes.items():
        *steps, last = (int(step) if step.isdigit() else step for step in path.split("__"))
        place = scenario
        for step in steps:
            place = place[step]
        place[last] = value
    return scenario


def write(path: Path, content) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        text = content if isinstance(content, str) else json.dumps(content, indent=2, ensure_ascii=False)
        path.write_text(text, encoding="utf-8")
    return path


def on_terminal(*words, columns=100, stderr_too=True, **environment) -> tuple[int, str]:
    """Exit code and all that a terminal of so many columns is sent."""
    reader, writer = pty.openpty()
    fcntl.ioctl(writer, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    plain = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM")}
    process = subprocess.Popen([PROGRAM, *map(str, words)], cwd=ROOT, stdin=writer, stdout=writer,
                               stderr=writer if stderr_too else subprocess.DEVNULL,
                               env={**plain, "TERM": "xterm", **environment})
    os.close(writer)
    sent = b""
    while True:
        try:
            block = os.read(reader, 65536)
        except OSError:  # Linux says EIO when the last writer has gone
            break
        if not block:
            break
        sent += block
    os.close(reader)
    return process.wait(timeout=60), sent.decode("utf-8").replace("\r\n", "\n")
