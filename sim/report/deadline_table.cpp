#include "report/deadline_table.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "report/number.hpp"

namespace chipmix::report {

using Json = nlohmann::ordered_json;
using scenario::EnoughDevices;
using scenario::OptionAnswer;
using scenario::Scenario;

namespace {

Cell chance(double probability) { return {probability, fmt::format("{:.0f} %", 100 * probability)}; }

/// "yes", "12.3 days late".
Cell in_time(const OptionAnswer& a) {
  if (!a.deadline) return {};
  const double late = days(a.deadline->late);
  return {late, a.deadline->is_met() ? "yes" : significant(late) + " days late"};
}

Cell within_budget(const Scenario& scenario, const OptionAnswer& a) {
  if (!a.budget) return {};
  const double over = a.budget->over;
  return {over, a.budget->is_met() ? "yes" : money({over, scenario.currency}) + " over"};
}

/// Devices that would be in time, their days and their cost.
std::vector<Cell> enough(const Scenario& scenario, const OptionAnswer& a) {
  if (!a.deadline || !a.deadline->enough)
    return {a.deadline && !a.deadline->why_not.empty() ? Cell(a.deadline->why_not) : Cell{}, {}, {}, {}, {}};
  const EnoughDevices& e = *a.deadline->enough;
  return {{1.0 * e.devices, grouped(e.devices)},
          {days(e.duration), significant(days(e.duration))},
          chance(e.probability),
          e.cost ? Cell{*e.cost, money({*e.cost, scenario.currency})} : Cell{},
          e.cheaper ? Cell{1.0 * e.cheaper->devices, fmt::format("{}: {}", grouped(e.cheaper->devices),
                                                                 money({e.cheaper->cost, scenario.currency}))}
                    : Cell{}};
}

Json cheaper_json(const EnoughDevices& enough) {
  if (!enough.cheaper) return nullptr;
  return {
      {"devices", enough.cheaper->devices}, {"days", days(enough.cheaper->duration)}, {"cost", enough.cheaper->cost}};
}

Json known(bool is_known, double value) { return is_known ? Json(value) : Json(nullptr); }

}  // namespace

Table deadline_table(const Scenario& scenario, const scenario::Comparison& comparison) {
  Table table;
  table.title = "Done " + target_text(scenario) + "?";
  table.columns = {{"option"}};
  if (scenario.deadline)
    for (Column column : {numeric("in time", "", "days_late"), numeric("probability", "", "probability_in_time"),
                          numeric("smallest number of devices in time", "", "devices_needed"),
                          numeric("days with them", "", "days_with_devices_needed"),
                          numeric("probability with them", "", "probability_with_devices_needed"),
                          numeric("cost with them", "", "cost_with_devices_needed_" + scenario.currency.code),
                          droppable(numeric("larger and cheaper", "", "cheaper_devices"), 1)})
      table.columns.push_back(std::move(column));
  if (scenario.budget)
    for (Column column : {numeric("within budget", "", "over_budget_" + scenario.currency.code),
                          numeric("probability", "", "probability_within_budget")})
      table.columns.push_back(std::move(column));
  if (table.columns.size() == 1) return table;
  for (const OptionAnswer& a : comparison.options) {
    if (!a.feasible()) continue;
    std::vector<Cell> row = {a.label};
    if (scenario.deadline) {
      row.push_back(in_time(a));
      row.push_back(a.deadline ? chance(a.deadline->probability) : Cell{});
      for (Cell& cell : enough(scenario, a)) row.push_back(std::move(cell));
    }
    if (scenario.budget) {
      row.push_back(within_budget(scenario, a));
      row.push_back(a.budget ? chance(a.budget->probability) : Cell{});
    }
    table.add(std::move(row));
  }
  return table;
}

std::string target_remark(const Scenario& scenario, const OptionAnswer& a) {
  std::string text;
  const auto add = [&](bool is_met, const std::string& target, const std::string& missed, double probability) {
    text += fmt::format("{}{} {} (probability of keeping it {:.0f} %).", text.empty() ? "" : " ", target,
                        is_met ? "is kept" : missed, 100 * probability);
  };
  if (a.deadline)
    add(a.deadline->is_met(), fmt::format("The deadline of {} days", significant(days(*scenario.deadline))),
        fmt::format("is missed by {} days", significant(days(a.deadline->late))), a.deadline->probability);
  if (a.budget) {
    const Money budget = scenario.rates.convert(*scenario.budget, scenario.currency);
    add(a.budget->is_met(), fmt::format("The budget of {}", money(budget)),
        fmt::format("is exceeded by {}", money({a.budget->over, scenario.currency})), a.budget->probability);
  }
  if (a.deadline && !a.deadline->is_met() && !a.deadline->enough)
    text += " 'compare' finds the number of devices that would be in time.";
  return text;
}

Json deadline_json(const OptionAnswer& answer) {
  if (!answer.deadline) return nullptr;
  const scenario::DeadlineAnswer& one = *answer.deadline;
  Json needed = nullptr;
  if (one.enough)
    needed = {{"devices", one.enough->devices},
              {"days", days(one.enough->duration)},
              {"probability", one.enough->probability},
              {"cost", known(one.enough->cost.has_value(), one.enough->cost.value_or(0))},
              {"largest_that_misses", one.enough->too_few},
              {"searched", one.enough->searched},
              {"cheaper", cheaper_json(*one.enough)}};
  return {{"met", one.is_met()},
          {"days_late", days(one.late)},
          {"probability", one.probability},
          {"devices_needed", std::move(needed)},
          {"none_because", one.why_not.empty() ? Json(nullptr) : Json(one.why_not)}};
}

Json budget_json(const OptionAnswer& answer) {
  if (!answer.budget) return nullptr;
  return {{"met", answer.budget->is_met()}, {"over", answer.budget->over}, {"probability", answer.budget->probability}};
}

Json targets_json(const Scenario& scenario) {
  return {{"deadline_days", scenario.deadline ? Json(days(*scenario.deadline)) : Json(nullptr)},
          {"budget",
           scenario.budget ? Json(scenario.rates.convert(*scenario.budget, scenario.currency).amount) : Json(nullptr)}};
}

}  // namespace chipmix::report
