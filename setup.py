"""Makes the Python package: CMake builds the extension and the programs; these, the data folders and the libraries they
need go into it, so that it runs where only Python is.

    ./package wheel                        dist/chipmix-*.whl
    pip install --no-build-isolation .     the same, installed at once

CHIPMIX_BUILD names a build tree to use and keep, such as the one that ./test left; without it pip builds in one of its
own.
"""

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext
from wheel.bdist_wheel import bdist_wheel

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "cmake"))
from bundle import bundle, newest_glibc  # noqa: E402

DATA = ("hardware_profiles", "models", "published_runs", "scenarios")
PROGRAMS = ("chipmix", "chipmix_simgrid")


class BuildWithCMake(build_ext):
    def build_extension(self, extension: Extension) -> None:
        target = Path(self.get_ext_fullpath(extension.name)).resolve()
        tree = Path(os.environ.get("CHIPMIX_BUILD") or self.build_temp).resolve()
        subprocess.check_call(["cmake", "-S", ROOT, "-B", tree, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
                               "-DCHIPMIX_PYTHON=ON", f"-DPython3_EXECUTABLE={sys.executable}"])
        jobs = os.environ.get("CMAKE_BUILD_PARALLEL_LEVEL") or str(os.cpu_count() or 1)
        subprocess.check_call(["cmake", "--build", tree, "--target", "_chipmix", *PROGRAMS, "--parallel", jobs])
        package = target.parent
        (package / "bin").mkdir(parents=True, exist_ok=True)
        shutil.copy2(tree / "python" / "chipmix" / target.name, target)
        for program in PROGRAMS:
            shutil.copy2(tree / "bin" / program, package / "bin" / program)
        for folder in DATA:
            shutil.copytree(ROOT / folder, package / "share" / "chipmix" / folder, dirs_exist_ok=True)
        bundle(package)


class Wheel(bdist_wheel):
    def get_tag(self) -> tuple[str, str, str]:
        """The platform by the C library that the files in it ask for."""
        python, abi, _ = super().get_tag()
        major, minor = newest_glibc(Path(self.bdist_dir))
        return python, abi, f"manylinux_{major}_{minor}_{platform.machine()}"


setup(ext_modules=[Extension("chipmix._chipmix", [])], cmdclass={"build_ext": BuildWithCMake, "bdist_wheel": Wheel})
