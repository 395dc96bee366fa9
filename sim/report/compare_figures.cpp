#include "report/compare_figures.hpp"

#include <fmt/format.h>

#include "report/number.hpp"
#include "report/svg.hpp"
#include "report/time_shares.hpp"

namespace chipmix::report {
namespace {

using scenario::OptionAnswer;
using scenario::Scenario;

Figure costs(const Scenario& scenario, const scenario::Comparison& comparison) {
  std::vector<Bar> list;
  for (const OptionAnswer& a : comparison.options) {
    if (!a.priced()) continue;
    const Money cost = cost_per_1t(a, scenario);
    list.push_back({a.label, cost.amount * a.cost_p10, cost.amount, cost.amount * a.cost_p90, money(cost)});
  }
  const std::string title = "Cost per 1T tokens, " + scenario.currency.code;
  return {bars(title, "A bar for each option from zero, a line from P10 to P90", list),
          title + ": bars are central, lines run from P10 to P90."};
}

Figure cost_and_days(const Scenario& scenario, const scenario::Comparison& comparison) {
  std::vector<Point> list;
  for (const OptionAnswer& a : comparison.options)
    if (a.priced()) list.push_back({a.label, days(a.duration), cost_per_1t(a, scenario).amount / 1e6, a.pareto});
  return {points("Cost and days", "A point for each option; full ones are on the front", "days",
                 fmt::format("M {} per 1T tokens", scenario.currency.code), list),
          "Cost against days: no other option is both cheaper and faster than a full point."};
}

Figure step_time(const scenario::Comparison& comparison) {
  std::vector<Stack> list;
  for (const OptionAnswer& a : comparison.options) {
    if (!a.feasible() || a.runs.size() != 1) continue;
    const auto shares = time_shares(a.runs.front().estimate);
    list.push_back({a.label, {shares.begin(), shares.end()}});
  }
  if (list.empty()) return {};
  return {stacks("Where a step's time goes", "A bar for each option, all of it the step time",
                 {share_names.begin(), share_names.end()}, list),
          "Where a step's time goes, as shares of it."};
}

}  // namespace

std::vector<Figure> compare_figures(const Scenario& scenario, const scenario::Comparison& comparison) {
  return {costs(scenario, comparison), cost_and_days(scenario, comparison), step_time(comparison)};
}

}  // namespace chipmix::report
