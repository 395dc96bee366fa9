"""The wheel: installed without a network, it runs where there is nothing but Python, with data, programs and libraries
of its own."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from program import ROOT, chipmix as program

BUILD = Path(os.environ.get("CHIPMIX_PROGRAM", ROOT / "build/bin/chipmix")).parents[1]
SYSTEM = {"libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1", "libstdc++.so.6", "libgcc_s.so.1",
          "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"}
QUESTION = ["ask", "llama-3.1-8b", "1T", "64xH100", "--quiet"]


def output(*words, **options) -> str:
    run = subprocess.run([str(word) for word in words], capture_output=True, encoding="utf-8", timeout=900, **options)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """Of the build tree as it stands."""
    made = tmp_path_factory.mktemp("wheel")
    output("/usr/bin/python3", "-B", "setup.py", "-q", "build", "-b", made / "build", "egg_info", "-e", made,
           "bdist_wheel", "-b", made / "wheel", "-d", made / "dist", cwd=ROOT,
           env={**os.environ, "CHIPMIX_BUILD": str(BUILD)})
    return next((made / "dist").glob("chipmix-*.whl"))


@pytest.fixture(scope="module")
def site(wheel, tmp_path_factory) -> Path:
    """Where pip installed it, without an index and without anything else."""
    folder = tmp_path_factory.mktemp("site")
    output("/usr/bin/python3", "-m", "pip", "install", "--no-index", "--no-compile", "--quiet", "--target", folder,
           wheel)
    return folder


def elf_files(folder: Path):
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.open("rb").read(4) == b"\x7fELF":
            yield path


def test_does_every_file_find_its_libraries_in_the_wheel(site):
    seen = 0
    for path in elf_files(site):
        seen += 1
        dynamic = output("objdump", "-p", path)
        places = [path.parent / place.removeprefix("$ORIGIN").lstrip("/")
                  for place in re.findall(r"(?:RPATH|RUNPATH)\s+(\S+)", dynamic)]
        assert all("$ORIGIN" in place for place in re.findall(r"(?:RPATH|RUNPATH)\s+(\S+)", dynamic)), path
        for name in set(re.findall(r"NEEDED\s+(\S+)", dynamic)) - SYSTEM:
            found = [place / name for place in places if (place / name).is_file()]
            assert found and found[0].resolve().is_relative_to(site), f"{path.relative_to(site)} needs {name}"
    assert seen > 10


def test_does_the_wheel_say_which_systems_it_is_for(wheel, site):
    asked = max(tuple(map(int, found)) for path in elf_files(site)
                for found in re.findall(r"\bGLIBC_(\d+)\.(\d+)", output("objdump", "-p", path)))
    major, minor = asked
    tag = f"cp3{sys.version_info.minor}-cp3{sys.version_info.minor}-manylinux_{major}_{minor}_{os.uname().machine}"
    assert wheel.name.endswith(f"-{tag}.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = next(archive.read(name).decode() for name in names if name.endswith("METADATA"))
    assert {"tables", "plots", "dask", "mpi"} <= set(re.findall(r"Provides-Extra: (\w+)", metadata))
    assert all("extra ==" in line for line in re.findall(r"Requires-Dist: (.*)", metadata))
    assert [name for name in names if name.startswith("chipmix/lib/licences/")]


def closure(*names) -> list[str]:
    """Debian packages with all that they depend on."""
    found: list[str] = []
    todo = list(names)
    while todo:
        name = todo.pop()
        if name in found:
            continue
        found.append(name)
        shown = subprocess.run(["dpkg-query", "-W", "-f", "${Depends},${Pre-Depends}", name], capture_output=True,
                               encoding="utf-8")
        todo += [re.sub(r"[\s(:|].*", "", part.strip()) for part in shown.stdout.split(",") if part.strip()]
    return found


@pytest.fixture(scope="module")
def bare(site, tmp_path_factory) -> Path:
    """A root with Python, GCC's runtime for C++, what they depend on, and the installed wheel."""
    root = tmp_path_factory.mktemp("bare")
    files: set[str] = set()
    for package in closure("python3", "libstdc++6"):
        listed = subprocess.run(["dpkg-query", "-L", package], capture_output=True, encoding="utf-8").stdout
        files |= {file for file in listed.splitlines()
                  if not re.match(r"/usr/share|/etc|/var|/usr/lib/python3/|.*__pycache__", file)}
    for name in ("bin", "lib", "lib64", "sbin"):
        (root / "usr" / name).mkdir(parents=True, exist_ok=True)
        (root / name).symlink_to(f"usr/{name}")
    for file in sorted(files):
        source, target = Path(file), root / file.lstrip("/")
        if source.is_symlink() or source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists() and not target.is_symlink():
                shutil.copy2(source, target, follow_symlinks=False)
    for folder in ("proc", "tmp", "dev"):
        (root / folder).mkdir(exist_ok=True)
    shutil.copytree(site, root / "site", symlinks=True)
    return root


def inside(root: Path, *words, code: int = 0) -> str:
    """Runs a command in the root, without a network."""
    user = ["--user", "--map-root-user"] if os.geteuid() else []
    run = subprocess.run(["unshare", *user, "--mount", "--net", "--pid", "--fork", f"--mount-proc={root}/proc",
                          "chroot", root, *words], capture_output=True, encoding="utf-8",
                         env={"PATH": "/usr/bin:/usr/sbin", "LANG": "C.UTF-8"}, timeout=300)
    if run.returncode and ("unshare:" in run.stderr or "chroot:" in run.stderr):
        pytest.skip(f"no namespaces here: {run.stderr}")
    assert run.returncode == code, run.stdout + run.stderr
    return run.stdout


def test_is_the_bare_root_bare(bare):
    held = {path.name for path in bare.rglob("*.so*") if not path.is_relative_to(bare / "site")}
    assert not [name for name in held if re.match(r"lib(fmt|Cbc|Clp|xlsxwriter|simgrid|lapack|gfortran)\b", name)]
    assert inside(bare, "/usr/bin/python3", "-I", "-c", "import importlib.util as u; print(u.find_spec('numpy'))") == \
        "None\n"


def test_does_the_program_in_the_wheel_answer_where_only_python_is(bare):
    ours = program(*QUESTION)
    assert inside(bare, "/site/chipmix/bin/chipmix", *QUESTION) == ours.stdout
    asked = ["estimate", "/site/chipmix/share/chipmix/scenarios/llama31_405b.json", "--option", "h100", "--engine",
             "simgrid", "--format", "json", "--quiet"]
    assert '"step_time_s"' in inside(bare, "/site/chipmix/bin/chipmix", *asked)


def test_does_the_package_answer_where_only_python_is(bare):
    script = """
import sys
sys.path.insert(0, "/site")
import chipmix
assert not {"numpy", "pandas", "matplotlib"} & set(sys.modules)
answer = chipmix.ask("llama-3.1-8b", "1T", "64xH100")
first = next(iter(answer))
print(repr(answer), repr(first))
print(first._repr_html_()[:5])
played = chipmix.estimate("/site/chipmix/share/chipmix/scenarios/llama31_405b.json", "h100", engine="simgrid")
print(f"{played.step_time_s:.3f}")
for call in (answer.to_pandas, lambda: chipmix.sweep, answer.plot):
    try:
        call()
    except ImportError as error:
        print(error)
"""
    printed = inside(bare, "/usr/bin/python3", "-I", "-c", script)
    assert "<Estimate" in printed and "days" in printed and "\n<b>" in printed
    assert printed.count("pip install 'chipmix[tables]'") == 2 and printed.count("pip install 'chipmix[plots]'") == 1


def test_is_the_command_of_an_installed_package_the_program(site):
    command = site / "bin" / "chipmix"
    env = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(site)}
    assert output("/usr/bin/python3", command, *QUESTION, env=env) == program(*QUESTION).stdout
    assert output("/usr/bin/python3", "-m", "chipmix", *QUESTION, env=env) == program(*QUESTION).stdout
