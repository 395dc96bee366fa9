#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "report/chart/charts.hpp"
#include "report/chart/plot.hpp"
#include "report/figures/figures.hpp"
#include "report/money_scale.hpp"
#include "report/number.hpp"
#include "report/percent_change.hpp"
#include "scenario/cost_terms.hpp"
#include "scenario/price_chance.hpp"

namespace chipmix::report {
namespace {

constexpr double headroom = 1.08;  // of an axis beyond the largest value

/// The device whose price weighs most in an option's cost.
std::string dearest_device(const Scenario& scenario, const OptionAnswer& answer) {
  std::string found;
  double most = 0;
  for (const scenario::Option& option : scenario.options) {
    if (!option.cluster) continue;
    for (const auto& group : option.cluster->groups)
      if (const double part = scenario::priced_part(scenario, answer, group.device.id); part > most)
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

Figure cost_and_days(const Matter& matter) {
  Figure figure;
  std::vector<double> amounts;
  for (const OptionAnswer* a : matter.order)
    if (a->priced()) amounts.push_back(total(*a));
  if (amounts.size() < 2) return figure;  // a point alone shows nothing
  figure.title = matter.say(Text::cost_and_days);
  figure.caption = matter.say(Text::cost_and_days_caption);
  figure.data.columns = {{matter.say(Text::option)},
                         numeric(matter.say(Text::days_unit)),
                         numeric(matter.say(Text::expected_total), matter.scenario.currency.code),
                         {matter.say(Text::not_dominated)}};
  const MoneyScale scale(amounts, matter.scenario.currency, matter.say.language());
  Plot chart{{matter.say(Text::days_unit), 0, 0}, {scale.unit(), 0, 0}, {}, {}};
  for (const OptionAnswer* a : matter.order) {
    if (!a->priced()) continue;
    const double x = days(a->duration), cost = total(*a), y = cost / scale.divisor();
    chart.x.high = std::max(chart.x.high, x * headroom), chart.y.high = std::max(chart.y.high, y * headroom);
    chart.dots.push_back({x, y, matter.colour(*a),
                          fmt::format("{}: {}, {}", a->label, matter.say.days(x), matter.money(cost)), a->pareto,
                          a->label});
    figure.data.add(
        {a->label, {x, significant(x)}, {cost, grouped(cost)}, matter.say(a->pareto ? Text::yes : Text::no)});
  }
  figure.svg = plot({figure.title, figure.caption}, chart);
  return figure;
}

Figure chance_curve(const Matter& matter, const OptionAnswer& answer) {
  constexpr int points = 41;
  constexpr double from = 0.5, to = 2;
  Figure figure;
  std::vector<double> factors;
  for (int i = 0; i < points; ++i) factors.push_back(from + (to - from) * i / (points - 1));
  const std::vector<double> chances = scenario::chance_by_price(matter.comparison(), matter.scenario, answer, factors);
  if (chances.empty()) return figure;
  figure.title = matter.say(Text::chance_by_price, {answer.label});
  figure.caption = matter.say(Text::chance_by_price_caption);
  figure.data.columns = {numeric(matter.say(Text::price_share)), numeric(matter.say(Text::confidence))};
  Curve curve{answer.label, {}, matter.colour(answer)};
  for (int i = 0; i < points; ++i) {
    curve.points.emplace_back(100 * factors[i], 100 * chances[i]);
    if (i % 4 == 0) figure.data.add({{factors[i], percent(factors[i])}, {chances[i], percent(chances[i])}});
  }
  figure.svg = plot(
      {figure.title, figure.caption},
      {{matter.say(Text::price_axis), 100 * from, 100 * to}, {matter.say(Text::chance_axis), 0, 100}, {curve}, {}});
  return figure;
}

namespace {

constexpr std::array price_factors = {0.5, 0.7, 0.85, 1.0, 1.15, 1.3, 1.5, 2.0};

/// An option's cost, and what of it is paid for one kind of device.
struct Share {
  const OptionAnswer* answer;
  double cost, part;

  double at(double factor) const { return cost + (factor - 1) * part; }
};

/// The options whose cost beside the baseline's changes with the price, by how much of theirs is paid for it.
std::vector<Share> moved(const Matter& matter, const std::string& device, const Share& base) {
  constexpr double visible = 0.005;
  std::vector<Share> rows;
  for (const OptionAnswer* a : matter.order) {
    if (!a->priced() || a == base.answer) continue;
    const Share row{a, total(*a), scenario::priced_part(matter.scenario, *a, device)};
    const double low = row.at(price_factors.front()) / base.at(price_factors.front()),
                 high = row.at(price_factors.back()) / base.at(price_factors.back());
    if (std::abs(high - low) > visible) rows.push_back(row);
  }
  std::stable_sort(rows.begin(), rows.end(), [](auto& a, auto& b) { return a.part / a.cost < b.part / b.cost; });
  return rows;
}

}  // namespace

Figure share_and_price(const Matter& matter, const OptionAnswer& answer) {
  Figure figure;
  const OptionAnswer& baseline = matter.baseline();
  const std::string device = dearest_device(matter.scenario, answer);
  if (device.empty() || !baseline.priced()) return figure;
  const Share base{&baseline, total(baseline), scenario::priced_part(matter.scenario, baseline, device)};
  const std::vector<Share> rows = moved(matter, device, base);
  if (rows.empty()) return figure;
  const std::string name = device_name(matter.scenario, device);
  figure.title = matter.say(Text::share_and_price, {baseline.label, name});
  figure.caption = matter.say(Text::share_and_price_caption, {baseline.label});
  HeatMap map{matter.say(Text::price_of, {name}), {}, {}, {}, {}, 1};
  figure.data.columns = {{matter.say(Text::option)}};
  for (double factor : price_factors) {
    map.x.push_back(factor == 1 ? matter.say(Text::as_it_is) : percent_change(factor));
    figure.data.columns.push_back(numeric(map.x.back()));
  }
  for (const Share& row : rows) {
    map.y.push_back(row.answer->label);
    std::vector<Cell> cells = {row.answer->label};
    std::vector<double> values;
    std::vector<std::string> words;
    for (double factor : price_factors) {
      values.push_back(row.at(factor) / base.at(factor));
      words.push_back(percent_change(values.back()));
      cells.push_back({values.back(), words.back()});
    }
    map.cells.push_back(std::move(values)), map.text.push_back(std::move(words));
    figure.data.add(std::move(cells));
  }
  figure.svg = heat_map({figure.title, figure.caption}, map);
  return figure;
}

}  // namespace chipmix::report
