"""Makes a folder of ELF files run without the libraries of this machine: copies what they need into lib/, under names
of their own, and leads them there by paths relative to themselves.

    bundle.bundle(folder)     what to do once the programs and extensions stand in the folder
    bundle.newest_glibc(folder)    the C library that the folder then needs, as (2, 36)
"""

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

# What every Debian system has: the C library with its parts, and GCC's runtime for C++.
SYSTEM = re.compile(r"ld-linux-[\w-]+|lib(c|m|dl|rt|util|pthread|stdc\+\+|gcc_s)")


def _output(*words) -> str:
    return subprocess.run([str(word) for word in words], check=True, capture_output=True, encoding="utf-8").stdout


def elf_files(folder: Path) -> list[Path]:
    """Programs and shared libraries, by their first bytes."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                if file.read(4) == b"\x7fELF":
                    found.append(path)
    return found


def needed(path: Path) -> list[str]:
    return _output("patchelf", "--print-needed", path).split()


def is_system(name: str) -> bool:
    return SYSTEM.fullmatch(name.split(".so")[0]) is not None


def _found(path: Path) -> dict[str, Path]:
    """Where the loader finds all that a file needs, and what these need."""
    text = _output("ldd", path)
    missing = re.findall(r"(\S+) => not found", text)
    if missing:
        raise FileNotFoundError(f"{path.name} needs {', '.join(missing)}, which this machine does not have")
    return {name: Path(place) for name, place in re.findall(r"(\S+) => (/\S+)", text) if not is_system(name)}


def _own_name(library: Path, name: str) -> str:
    """libCbc.so.3 as libCbc-1a2b3c4d.so.3: a process may have loaded another one of the old name."""
    mark = hashlib.sha256(library.read_bytes()).hexdigest()[:8]
    return re.sub(r"\.so", f"-{mark}.so", name, count=1)


def _terms(libraries: list[Path], folder: Path) -> None:
    """The licences of the Debian packages that libraries came from."""
    places = {str(place) for library in libraries for place in (library, library.resolve())}
    places |= {place.removeprefix("/usr") for place in places}  # as packages name them
    shown = subprocess.run(["dpkg-query", "-S", *sorted(places)], capture_output=True, encoding="utf-8").stdout
    folder.mkdir()
    for owner in sorted({line.split(":")[0] for line in shown.splitlines()}):
        terms = Path("/usr/share/doc") / owner / "copyright"
        if terms.exists():
            shutil.copyfile(terms, folder / f"{owner}.txt")


def bundle(folder: Path) -> None:
    lib = folder / "lib"
    shutil.rmtree(lib, ignore_errors=True)
    own = elf_files(folder)
    found: dict[str, Path] = {}
    for path in own:
        found.update(_found(path))
    lib.mkdir()
    names = {name: _own_name(place, name) for name, place in found.items()}
    for name, place in found.items():
        copy = lib / names[name]
        shutil.copyfile(place, copy)
        copy.chmod(0o755)
        _output("patchelf", "--set-soname", names[name], copy)
    _terms(list(found.values()), lib / "licences")
    for path in [*own, *(lib / name for name in names.values())]:
        _output("strip", "--strip-unneeded", path)
        words = [word for name in needed(path) if name in names for word in ("--replace-needed", name, names[name])]
        origin = f"$ORIGIN/{os.path.relpath(lib, path.parent)}"
        if words:
            _output("patchelf", *words, path)
        _output("patchelf", "--set-rpath", origin, path)  # apart: together they spoil the table of strings


def newest_glibc(folder: Path) -> tuple[int, int]:
    versions = [tuple(map(int, found)) for path in elf_files(folder)
                for found in re.findall(r"\bGLIBC_(\d+)\.(\d+)", _output("objdump", "-p", path))]
    return max(versions)
