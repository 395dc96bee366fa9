"""Do the notebooks run from the top, with plots, and are they committed without outputs?"""

import concurrent.futures
import json
import os
import subprocess
import tempfile

import pytest

from conftest import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("0*.ipynb"))


def test_are_there_notebooks():
    assert len(NOTEBOOKS) >= 6


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_is_a_notebook_committed_without_outputs(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert cells[0]["cell_type"] == "markdown" and "".join(cells[0]["source"]).startswith("# ")
    for cell in cells:
        assert cell.get("outputs", []) == [] and cell.get("execution_count") is None and "id" in cell


def executed(path, folder) -> dict:
    """The notebook with its outputs. The kernel has folders and sockets of its own: TCP ports picked beforehand could be
    taken by another program before the kernel binds them, and it would die."""
    with tempfile.TemporaryDirectory() as own:
        environment = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
        run = subprocess.run(["/usr/bin/python3", "-m", "nbconvert", "--to", "notebook", "--execute",
                              "--ConnectionFileMixin.transport=ipc", f"--ConnectionFileMixin.ip={own}/kernel",
                              "--output-dir", str(folder), str(path)], capture_output=True, text=True, cwd=ROOT,
                             env=environment | {"IPYTHONDIR": f"{own}/ipython", "JUPYTER_RUNTIME_DIR": own})
    assert run.returncode == 0, run.stderr[-3000:]
    return json.loads((folder / path.name).read_text(encoding="utf-8"))


def test_do_all_run_and_draw(tmp_path):
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        done = dict(zip(NOTEBOOKS, pool.map(lambda path: executed(path, tmp_path), NOTEBOOKS)))
    for path, notebook in done.items():
        outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
        assert sum("image/png" in output.get("data", {}) for output in outputs) >= 2, path.name
        assert not any(output.get("name") == "stderr" for output in outputs), path.name
