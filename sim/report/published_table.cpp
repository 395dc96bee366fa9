#include "report/published_table.hpp"

#include <fmt/format.h>

#include <cmath>

#include "report/money_scale.hpp"

namespace chipmix::report {
namespace {

using scenario::Comparison;
using scenario::OptionAnswer;
using scenario::PublishedSpec;
using scenario::Scenario;

double amount(const Scenario& scenario, const PublishedSpec& figure) {
  return scenario.rates.convert(figure.cost_per_1t_tokens, scenario.currency).amount;
}

/// The published figure about the baseline; 0 if there is none.
double published_baseline(const Scenario& scenario) {
  for (const PublishedSpec& figure : scenario.published)
    if (figure.option && scenario.find(*figure.option) == scenario.baseline) return amount(scenario, figure);
  return 0;
}

/// "+12 %"; a change that rounds to nothing is "+0 %".
Cell change(double ratio) { return {ratio, fmt::format("{:+.0f} %", std::round((ratio - 1) * 100) + 0.0)}; }

Cell predicted(const Scenario& scenario, const OptionAnswer& answer, const MoneyScale& scale) {
  if (!answer.priced()) return {};
  const double cost = cost_per_1t(answer, scenario).amount;
  return {cost, scale.text(cost)};
}

MoneyScale published_scale(const Scenario& scenario) {
  std::vector<double> amounts;
  for (const PublishedSpec& figure : scenario.published) amounts.push_back(amount(scenario, figure));
  return {amounts, scenario.currency};
}

}  // namespace

Table published_table(const Scenario& scenario, const Comparison& comparison) {
  const std::string baseline = comparison.options[comparison.baseline].name;
  const double reference = published_baseline(scenario);
  Table table;
  const MoneyScale scale = published_scale(scenario);
  table.title = "Published figures beside the prediction, " + scale.unit() + " per 1T tokens";
  table.columns = {{"published"},
                   numeric("figure"),
                   numeric("vs " + baseline, "", "published_relative"),
                   {"predicted for"},
                   numeric("predicted"),
                   numeric("vs " + baseline, "", "predicted_relative"),
                   numeric("predicted vs published", "", "predicted_over_published")};
  for (const PublishedSpec& figure : scenario.published) {
    const double cost = amount(scenario, figure);
    const Cell saving = reference > 0 && cost != reference ? change(cost / reference) : Cell{};
    for (std::size_t i = 0; i < comparison.options.size(); ++i) {
      const OptionAnswer& a = comparison.options[i];
      const bool meant = figure.option ? a.name == *figure.option : static_cast<int>(i) != comparison.baseline;
      if (!meant) continue;
      const Cell ours = predicted(scenario, a, scale);
      const Cell ratio = a.priced() ? change(cost_per_1t(a, scenario).amount / cost) : Cell{};
      table.add({figure.label,
                 {cost, scale.text(cost)},
                 saving,
                 a.label,
                 ours,
                 a.relative_cost > 0 ? change(a.relative_cost) : Cell{},
                 ratio});
    }
  }
  return table;
}

}  // namespace chipmix::report
