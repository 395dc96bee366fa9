// Every option side by side.
#include <pybind11/stl.h>

#include "asking.hpp"
#include "report/answers.hpp"

namespace chipmix::python {
namespace {

struct Comparison {
  QuestionPointer question;
  scenario::Comparison comparison;

  report::Page page() const {
    const auto& known = validation::known_runs(scenario::Library());
    return report::compare_page(question->scenario, comparison, validation::evidence_for(question->scenario, known));
  }
};

Comparison compare(const QuestionPointer& question, const std::string& engine, int jobs, const py::object& progress) {
  for (const scenario::Option& option : question->scenario.options) require_event_engine(option, engine);
  return {question, watched(progress, [&](const Watch& watch) {
            scenario::Library library(question->shared->folder);  // read on this thread alone
            scenario::Settings how = settings(watch, jobs, engine);
            how.anchors = question->anchors;
            return scenario::compare(question->scenario, question->document, library, how);
          })};
}

}  // namespace

void bind_compare(py::module_& module) {
  py::class_<Comparison>(module, "Comparison", "Every option of a scenario answered.").def("page", &Comparison::page);
  module.def("compare", &compare, py::arg("question"), py::arg("engine"), py::arg("jobs"), py::arg("progress"),
             "Answers every option.");
}

}  // namespace chipmix::python
