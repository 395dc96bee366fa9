"""Do ./chipmix and ./test install what is missing, and only that? Played with stand-ins for dpkg-query and apt-get."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SETUP = ROOT / "cmake" / "setup.sh"


def script(path: Path, text: str) -> None:
    path.write_text("#!/bin/bash\n" + text)
    path.chmod(0o755)


@pytest.fixture
def machine(tmp_path):
    """A machine on which `installed` lists the packages; install_packages runs there."""

    class Machine:
        bin = tmp_path / "bin"
        calls = tmp_path / "calls"

        def __init__(self):
            self.bin.mkdir()
            (tmp_path / "build").mkdir()
            self.calls.touch()
            script(self.bin / "sudo", 'exec "$@"\n')
            script(self.bin / "apt-get", f'echo "$*" >> {self.calls}\n')

        def installed(self, *names: str) -> None:
            lines = "".join(f"{name}=installed " for name in names)
            script(self.bin / "dpkg-query", f"printf '{lines}'\n")

        def run(self, command: str) -> subprocess.CompletedProcess:
            setting = f"set -euo pipefail; root={ROOT}; build={tmp_path / 'build'}; source {SETUP}; {command}"
            environment = {**os.environ, "PATH": f"{self.bin}:{os.environ['PATH']}"}
            return subprocess.run(["bash", "-c", setting], capture_output=True, text=True, env=environment)

    return Machine()


def packages(machine, *sections: str) -> list[str]:
    return machine.run(f"packages_of {' '.join(sections)}").stdout.split()


def test_does_each_section_list_packages_and_every_package_a_reason(machine):
    run, test = packages(machine, "run"), packages(machine, "test")
    assert run and test and not set(run) & set(test)
    assert packages(machine, "run", "test") == run + test
    for line in (ROOT / "cmake" / "packages.txt").read_text().splitlines():
        if line and line[0] not in "#[":
            assert re.fullmatch(r"[a-z0-9.+-]+\s+# \S.*", line), line


def test_is_apt_left_alone_when_everything_is_there(machine):
    machine.installed(*packages(machine, "run"))
    result = machine.run("install_packages run")
    assert result.returncode == 0
    assert machine.calls.read_text() == ""
    assert result.stdout == result.stderr == ""


def test_is_just_what_is_missing_installed_and_said(machine):
    names = packages(machine, "run", "test")
    machine.installed(*(name for name in names if name not in ("g++", "catch2")))
    result = machine.run("install_packages run test")
    assert result.returncode == 0
    update, install = machine.calls.read_text().splitlines()
    assert update.endswith("update")
    assert install.split()[-2:] == ["g++", "catch2"]
    assert result.stdout == ""
    assert result.stderr == "chipmix: installing Debian packages: g++ catch2\n"


def test_is_an_installation_that_fails_told_with_the_log_and_exit_code_70(machine):
    machine.installed()
    script(machine.bin / "apt-get", "echo no network; exit 100\n")
    result = machine.run("install_packages run; echo not reached")
    assert result.returncode == 70
    assert result.stdout == ""
    assert "cannot install" in result.stderr and "no network" in result.stderr


@pytest.mark.parametrize("name", ["chipmix", "test", ".ci/run"])
def test_is_each_command_executable_and_free_of_syntax_errors(name):
    assert os.access(ROOT / name, os.X_OK)
    assert subprocess.run(["bash", "-n", str(ROOT / name)]).returncode == 0
