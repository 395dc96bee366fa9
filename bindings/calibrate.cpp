// Measurements made into profiles.
#include <pybind11/stl.h>

#include "io/folder.hpp"
#include "module.hpp"
#include "report/calibrate_page.hpp"
#include "running.hpp"
#include "validation/calibrated.hpp"

namespace chipmix::python {
namespace {

using validation::Calibrated;

Calibrated of_device(const std::vector<std::string>& files, const std::string& device,
                     const std::optional<std::string>& node, const std::optional<std::string>& link,
                     const std::optional<std::string>& header, const calibration::Named& columns,
                     const calibration::Named& rows, const calibration::Named& values, double hold_out,
                     std::uint64_t seed) {
  return at_once([&] {
    scenario::Library library(io::current_folder());
    return validation::calibrate_device(files, {device, node, link}, {header, columns, rows, values}, {hold_out, seed},
                                        library, CHIPMIX_VERSION);
  });
}

Calibrated of_stack(const std::vector<std::string>& files, const std::string& stack,
                    const std::vector<std::string>& scenarios, const std::vector<std::string>& options,
                    const std::vector<std::string>& plans) {
  return at_once([&] {
    const std::filesystem::path here = io::current_folder();
    scenario::Library library(scenarios.empty() ? here : std::filesystem::path(scenarios.front()).parent_path());
    return validation::calibrate_stack(files, {scenarios, options, plans}, stack, library, CHIPMIX_VERSION);
  });
}

std::vector<std::tuple<double, double, std::string>> points(const Calibrated& made) {
  std::vector<std::tuple<double, double, std::string>> list;
  for (const calibration::Point& point : made.found.points)
    list.emplace_back(point.measured, point.fitted, point.regime);
  return list;
}

}  // namespace

void bind_calibrate(py::module_& module) {
  py::class_<Calibrated>(module, "Calibrated", "What a calibration made.")
      .def_property_readonly("page", [](const Calibrated& made) { return report::calibrate_page(made); })
      .def_readonly("profiles", &Calibrated::profiles)
      .def_property_readonly("points", &points);
  module.def("calibrate_device", &of_device, py::arg("files"), py::arg("device"), py::arg("node"), py::arg("link"),
             py::arg("header"), py::arg("columns"), py::arg("rows"), py::arg("values"), py::arg("hold_out"),
             py::arg("seed"), "Fits a device and its links to files of measurements.");
  module.def("calibrate_stack", &of_stack, py::arg("files"), py::arg("stack"), py::arg("scenarios"), py::arg("options"),
             py::arg("plans"), "Fits a software stack to training logs and tables of runs.");
}

}  // namespace chipmix::python
