#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "report/chart/charts.hpp"
#include "report/chart/colours.hpp"
#include "report/chart/plot.hpp"
#include "report/figures/figures.hpp"
#include "report/money_scale.hpp"
#include "report/number.hpp"
#include "scenario/cost_terms.hpp"
#include "scenario/price_chance.hpp"

namespace chipmix::report {
namespace {

constexpr double headroom = 1.08;  // of an axis beyond the largest value

std::string change(double factor) { return fmt::format("{:+.0f} %", (factor - 1) * 100); }

/// The device whose price weighs most in an option's cost.
std::string dearest_device(const Scenario& scenario, const OptionAnswer& answer) {
  std::string found;
  double most = 0;
  for (const scenario::Option& option : scenario.options) {
    if (!option.cluster) continue;
    for (const auto& group : option.cluster->groups)
      if (const double part = priced_part(scenario, answer, group.device.id); part > most)
        most = part, found = group.device.id;
  }
  return found;
}

std::string device_name(const Scenario& scenario, const std::string& id) {
  for (const scenario::Option& option : scenario.options)
    if (option.cluster)
      for (const auto& group : option.cluster->groups)
        if (group.device.id == id) return group.device.name;
  return id;
}

}  // namespace

Figure cost_and_days(const Scenario& scenario, const Comparison& comparison) {
  Figure figure;
  figure.title = "Cost and days";
  figure.caption = "No other option is both cheaper and faster than a full point.";
  figure.data.columns = {
      {"option"}, numeric("days"), numeric("per 1T tokens", scenario.currency.code), {"on the front"}};
  std::vector<double> amounts;
  for (const OptionAnswer& a : comparison.options)
    if (a.priced()) amounts.push_back(cost_per_1t(a, scenario).amount);
  if (amounts.empty()) return figure;
  const MoneyScale scale(amounts, scenario.currency);
  Plot chart{{"days", 0, 0}, {scale.unit() + " per 1T tokens", 0, 0}, {}, {}};
  for (const OptionAnswer& a : comparison.options) {
    if (!a.priced()) continue;
    const double x = days(a.duration), cost = cost_per_1t(a, scenario).amount, y = cost / scale.divisor();
    chart.x.high = std::max(chart.x.high, x * headroom), chart.y.high = std::max(chart.y.high, y * headroom);
    chart.dots.push_back({x, y, colour_of(scenario, a),
                          fmt::format("{}: {} days, {} {}", a.label, significant(x), scale.text(cost), scale.unit()),
                          a.pareto, a.label});
    figure.data.add({a.label, {x, significant(x)}, {cost, grouped(cost)}, a.pareto ? "yes" : "no"});
  }
  figure.svg = plot({figure.title, "A point for each option"}, chart);
  return figure;
}

Figure chance_curve(const Scenario& scenario, const Comparison& comparison, const OptionAnswer& answer) {
  constexpr int points = 41;
  constexpr double from = 0.5, to = 2;
  Figure figure;
  std::vector<double> factors;
  for (int i = 0; i < points; ++i) factors.push_back(from + (to - from) * i / (points - 1));
  const std::vector<double> chances = chance_by_price(comparison, scenario, answer, factors);
  if (chances.empty()) return figure;
  figure.title = fmt::format("The chance that {} is cheapest, by the price of its devices", answer.label);
  figure.caption = "Prices as a share of those in the scenario; all else as it is, in 10,000 possible worlds.";
  figure.data.columns = {numeric("price, share of the scenario's"), numeric("chance")};
  Curve curve{answer.label, {}, colour_of(scenario, answer)};
  for (int i = 0; i < points; ++i) {
    curve.points.emplace_back(100 * factors[i], 100 * chances[i]);
    if (i % 4 == 0) figure.data.add({{factors[i], percent(factors[i])}, {chances[i], percent(chances[i])}});
  }
  figure.svg = plot({figure.title, "A falling line"},
                    {{"price, % of the scenario's", 100 * from, 100 * to}, {"chance, %", 0, 100}, {curve}, {}});
  return figure;
}

Figure share_and_price(const Scenario& scenario, const Comparison& comparison, const OptionAnswer& answer) {
  constexpr std::array factors = {0.5, 0.7, 0.85, 1.0, 1.15, 1.3, 1.5, 2.0};
  Figure figure;
  const OptionAnswer& baseline = comparison.options[comparison.baseline];
  const std::string device = dearest_device(scenario, answer);
  if (device.empty() || !baseline.priced()) return figure;
  const std::string name = device_name(scenario, device);
  figure.title = fmt::format("Cost against {}, by the price of {}", baseline.label, name);
  figure.caption = fmt::format("Options by the share of their cost that is paid for {}; blue is cheaper than {}.", name,
                               baseline.label);
  struct Row {
    const OptionAnswer* answer;
    double cost, part;
  };
  std::vector<Row> rows;
  for (const OptionAnswer& a : comparison.options)
    if (a.priced()) rows.push_back({&a, a.bill.total().amount, priced_part(scenario, a, device)});
  std::stable_sort(rows.begin(), rows.end(), [](auto& a, auto& b) { return a.part / a.cost < b.part / b.cost; });
  const Row base{&baseline, baseline.bill.total().amount, priced_part(scenario, baseline, device)};
  const auto at = [](const Row& row, double factor) { return row.cost + (factor - 1) * row.part; };
  HeatMap map{"price of " + name, {}, {}, {}, {}, 1};
  figure.data.columns = {{"option"}, numeric("share paid for it")};
  for (double factor : factors) {
    map.x.push_back(factor == 1 ? "as it is" : change(factor));
    figure.data.columns.push_back(numeric(map.x.back()));
  }
  for (const Row& row : rows) {
    const double share = row.part / row.cost;
    map.y.push_back(fmt::format("{} ({:.0f} %)", row.answer->name, 100 * share));
    std::vector<Cell> cells = {row.answer->label, {share, percent(share)}};
    std::vector<double> values;
    std::vector<std::string> words;
    for (double factor : factors) {
      values.push_back(at(row, factor) / at(base, factor));
      words.push_back(change(values.back()));
      cells.push_back({values.back(), words.back()});
    }
    map.cells.push_back(std::move(values)), map.text.push_back(std::move(words));
    figure.data.add(std::move(cells));
  }
  figure.svg = heat_map({figure.title, "A row for each option, a column for each price"}, map);
  return figure;
}

}  // namespace chipmix::report
