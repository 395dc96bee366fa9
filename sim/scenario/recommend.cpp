#include "scenario/recommend.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/words.hpp"

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

/// To three significant digits, as in the tables beside it.
std::string three_digits(double number) {
  const double size = std::abs(number);
  return fmt::format("{:.{}f}", number, size < 0.9995 ? 3 : size < 9.995 ? 2 : size < 99.95 ? 1 : 0);
}

/// "3.39 M CNY", "44.3 k CNY", "9648.36 CNY".
std::string amount(const Money& money) {
  if (money.amount < 1e4) return fmt::format("{:.2f} {}", money.amount, money.currency.code);
  if (money.amount >= 999.5e6) return fmt::format("{} bn {}", three_digits(money.amount / 1e9), money.currency.code);
  const bool is_large = money.amount >= 999.5e3;
  return fmt::format("{} {} {}", three_digits(money.amount / (is_large ? 1e6 : 1e3)), is_large ? "M" : "k",
                     money.currency.code);
}

/// "46.2", "140".
std::string days_text(Seconds time) {
  const double number = days(time);
  return number < 99.95 ? fmt::format("{:.3g}", number) : fmt::format("{:.0f}", number);
}

/// "23 % less than D", "4 % more than D", "as much as D".
std::string difference(double ratio, const std::string& other) {
  constexpr double seen = 0.005;
  if (std::abs(1 - ratio) < seen) return "as much as " + other;
  return fmt::format("{:.0f} % {} than {}", std::abs(1 - ratio) * 100, ratio < 1 ? "less" : "more", other);
}

/// Money per FLOP that the devices could do at their peak.
double peak_price(const OptionAnswer& answer) {
  Flops capacity;
  for (const Run& run : answer.runs) capacity += run.estimate.peak * run.duration;
  return answer.bill.total().amount / capacity.value();
}

/// Cost ratio = (price of the peak, ratio) / (share of the peak used, ratio): which of the two makes the difference.
std::string reason(const OptionAnswer& best, const OptionAnswer& other) {
  const double ratio = peak_price(best) / peak_price(other);
  const std::string price =
      std::abs(ratio - 1) < 0.005
          ? "Peak FLOP/s cost as much as"
          : fmt::format("Peak FLOP/s cost {:.0f} % {} than", 100 * std::abs(ratio - 1), ratio < 1 ? "less" : "more");
  return fmt::format(" {} on {}; MFU {:.1f} % against {:.1f} %.", price, other.label, best.mfu * 100, other.mfu * 100);
}

/// Those that meet the targets first, each part in its own order.
void put_met_first(std::vector<const OptionAnswer*>& options) {
  std::stable_partition(options.begin(), options.end(), [](const OptionAnswer* one) { return meets_targets(*one); });
}

/// What an option misses: "12 days late and 0.3 M USD over budget".
std::string misses(const OptionAnswer& answer, const Currency& currency) {
  std::string text;
  if (answer.deadline && !answer.deadline->is_met()) text = days_text(answer.deadline->late) + " days late";
  if (answer.budget && !answer.budget->is_met())
    text += fmt::format("{}{} over budget", text.empty() ? "" : " and ", amount({answer.budget->over, currency}));
  return text;
}

/// Before the cheapest is named: whether it, or any, meets the targets.
std::string target_words(const Scenario& scenario, const OptionAnswer& first) {
  const std::string targets = target_text(scenario);
  if (targets.empty()) return {};
  return meets_targets(first) ? fmt::format("Of the options that are done {}, ", targets)
                              : fmt::format("No option is done {}. ", targets);
}

/// " for 35.0 M CNY, over budget, and 2048 for 30.1 M CNY, within it"; nothing without a price.
std::string cost_words(const Scenario& scenario, const EnoughDevices& enough) {
  if (!enough.cost) return {};
  const auto priced = [&](double cost) {
    std::string text = " for " + amount({cost, scenario.currency});
    if (scenario.budget) {
      const double budget = scenario.rates.convert(*scenario.budget, scenario.currency).amount;
      text += cost <= budget ? ", within the budget" : ", over budget";
    }
    return text;
  };
  std::string text = priced(*enough.cost);
  if (enough.cheaper) text += fmt::format(", and {}{}", enough.cheaper->devices, priced(enough.cheaper->cost));
  return text;
}

/// The cheapest of all, where it is not named because it misses a target; and how much the named one misses.
std::string missed_words(const Scenario& scenario, const OptionAnswer& named, const OptionAnswer& cheapest) {
  if (!meets_targets(named)) {
    std::string text = fmt::format(" It is {}", misses(named, scenario.currency));
    if (named.deadline && named.deadline->enough)
      text += fmt::format("; {} would be in time{}", counted(named.deadline->enough->devices, "device"),
                          cost_words(scenario, *named.deadline->enough));
    return text + ".";
  }
  if (&named == &cheapest) return {};
  return fmt::format(" {} is cheaper, but {}.", cheapest.label, misses(cheapest, scenario.currency));
}

/// The cheapest way to be in time with more devices of one option, where it costs less than the named one, or than that
/// one with more devices.
std::string larger_words(const Scenario& scenario, const Comparison& comparison, const OptionAnswer& named) {
  const auto larger = larger_in_time(comparison);
  if (!larger || larger->option == &named) return {};
  if (larger->cost >= cost_in_time(named)) return {};
  return fmt::format(" Cheaper and in time: {} grown to {}, for {}.", larger->option->label,
                     counted(larger->devices, "device"), amount({larger->cost, scenario.currency}));
}

/// Where others could not be compared for want of a price.
std::string unpriced_words(const Comparison& comparison, std::size_t priced) {
  std::string names;
  int others = 0;
  for (const OptionAnswer& one : comparison.options)
    if (one.feasible() && !one.priced()) names += (others++ ? ", " : "") + one.label;
  if (others == 0) return {};
  return fmt::format(" No price for {}: {} not compared{}.", names, others == 1 ? "it is" : "they are",
                     priced == 1 ? ", and nothing else was" : "");
}

std::string without_prices(const Comparison& comparison) {
  const OptionAnswer* fastest = nullptr;
  for (const OptionAnswer& one : comparison.options)
    if (one.feasible() && (!fastest || one.duration < fastest->duration)) fastest = &one;
  if (!fastest) return "No option can run as planned.";
  return fmt::format("No option has a price; {} is fastest, in {} days.", fastest->label, days_text(fastest->duration));
}

}  // namespace

std::string recommend(const Scenario& scenario, const Comparison& comparison) {
  auto priced = by_cost(comparison);
  if (priced.empty()) return without_prices(comparison);
  const OptionAnswer& cheapest = *priced.front();
  put_met_first(priced);
  const OptionAnswer& best = *priced.front();
  const OptionAnswer& baseline = comparison.options[comparison.baseline];
  std::string text = target_words(scenario, best);
  text += fmt::format("{} is cheapest: {}, {} per 1T tokens, in {} days", best.label, amount(best.bill.total()),
                      amount(cost_per_1t(best, scenario)), days_text(best.duration));
  if (baseline.priced() && &baseline != &best)
    text += ", " + difference(best.bill.total().amount / baseline.bill.total().amount, baseline.label);
  if (priced.size() > 1 && meets_targets(*priced[1]) == meets_targets(best)) {
    const OptionAnswer& next = *priced[1];
    text += fmt::format("; next is {}, {}", next.label,
                        difference(next.bill.total().amount / best.bill.total().amount, best.label));
    if (best.surety)
      text += fmt::format("; {} is cheapest in {:.0f} % of simulations", best.label, 100 * best.surety->cheapest);
  }
  text += ".";
  text += missed_words(scenario, best, cheapest) + larger_words(scenario, comparison, best);
  text += unpriced_words(comparison, priced.size());
  if (baseline.priced() && &baseline != &best) text += reason(best, baseline);
  return text;
}

}  // namespace chipmix::scenario
