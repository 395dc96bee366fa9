// One option answered. Headline figures are read from C++ at once; the whole answer is a page, made when asked for.
#include <pybind11/stl.h>

#include "asking.hpp"
#include "report/answers.hpp"
#include "scenario/plan_file.hpp"

namespace chipmix::python {
namespace {

struct Answer {
  std::shared_ptr<const scenario::Scenario> scenario;
  scenario::OptionAnswer answer;

  bool is_single() const { return answer.runs.size() == 1; }
  report::Page page() const {
    const scenario::Option& option = scenario->options[scenario->find(answer.name)];
    const auto& known = validation::known_runs(scenario::Library());
    return report::estimate_page(*scenario, answer, validation::evidence_for(*scenario, option, known));
  }
};

/// The scenario with the plan of a plan file in the option.
std::shared_ptr<const scenario::Scenario> with_plan(const QuestionPointer& question, int index,
                                                    const std::optional<std::string>& plan, const std::string& file) {
  const scenario::Option& option = question->scenario.options[index];
  if (!plan) return {question, &question->scenario};
  if (option.mix || !option.cluster)
    throw std::invalid_argument("plan: is for one cluster; option '" + option.name + "' is a mix or made of phases");
  if (!question->scenario.stages.empty()) throw std::invalid_argument("plan: is of one step, but the job has stages");
  auto changed = std::make_shared<scenario::Scenario>(question->scenario);
  scenario::take_plan_file(io::Document::parse(file, *plan), *changed, changed->options[index]);
  return changed;
}

/// Nothing is searched and nothing played: milliseconds.
bool is_quick(const scenario::Option& option, const std::string& engine) {
  return (option.plan || option.given) && !engine::plays_events(engine_of(engine));
}

Answer estimate(const QuestionPointer& question, const std::string& name, const std::optional<std::string>& plan,
                const std::string& plan_file, const std::string& engine, bool intervals, int jobs,
                const py::object& progress) {
  const int index = option_index(*question, name);
  const auto scenario = with_plan(question, index, plan, plan_file);
  const scenario::Option& option = scenario->options[index];
  require_event_engine(option, engine);
  const auto answer = [&](const Watch& watch) {
    scenario::Settings how = settings(watch, jobs, engine);
    how.intervals = intervals;
    how.anchors = question->anchors;
    auto one = scenario::answer_option(*scenario, index, how);
    scenario::hold_to_targets(one, *scenario);
    return one;
  };
  if (is_quick(option, engine)) return {scenario, at_once([&] { return answer({}); })};
  return {scenario, watched(progress, answer)};
}

std::optional<double> step_time(const Answer& a) {
  if (!a.is_single()) return std::nullopt;
  return a.answer.runs.front().estimate.step_time.value();
}

std::optional<double> cost(const Answer& a) {
  if (!a.answer.priced()) return std::nullopt;
  return a.answer.bill.total().amount;
}

std::optional<double> if_feasible(const Answer& a, double value) {
  if (!a.answer.feasible()) return std::nullopt;
  return value;
}

}  // namespace

void bind_estimate(py::module_& module) {
  py::class_<Answer>(module, "OptionAnswer", "One option answered, or why it cannot be.")
      .def_property_readonly("feasible", [](const Answer& a) { return a.answer.feasible(); })
      .def_property_readonly("step_time_s", &step_time)
      .def_property_readonly("cost", &cost)
      .def_property_readonly("tokens_per_s", [](const Answer& a) { return if_feasible(a, a.answer.tokens_per_s); })
      .def_property_readonly("mfu", [](const Answer& a) { return if_feasible(a, a.answer.mfu); })
      .def_property_readonly("days", [](const Answer& a) { return if_feasible(a, days(a.answer.duration)); })
      .def("page", &Answer::page);
  module.def("estimate", &estimate, py::arg("question"), py::arg("option"), py::arg("plan"), py::arg("plan_file"),
             py::arg("engine"), py::arg("intervals"), py::arg("jobs"), py::arg("progress"),
             "Answers one option: its plan, or the plan given as a plan file's text, or the best plan found.");
}

}  // namespace chipmix::python
