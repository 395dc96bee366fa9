"""pip install --no-build-isolation . : CMake builds the extension, and the data folders go into the package.

CHIPMIX_BUILD names a build tree to use and keep, such as the one that ./test left; without it pip builds in one of its
own.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

ROOT = Path(__file__).resolve().parent
DATA = ("hardware_profiles", "models", "published_runs")


class BuildWithCMake(build_ext):
    def build_extension(self, extension: Extension) -> None:
        target = Path(self.get_ext_fullpath(extension.name)).resolve()
        tree = Path(os.environ.get("CHIPMIX_BUILD") or self.build_temp).resolve()
        subprocess.check_call(["cmake", "-S", ROOT, "-B", tree, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
                               "-DCHIPMIX_PYTHON=ON", f"-DPython3_EXECUTABLE={sys.executable}"])
        jobs = os.environ.get("CMAKE_BUILD_PARALLEL_LEVEL") or str(os.cpu_count() or 1)
        subprocess.check_call(["cmake", "--build", tree, "--target", "_chipmix", "--parallel", jobs])
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(tree / "python" / "chipmix" / target.name, target)
        for folder in DATA:
            shutil.copytree(ROOT / folder, target.parent / "data" / folder, dirs_exist_ok=True)


setup(ext_modules=[Extension("chipmix._chipmix", [])], cmdclass={"build_ext": BuildWithCMake})
