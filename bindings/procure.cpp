// What to buy and rent.
#include <pybind11/stl.h>

#include "asking.hpp"
#include "report/procure_page.hpp"
#include "scenario/cases.hpp"
#include "scenario/risk.hpp"

namespace chipmix::python {
namespace {

report::Page procure(const QuestionPointer& question, double time_limit, int jobs, const py::object& progress) {
  const scenario::Scenario& scenario = question->scenario;
  if (!scenario.procurement)
    throw std::invalid_argument("scenario: has no \"procurement\", which says what can be bought and rented");
  return watched(progress, [&](const Watch& watch) {
    scenario::Library library(question->shared->folder);  // read on this thread alone
    const auto cases = scenario::read_cases(scenario, question->document, library);
    scenario::Settings how = settings(watch, jobs, "analytical");
    how.seconds = time_limit;
    const auto result = scenario::procure(scenario, how);
    return report::procure_page(scenario, result, scenario::weigh(scenario, result, cases, how));
  });
}

}  // namespace

void bind_procure(py::module_& module) {
  module.def("procure", &procure, py::arg("question"), py::arg("time_limit"), py::arg("jobs"), py::arg("progress"),
             "What to buy and rent for the scenario's jobs, and when.");
}

}  // namespace chipmix::python
