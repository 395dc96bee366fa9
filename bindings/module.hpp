// The parts of the extension _chipmix, one per file.
#pragma once

#include <pybind11/pybind11.h>

namespace chipmix::python {

namespace py = pybind11;

void bind_errors(py::module_& module);
void bind_page(py::module_& module);
void bind_scenario(py::module_& module);
void bind_estimate(py::module_& module);
void bind_compare(py::module_& module);
void bind_plan(py::module_& module);
void bind_procure(py::module_& module);
void bind_validate(py::module_& module);
void bind_catalogue(py::module_& module);
void bind_calibrate(py::module_& module);
void bind_report(py::module_& module);
void bind_sweep(py::module_& module);

}  // namespace chipmix::python
