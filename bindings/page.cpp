// Pages as the program shows them, and charts.
#include <pybind11/stl.h>

#include <stdexcept>

#include "module.hpp"
#include "report/chart/charts.hpp"
#include "report/page.hpp"

namespace chipmix::python {
namespace {

std::string render(const report::Page& page, const std::string& format, std::size_t width) {
  const report::TextStyle style{width, false};
  if (format == "table") return report::render(page, report::OutputFormat::text, style);
  if (format == "markdown") return report::render(page, report::OutputFormat::markdown, style);
  if (format == "csv") return report::render(page, report::OutputFormat::csv, style);
  if (format == "json") return report::render(page, report::OutputFormat::json, style);
  throw std::invalid_argument("format: '" + format + "' is none of table, json, csv, markdown");
}

std::string bars(const std::string& title, const std::string& description,
                 const std::vector<std::tuple<std::string, double, double, double, std::string>>& values) {
  std::vector<report::Bar> list;
  for (const auto& [label, low, value, high, text] : values) list.push_back({label, low, value, high, text});
  return report::bars({title, description}, list);
}

}  // namespace

void bind_page(py::module_& module) {
  py::class_<report::Page>(module, "Page", "What a command of the program shows.")
      .def_readonly("title", &report::Page::title)
      .def_readonly("remarks", &report::Page::remarks)
      .def_readonly("json", &report::Page::json)
      .def("render", &render, py::arg("format"), py::arg("width") = 180,
           "The page as the program's --format has it: table, json, csv or markdown.");
  module.def(
      "bars", &bars, py::arg("title"), py::arg("description"), py::arg("values"),
      "Horizontal bars as SVG, each of a label, low, value, high and text, escaped; empty when nothing is above 0.");
}

}  // namespace chipmix::python
