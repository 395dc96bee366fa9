"""Is the imaginary device's file the one its program writes, and do its few shapes pin the figures behind it?"""

import json
import statistics
import sys

import chipmix_measure as measure
import imaginary
import pytest
from conftest import ROOT
from measurement_file import faults

FILE = ROOT / "notebooks" / "data" / "imaginary_accelerator.json"

sys.path.insert(0, str(ROOT / "bench"))


def test_is_the_file_what_the_program_writes(tmp_path):
    again = tmp_path / "again.json"
    assert imaginary.main([str(again)]) == 0
    assert again.read_text() == FILE.read_text()
    assert faults(json.loads(again.read_text())) == []


def test_do_the_shapes_of_the_design_give_the_figures_back():
    """By the fit of bench/fit_compute.py, which knows nothing of how the times were made."""
    fit_compute = pytest.importorskip("fit_compute", reason="scipy is not installed")
    content = json.loads(FILE.read_text())
    points = {"devices": {"x": {"peak": imaginary.PEAK, "memory_bandwidth": imaginary.BANDWIDTH,
                                "compute_units": imaginary.UNITS}}, "gemm": []}
    for dtype in imaginary.PEAK:
        rows = [[s["m"], s["n"], s["k"], 2 * s["m"] * s["n"] * s["k"] / statistics.median(s["seconds"])]
                for s in content["samples"] if s["kind"] == "gemm" and s["dtype"] == dtype and "batch" not in s]
        points["gemm"].append({"device": "x", "dtype": dtype, "source": "imaginary.py", "points": rows})
    found = fit_compute.fit(points)["x"]
    true = imaginary.TRUE
    for dtype, share in true["gemm"].items():
        assert found["gemm"][dtype]["share"] == pytest.approx(share, rel=0.03)
    assert found["memory"] == pytest.approx(true["memory"], rel=0.03)
    assert found["kernel_overhead_s"] == pytest.approx(true["kernel_overhead"], rel=0.1)


def test_is_no_output_kept_in_the_notebook():
    notebook = json.loads((ROOT / "notebooks" / "05_calibrate_your_device.ipynb").read_text())
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert len(cells) > 5
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in cells)


def test_does_every_kind_that_has_a_law_appear():
    kinds = {sample["kind"] for sample in json.loads(FILE.read_text())["samples"]}
    assert kinds == {*imaginary.LAWS, "sustained"}
    assert set(imaginary.LAWS) <= {name for name, _, _ in measure.GROUPS}
