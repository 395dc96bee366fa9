#include <fmt/format.h>

#include <algorithm>

#include "report/chart/colours.hpp"
#include "report/chart/plot.hpp"
#include "report/figures/figures.hpp"
#include "report/money_scale.hpp"
#include "report/number.hpp"

namespace chipmix::report {
namespace {

constexpr double headroom = 1.05;  // of an axis above the largest value

/// Curves from zero, in a unit of money that fits them.
std::string curves(const Words& words, const std::string& x_name, const Currency& currency, std::vector<Curve> list) {
  double end = 0;
  std::vector<double> amounts;
  for (const Curve& curve : list)
    for (const auto& [x, y] : curve.points) end = std::max(end, x), amounts.push_back(y);
  if (end <= 0) return {};
  const MoneyScale scale(amounts, currency);
  const double unit = scale.divisor();
  double most = 0, least = 0;
  for (Curve& curve : list)
    for (auto& point : curve.points) {
      point.second /= unit;
      most = std::max(most, point.second), least = std::min(least, point.second);
    }
  if (most <= least) return {};
  return plot(words, {{x_name, 0, end}, {scale.unit(), least, most * headroom}, std::move(list), {}});
}

}  // namespace

Figure cash_curves(const Scenario& scenario, const Comparison& comparison) {
  Figure figure;
  figure.title = "Cash paid out, by day";
  figure.caption = "What is bought is paid on the first day, all else as the run goes on.";
  figure.data.columns = {{"option"}, numeric("on the first day"), numeric("days"), numeric("at the end")};
  std::vector<Curve> list;
  for (const OptionAnswer& a : comparison.options) {
    if (!a.priced()) continue;
    const double first = a.bill.purchases().amount, all = a.bill.cash().amount, end = days(a.duration);
    list.push_back({a.label, {{0, first}, {end, all}}, colour_of(scenario, a)});
    figure.data.add({a.label, {first, grouped(first)}, {end, significant(end)}, {all, grouped(all)}});
  }
  figure.svg = curves({figure.title, "A line for each option"}, "days", scenario.currency, std::move(list));
  return figure;
}

Figure purchase_cash(const Scenario& scenario, const scenario::Procurement& result) {
  Figure figure;
  if (!result.decision) return figure;
  figure.title = "Cash paid out, by month";
  figure.caption = "All purchases, rents and upkeep so far, not discounted.";
  figure.data.columns = {numeric("month"), numeric("cash", scenario.currency.code),
                         numeric("so far", scenario.currency.code)};
  Curve curve{"so far", {{0, 0}}, palette[0]};
  double sum = 0;
  for (std::size_t month = 0; month < result.decision->cash.size(); ++month) {
    const double paid = result.decision->cash[month];
    sum += paid;
    curve.points.emplace_back(static_cast<double>(month + 1), sum);
    figure.data.add(
        {{static_cast<double>(month + 1), std::to_string(month + 1)}, {paid, grouped(paid)}, {sum, grouped(sum)}});
  }
  figure.svg = curves({figure.title, "The sum of cash paid out so far"}, "months", scenario.currency, {curve});
  return figure;
}

}  // namespace chipmix::report
