// The best plans of one option.
#include <pybind11/stl.h>

#include <chrono>

#include "asking.hpp"
#include "io/quantity_text.hpp"
#include "report/answers.hpp"

namespace chipmix::python {
namespace {

planner::Objective objective_of(const std::string& name) {
  for (const auto known : {planner::Objective::time, planner::Objective::cost, planner::Objective::energy})
    if (name == planner::name(known)) return known;
  throw std::invalid_argument("objective: '" + name + "' is none of time, cost, energy");
}

double budget_in(const scenario::Scenario& scenario, const std::string& text) {
  const auto amount = io::parse_quantity<Money>(text);
  if (!amount.value) throw std::invalid_argument("budget: " + amount.message + "; " + amount.hint);
  if (!(amount.value->amount > 0)) throw std::invalid_argument("budget: takes an amount above 0, not '" + text + "'");
  if (!scenario.rates.can_convert(amount.value->currency, scenario.currency))
    throw std::invalid_argument("budget: is in " + amount.value->currency.code + ", and the scenario has no rate to " +
                                scenario.currency.code);
  return scenario.rates.convert(*amount.value, scenario.currency).amount;
}

planner::Constraints constraints(const scenario::Scenario& scenario, const scenario::Option& option,
                                 const std::string& objective, std::optional<double> deadline_days,
                                 const std::optional<std::string>& budget) {
  planner::Constraints constraints{objective_of(objective), deadline_days, {}};
  if (constraints.deadline) *constraints.deadline *= seconds_per_day;
  if (budget) constraints.budget = budget_in(scenario, *budget);
  if ((constraints.objective == planner::Objective::cost || constraints.budget) && !option.rent())
    throw std::invalid_argument("option: '" + option.name + "' has no rent, so its plans have no cost");
  if (constraints.objective == planner::Objective::energy && !scenario.electricity)
    throw std::invalid_argument("objective: the scenario says nothing about electricity, so its plans have no energy");
  return constraints;
}

using Clock = std::chrono::steady_clock;

double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// Asked to stop, or out of time.
planner::Stop stop_after(const Watch& watch, std::optional<double> seconds) {
  return [&watch, seconds, start = Clock::now()] { return watch.stop() || (seconds && since(start) >= *seconds); };
}

report::Page plan_mix(const Question& question, int index, int jobs, std::optional<double> seconds,
                      const Watch& watch) {
  const scenario::Scenario& scenario = question.scenario;
  scenario::Settings how = settings(watch, jobs, "analytical");
  how.anchors = question.anchors;
  how.stop = stop_after(watch, seconds);
  const auto start = Clock::now();
  const auto answer = scenario::answer_option(scenario, index, how);
  return report::mix_plan_page(scenario, scenario.options[index], answer, how.jobs, since(start));
}

report::Page plan(const QuestionPointer& question, const std::string& name, int top, const std::string& objective,
                  std::optional<double> deadline_days, const std::optional<std::string>& budget, bool diverse,
                  std::optional<double> time_limit, int jobs, const py::object& progress) {
  const scenario::Scenario& scenario = question->scenario;
  const int index = option_index(*question, name);
  const scenario::Option& option = scenario.options[index];
  if (!option.cluster)
    throw std::invalid_argument("option: '" + name + "' is made of phases; name one of the options in it");
  if (!scenario.stages.empty())
    throw std::invalid_argument("option: the job has stages, each with a plan of its own; ask 'estimate' for them");
  if (option.mix)
    return watched(progress, [&](const Watch& watch) { return plan_mix(*question, index, jobs, time_limit, watch); });
  const planner::Constraints wanted = constraints(scenario, option, objective, deadline_days, budget);
  return watched(progress, [&](const Watch& watch) {
    planner::SearchLimits effort;
    effort.keep = top;
    effort.diverse = diverse;
    effort.jobs = threads(jobs);
    effort.progress = [&](const planner::SearchProgress& standing) { watch.progress(standing.share); };
    effort.stop = stop_after(watch, time_limit);
    return report::plan_page(scenario, option,
                             scenario::list_plans(scenario, option, wanted, effort, question->anchors), effort.jobs);
  });
}

}  // namespace

void bind_plan(py::module_& module) {
  module.def("plan", &plan, py::arg("question"), py::arg("option"), py::arg("top"), py::arg("objective"),
             py::arg("deadline_days"), py::arg("budget"), py::arg("diverse"), py::arg("time_limit"), py::arg("jobs"),
             py::arg("progress"), "The best plans of one option.");
}

}  // namespace chipmix::python
