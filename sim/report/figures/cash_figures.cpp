#include <fmt/format.h>

#include <algorithm>

#include "report/chart/design.hpp"
#include "report/chart/plot.hpp"
#include "report/figures/figures.hpp"
#include "report/money_scale.hpp"
#include "report/number.hpp"

namespace chipmix::report {
namespace {

constexpr double headroom = 1.05;  // of an axis above the largest value

/// Curves from zero, in a unit of money that fits them.
std::string curves(const Words& words, const std::string& x_name, const Matter& matter, std::vector<Curve> list) {
  double end = 0;
  std::vector<double> amounts;
  for (const Curve& curve : list)
    for (const auto& [x, y] : curve.points) end = std::max(end, x), amounts.push_back(y);
  if (end <= 0) return {};
  const MoneyScale scale(amounts, matter.scenario.currency, matter.say.language());
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

Figure cash_curves(const Matter& matter) {
  Figure figure;
  figure.title = matter.say(Text::cash_by_day);
  figure.caption = matter.say(Text::cash_by_day_caption);
  figure.data.columns = {{matter.say(Text::option)},
                         numeric(matter.say(Text::on_first_day)),
                         numeric(matter.say(Text::days_unit)),
                         numeric(matter.say(Text::at_the_end))};
  std::vector<Curve> list;
  bool is_bought = false;
  for (const OptionAnswer* a : matter.order) {
    if (!a->priced()) continue;
    const double first = a->bill.purchases().amount, all = a->bill.cash().amount, end = days(a->duration);
    is_bought = is_bought || first > 0;
    list.push_back({a->label, {{0, first}, {end, all}}, matter.colour(*a)});
    figure.data.add({a->label, {first, grouped(first)}, {end, significant(end)}, {all, grouped(all)}});
  }
  if (!is_bought) return {};
  figure.svg = curves({figure.title, figure.caption}, matter.say(Text::days_unit), matter, std::move(list));
  return figure;
}

Figure purchase_cash(const Matter& matter) {
  Figure figure;
  const auto& result = *matter.findings.purchases;
  if (!result.decision) return figure;
  const std::string& code = matter.scenario.currency.code;
  figure.title = matter.say(Text::cash_by_month);
  figure.caption = matter.say(Text::cash_by_month_caption);
  figure.data.columns = {numeric(matter.say(Text::month)), numeric(matter.say(Text::cash), code),
                         numeric(matter.say(Text::so_far), code)};
  Curve curve{matter.say(Text::so_far), {{0, 0}}, design::one};
  double sum = 0;
  for (std::size_t month = 0; month < result.decision->cash.size(); ++month) {
    const double paid = result.decision->cash[month];
    sum += paid;
    curve.points.emplace_back(static_cast<double>(month + 1), sum);
    if (paid != 0)
      figure.data.add(
          {{static_cast<double>(month + 1), std::to_string(month + 1)}, {paid, grouped(paid)}, {sum, grouped(sum)}});
  }
  figure.svg = curves({figure.title, figure.caption}, matter.say(Text::months_unit), matter, {curve});
  return figure;
}

}  // namespace chipmix::report
