#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/decision/front.hpp"
#include "report/number.hpp"
#include "scenario/confidence.hpp"
#include "scenario/cost_swings.hpp"

namespace chipmix::report {
namespace {

constexpr std::size_t shown = 2;

/// A change that makes another decision the right one, and how far away it is (logarithm of its factor).
struct Change {
  double distance = 0;
  std::string words;
};

/// The price of an option's devices at which another one is as cheap.
void add_price(const Matter& matter, const OptionAnswer& best, std::vector<Change>& list) {
  const auto& factor = best.surety->price_factor;
  const OptionAnswer* rival = scenario::price_rival(matter.comparison(), best);
  if (!factor || *factor <= 1 || !rival) return;
  const scenario::Option& option = matter.option(best);
  const std::string rise = fmt::format("{:.0f}", 100 * (*factor - 1));
  const bool has_hour = option.rents.size() == 1 && option.rent() && option.owned.size() == 1 && !option.owned.front();
  if (!has_hour) {
    list.push_back({std::log(*factor), matter.say(Text::risk_price, {best.label, rise, rival->label})});
    return;
  }
  const Money hour = option.rent()->value * Seconds{seconds_per_hour};
  list.push_back({std::log(*factor), matter.say(Text::risk_rent, {best.label, rise, matter.say.money(hour * *factor),
                                                                  matter.say.money(hour), rival->label})});
}

/// The share of peak at which it is not the cheapest any more.
void add_rate(const Matter& matter, const OptionAnswer& best, std::vector<Change>& list) {
  const auto& tie = best.surety->mfu;
  const OptionAnswer* rival = scenario::rate_rival(matter.comparison(), best);
  if (!tie || *tie >= best.mfu || !rival) return;
  list.push_back({std::log(best.mfu / *tie),
                  matter.say(Text::risk_rate, {best.label, percent(*tie), percent(best.mfu), rival->label})});
}

/// A target that is likely enough to be missed.
void add_targets(const Matter& matter, const OptionAnswer& best, std::vector<Change>& list) {
  constexpr double sure = 0.9;
  const auto miss = [](double probability) { return fmt::format("{:.0f}", 100 * (1 - probability)); };
  if (best.deadline && best.deadline->probability < sure)
    list.push_back({0, matter.say(Text::risk_deadline, {miss(best.deadline->probability),
                                                        matter.say.days(days(*matter.scenario.deadline))})});
  if (best.budget && best.budget->probability < sure)
    list.push_back({0, matter.say(Text::risk_budget,
                                  {miss(best.budget->probability), matter.say.money(*matter.scenario.budget)})});
}

/// Figures at the ends of their ranges: they move the total, not the order.
void add_swings(const Matter& matter, const OptionAnswer& best, std::vector<std::string>& list) {
  for (const auto& swing : scenario::cost_swings(matter.scenario, best)) {
    if (list.size() >= shown) return;
    const double most = std::max(swing.at_low, swing.at_high);
    if (most <= 1) continue;
    list.push_back(
        matter.say(Text::risk_swing, {matter.say.fixed_words(swing.figure), percent(most - 1),
                                      matter.say.change(total(best) * (most - 1), matter.scenario.currency)}));
  }
}

}  // namespace

std::vector<std::string> option_risks(const Matter& matter) {
  const OptionAnswer* best = matter.best();
  if (!best || !best->priced()) return {};
  std::vector<Change> changes;
  add_targets(matter, *best, changes);
  if (best->surety) {
    add_price(matter, *best, changes);
    add_rate(matter, *best, changes);
  }
  std::stable_sort(changes.begin(), changes.end(), [](auto& a, auto& b) { return a.distance < b.distance; });
  std::vector<std::string> list;
  for (const Change& change : changes)
    if (list.size() < shown) list.push_back(change.words);
  if (list.size() < shown && best->runs.size() == 1) add_swings(matter, *best, list);
  return list;
}

}  // namespace chipmix::report
