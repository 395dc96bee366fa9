#include "report/published_table.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "report/money_scale.hpp"
#include "report/number.hpp"

namespace chipmix::report {
namespace {

using scenario::Comparison;
using scenario::OptionAnswer;
using scenario::PublishedSpec;
using scenario::Scenario;

double amount(const Scenario& scenario, const PublishedSpec& figure) {
  return scenario.rates.convert(*figure.cost_per_1t_tokens, scenario.currency).amount;
}

/// The published figure about the baseline; 0 if there is none.
double published_baseline(const Scenario& scenario) {
  for (const PublishedSpec& figure : scenario.published)
    if (figure.cost_per_1t_tokens && figure.option && scenario.find(*figure.option) == scenario.baseline)
      return amount(scenario, figure);
  return 0;
}

/// "+12 %"; a changed_cell that rounds to nothing is "+0 %".
Cell changed_cell(double ratio) { return {ratio, fmt::format("{:+.0f} %", std::round((ratio - 1) * 100) + 0.0)}; }

double tera_tokens(const Scenario& scenario) { return scenario.job.tokens / 1e12; }

/// The options that a figure stands beside: the one it names, else all but the baseline.
std::vector<const OptionAnswer*> meant(const PublishedSpec& figure, const Comparison& comparison) {
  std::vector<const OptionAnswer*> list;
  for (std::size_t i = 0; i < comparison.options.size(); ++i) {
    const OptionAnswer& a = comparison.options[i];
    if (figure.option ? a.name == *figure.option : static_cast<int>(i) != comparison.baseline) list.push_back(&a);
  }
  return list;
}

MoneyScale published_scale(const Scenario& scenario) {
  std::vector<double> amounts;
  for (const PublishedSpec& figure : scenario.published)
    if (figure.cost_per_1t_tokens) amounts.push_back(amount(scenario, figure));
  return {amounts, scenario.currency};
}

}  // namespace

Table published_table(const Scenario& scenario, const Comparison& comparison) {
  const std::string baseline = comparison.options[comparison.baseline].name;
  const double reference = published_baseline(scenario);
  Table table;
  const MoneyScale scale = published_scale(scenario);
  table.title = "Published figures and predictions, " + scale.unit() + " per 1T tokens";
  table.columns = {{"published"},
                   numeric("figure"),
                   {"counts"},
                   numeric("vs " + baseline, "", "published_relative"),
                   {"predicted for"},
                   numeric("predicted"),
                   numeric("vs " + baseline, "", "predicted_relative"),
                   numeric("predicted vs published", "", "predicted_over_published")};
  for (const PublishedSpec& figure : scenario.published) {
    if (!figure.cost_per_1t_tokens) continue;
    const double cost = amount(scenario, figure);
    const Cell saving = reference > 0 && cost != reference ? changed_cell(cost / reference) : Cell{};
    for (const OptionAnswer* a : meant(figure, comparison)) {
      const double ours = reached(*a, scenario, figure.scope).cost / tera_tokens(scenario);
      table.add({figure.label,
                 {cost, scale.text(cost)},
                 practice::name(figure.scope),
                 saving,
                 a->label,
                 a->priced() ? Cell{ours, scale.text(ours)} : Cell{},
                 a->relative_cost > 0 ? changed_cell(a->relative_cost) : Cell{},
                 a->priced() ? changed_cell(ours / cost) : Cell{}});
    }
  }
  return table;
}

Table published_hours_table(const Scenario& scenario, const Comparison& comparison) {
  Table table;
  table.title = "Published device-hours and predictions";
  table.columns = {{"published"},
                   numeric("device-hours", "", "published_device_hours"),
                   {"counts"},
                   {"predicted for"},
                   numeric("predicted", "", "predicted_device_hours"),
                   numeric("P10 to P90", "", "predicted_device_hours_p90"),
                   numeric("predicted vs published", "", "predicted_over_published")};
  for (const PublishedSpec& figure : scenario.published) {
    if (!figure.device_hours) continue;
    for (const OptionAnswer* a : meant(figure, comparison)) {
      std::vector<Cell> row = {figure.label,
                               {figure.device_hours->value, grouped(figure.device_hours->value)},
                               practice::name(figure.scope),
                               a->label};
      if (a->feasible()) {
        const double ours = hours(reached(*a, scenario, figure.scope).device_time);
        row.push_back({ours, grouped(ours)});
        row.push_back({ours * a->p90, fmt::format("{}-{}", grouped(ours * a->p10), grouped(ours * a->p90))});
        row.push_back(changed_cell(ours / figure.device_hours->value));
      }
      row.resize(table.columns.size());
      table.add(std::move(row));
    }
  }
  return table;
}

nlohmann::ordered_json published_json(const Scenario& scenario, const Comparison& comparison,
                                      const PublishedSpec& figure) {
  using Json = nlohmann::ordered_json;
  Json predicted = Json::array();
  for (const OptionAnswer* a : meant(figure, comparison)) {
    if (!a->feasible()) continue;
    const scenario::Reached ours = reached(*a, scenario, figure.scope);
    predicted.push_back({{"option", a->name},
                         {"cost_per_1t_tokens", a->priced() ? Json(ours.cost / tera_tokens(scenario)) : Json(nullptr)},
                         {"device_hours", hours(ours.device_time)}});
  }
  return {{"label", figure.label},
          {"option", figure.option ? Json(*figure.option) : Json(nullptr)},
          {"cost_per_1t_tokens", figure.cost_per_1t_tokens ? Json(amount(scenario, figure)) : Json(nullptr)},
          {"device_hours", figure.device_hours ? Json(figure.device_hours->value) : Json(nullptr)},
          {"scope", practice::name(figure.scope)},
          {"predicted", std::move(predicted)},
          {"source", figure.source}};
}

}  // namespace chipmix::report
