// The procurement report, as the bytes of a file to hand on.
#include <pybind11/stl.h>

#include "report/report_file.hpp"

#include "asking.hpp"

namespace chipmix::python {
namespace {

py::bytes report_bytes(const QuestionPointer& question, const std::string& kind,
                       const std::optional<std::string>& option, int jobs, const py::object& progress) {
  return watched(progress, [&](const Watch& watch) -> std::string {
    scenario::Library library(question->shared->folder);  // read on this thread alone
    report::ReportOrder order{kind, CHIPMIX_VERSION};
    order.option = option;
    scenario::Settings how = settings(watch, jobs, "analytical");
    how.anchors = question->anchors;
    return report::report_file(order, question->scenario, question->document, library, how).bytes;
  });
}

}  // namespace

void bind_report(py::module_& module) {
  module.def("report", &report_bytes, py::arg("question"), py::arg("kind"), py::arg("option"), py::arg("jobs"),
             py::arg("progress"),
             "The report as a file of the kind \"html\", \"pdf\", \"md\", \"xlsx\" or \"csv\" (FOCUS cost rows).");
}

}  // namespace chipmix::python
