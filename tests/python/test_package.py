"""The Debian package: made from the build, unpacked anywhere, runs from any folder with its own data."""

import json
import os
import re
import subprocess

import pytest

from program import PROGRAM, ROOT

BUILD = os.path.dirname(os.path.dirname(PROGRAM))


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("package")
    run = subprocess.run(["cpack", "--config", f"{BUILD}/CPackConfig.cmake", "-B", folder], cwd=folder,
                         capture_output=True, encoding="utf-8", timeout=300)
    assert run.returncode == 0, run.stdout + run.stderr
    package = next(folder.glob("chipmix_*.deb"))
    subprocess.run(["dpkg-deb", "-x", package, folder / "root"], check=True, timeout=60)
    control = subprocess.run(["dpkg-deb", "-f", package], capture_output=True, encoding="utf-8", check=True).stdout
    return folder / "root", control


def test_does_the_package_say_what_it_needs(unpacked):
    _, control = unpacked
    assert re.search(r"^Package: chipmix$", control, re.M) and re.search(r"^Version: \d", control, re.M)
    for library in ("libc6", "libfmt9", "libsimgrid", "coinor-libcbc3", "libxlsxwriter4"):
        assert library in control


def test_does_an_unpacked_package_answer_from_its_own_data(unpacked, tmp_path):
    root, _ = unpacked
    program = root / "usr" / "bin" / "chipmix"
    where = subprocess.run([program, "doctor"], cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=60).stdout
    rows = [line for line in where.splitlines() if line.startswith(("models ", "devices "))]
    assert len(rows) == 2 and all(row.split()[3].startswith(str(root / "usr/share/chipmix")) for row in rows)
    question = ["ask", "llama-3.1-8b", "1T", "64xH100", "--quiet"]
    installed = subprocess.run([program, *question], cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=60)
    ours = subprocess.run([PROGRAM, *question], cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=60)
    assert installed.returncode == 0 and installed.stdout == ours.stdout
    played = subprocess.run([program, "estimate", root / "usr/share/chipmix/scenarios/llama31_405b.json", "--option",
                             "h100", "--engine", "simgrid", "--quiet"], cwd=tmp_path, capture_output=True, timeout=60)
    assert played.returncode == 0, played.stderr


def test_are_man_page_and_completions_in_the_package(unpacked):
    root, _ = unpacked
    for path in ("man/man1/chipmix.1*", "bash-completion/completions/chipmix", "zsh/site-functions/_chipmix",
                 "fish/vendor_completions.d/chipmix.fish", "doc/chipmix/README.md"):
        assert list((root / "usr" / "share").glob(path)), path


def test_does_the_package_list_what_it_was_built_from_with_versions(unpacked):
    root, control = unpacked
    listed = json.loads((root / "usr/share/doc/chipmix/sbom.spdx.json").read_text(encoding="utf-8"))
    versions = {package["name"]: package["versionInfo"] for package in listed["packages"]}
    wanted = re.search(r"\[run\]\n(.*?)\n\n", (ROOT / "cmake/packages.txt").read_text(encoding="utf-8"), re.S)[1]
    for name in [line.split()[0] for line in wanted.splitlines()] + ["libc6", "libfmt9", "coinor-libcbc3"]:
        shown = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", name], capture_output=True, encoding="utf-8")
        assert versions[name] == shown.stdout, name
    ids = [package["SPDXID"] for package in listed["packages"]]
    related = {relation["relatedSpdxElement"] for relation in listed["relationships"]}
    assert listed["spdxVersion"] == "SPDX-2.3" and len(ids) == len(set(ids)) and related == {"SPDXRef-chipmix"}
