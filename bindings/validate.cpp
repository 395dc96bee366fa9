// Predictions beside published runs.
#include <pybind11/stl.h>

#include "io/folder.hpp"
#include "report/validate_page.hpp"
#include "running.hpp"
#include "scenario/library.hpp"

namespace chipmix::python {
namespace {

std::vector<std::filesystem::path> tables(const std::optional<std::string>& cases) {
  if (!cases) return validation::own_tables(scenario::Library());
  if (io::is_folder(*cases)) return validation::tables_in(*cases);
  return {*cases};
}

report::Page validate(const std::optional<std::string>& cases, bool intervals, int jobs, const py::object& progress) {
  return watched(progress, [&](const Watch& watch) {
    const auto runs = validation::read_all(tables(cases)).runs;
    return report::validate_page(runs,
                                 validation::predict_all(runs, threads(jobs), intervals, watch.progress, watch.stop),
                                 validation::own_left_out(scenario::Library()));
  });
}

}  // namespace

void bind_validate(py::module_& module) {
  module.def("validate", &validate, py::arg("cases"), py::arg("intervals"), py::arg("jobs"), py::arg("progress"),
             "Predicts published runs, or those of a table or a folder of tables.");
}

}  // namespace chipmix::python
