#include "scenario/recommend.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace chipmix::scenario {
namespace {

std::vector<const OptionAnswer*> by_cost(const Comparison& comparison) {
  std::vector<const OptionAnswer*> list;
  for (const OptionAnswer& option : comparison.options)
    if (option.priced()) list.push_back(&option);
  std::stable_sort(list.begin(), list.end(), [](const OptionAnswer* a, const OptionAnswer* b) {
    return a->bill.total().amount < b->bill.total().amount;
  });
  return list;
}

/// "3.39 M CNY", "44.3 k CNY".
std::string amount(const Money& money) {
  if (money.amount >= 1e6) return fmt::format("{:.2f} M {}", money.amount / 1e6, money.currency.code);
  return fmt::format("{:.1f} k {}", money.amount / 1e3, money.currency.code);
}

/// "23 % less than D", "4 % more than D".
std::string difference(double ratio, const std::string& other) {
  return fmt::format("{:.0f} % {} than {}", std::abs(1 - ratio) * 100, ratio < 1 ? "less" : "more", other);
}

/// Whether the two cost intervals leave the order open.
bool overlap(const OptionAnswer& cheap, const OptionAnswer& next) {
  return cheap.bill.total().amount * cheap.cost_p90 > next.bill.total().amount * next.cost_p10;
}

/// Money per FLOP that the devices could do at their peak.
double peak_price(const OptionAnswer& answer) {
  Flops capacity;
  for (const Run& run : answer.runs) capacity += run.estimate.peak * run.duration;
  return answer.bill.total().amount / capacity.value();
}

/// Cost ratio = (price of the peak, ratio) / (share of the peak used, ratio): which of the two makes the difference.
std::string reason(const OptionAnswer& best, const OptionAnswer& other) {
  return fmt::format(
      " A unit of its peak costs {:.2f} of what {}'s does, and it uses {:.1f} % of that peak against {:.1f} %.",
      peak_price(best) / peak_price(other), other.label, best.mfu * 100, other.mfu * 100);
}

std::string without_prices(const Comparison& comparison) {
  const OptionAnswer* fastest = nullptr;
  for (const OptionAnswer& one : comparison.options)
    if (one.feasible() && (!fastest || one.duration < fastest->duration)) fastest = &one;
  if (!fastest) return "No option can run as planned.";
  return fmt::format("No option has a price; {} is fastest, in {:.1f} days.", fastest->label, days(fastest->duration));
}

}  // namespace

std::string recommend(const Scenario& scenario, const Comparison& comparison) {
  const auto priced = by_cost(comparison);
  if (priced.empty()) return without_prices(comparison);
  const OptionAnswer& best = *priced.front();
  const OptionAnswer& baseline = comparison.options[comparison.baseline];
  std::string text = fmt::format("{} is cheapest: {} per 1T tokens in {:.1f} days", best.label,
                                 amount(cost_per_1t(best, scenario)), days(best.duration));
  if (baseline.priced() && &baseline != &best)
    text += ", " + difference(best.bill.total().amount / baseline.bill.total().amount, baseline.label);
  if (priced.size() > 1) {
    const OptionAnswer& next = *priced[1];
    text += fmt::format("; next is {}, {}", next.label,
                        difference(next.bill.total().amount / best.bill.total().amount, best.label));
    if (overlap(best, next)) text += " (their intervals overlap: the order is not sure)";
  }
  text += ".";
  if (baseline.priced() && &baseline != &best) text += reason(best, baseline);
  return text;
}

}  // namespace chipmix::scenario
