#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "procurement/summary.hpp"
#include "report/decision/front.hpp"
#include "report/number.hpp"

namespace chipmix::report {
namespace {

using procurement::Decision;
using procurement::Problem;

constexpr std::size_t risks_shown = 2, orders_shown = 4;

/// Another world than the one that was planned for, and what this order comes to in it.
struct World {
  double weight = 0;
  std::string words;
};

std::vector<World> worlds(const Matter& matter, const scenario::Risk& risk) {
  std::vector<World> list;
  const double planned = risk.cost[0][0].value_or(0);
  for (std::size_t i = 1; i < risk.worlds.size(); ++i) {
    if (risk.cost[0][i] && *risk.cost[0][i] <= planned * (1 + 1e-6)) continue;  // nothing changes in it
    const std::string chance = fmt::format("{:.0f}", 100 * risk.probability[i]);
    if (!risk.cost[0][i]) {
      list.push_back({planned * risk.probability[i], matter.say(Text::risk_world_fails, {risk.worlds[i], chance})});
      continue;
    }
    const double more = *risk.cost[0][i] - planned;
    list.push_back({std::max(0.0, more) * risk.probability[i],
                    matter.say(Text::risk_world, {risk.worlds[i], chance, matter.money(*risk.cost[0][i]),
                                                  matter.say.change(more, matter.scenario.currency)})});
  }
  std::stable_sort(list.begin(), list.end(), [](auto& a, auto& b) { return a.weight > b.weight; });
  return list;
}

/// Devices of one kind that arrive in one month.
void add_purchases(const Matter& matter, const Problem& problem, const Decision& decision,
                   std::vector<std::string>& list) {
  for (std::size_t k = 0; k < problem.kinds.size(); ++k) {
    const int devices = decision.bought(static_cast<int>(k));
    if (devices == 0) continue;
    const procurement::Kind& kind = problem.kinds[k];
    int first = problem.months;
    for (const procurement::Holding& one : decision.holdings)
      if (one.kind == static_cast<int>(k) && !one.is_fleet) first = std::min(first, one.arrival - kind.purchase->lead);
    const double price = procurement::traded(problem, decision, k).paid;
    list.push_back(matter.say(Text::ask_order, {grouped(devices), matter.kind(k),
                                                std::to_string(std::max(0, first) + 1), matter.money(price)}));
  }
}

void add_rents(const Matter& matter, const Problem& problem, const Decision& decision, std::vector<std::string>& list) {
  for (std::size_t k = 0; k < problem.kinds.size(); ++k) {
    const double months = std::accumulate(decision.rented[k].begin(), decision.rented[k].end(), 0.0);
    if (months < 0.5) continue;
    const double most = *std::max_element(decision.rented[k].begin(), decision.rented[k].end());
    double rent = 0;
    for (const double devices : decision.rented[k]) rent += problem.kinds[k].rent(devices);
    list.push_back(matter.say(Text::ask_lease, {grouped(months), matter.kind(k), grouped(most), matter.money(rent)}));
  }
}

/// What saves most of a little more of each limit.
std::string saving_words(const Matter& matter) {
  const auto& result = *matter.findings.purchases;
  const scenario::WhatIf* best = nullptr;
  for (const scenario::WhatIf& one : result.worth)
    if (one.cost && (!best || *one.cost < *best->cost)) best = &one;
  if (!best || *best->cost >= result.decision->cost * (1 - 1e-4)) return {};
  return matter.say(Text::risk_limit,
                    {matter.say.fixed_words(best->change), matter.money(result.decision->cost - *best->cost)});
}

}  // namespace

std::vector<std::string> portfolio_risks(const Matter& matter) {
  const auto& result = *matter.findings.purchases;
  std::vector<std::string> list;
  if (!result.decision) {
    for (const scenario::WhatIf& one : result.conflicts)
      if (one.cost && list.size() < risks_shown)
        list.push_back(matter.say(Text::conflict, {matter.say.fixed_words(one.change), matter.money(*one.cost)}));
    return list;
  }
  if (matter.findings.risk)
    for (World& world : worlds(matter, *matter.findings.risk))
      if (list.empty()) list.push_back(std::move(world.words));
  if (std::string words = saving_words(matter); !words.empty()) list.push_back(std::move(words));
  if (matter.findings.risk)
    for (World& world : worlds(matter, *matter.findings.risk))
      if (list.size() < risks_shown && world.words != list.front()) list.push_back(std::move(world.words));
  if (list.size() < risks_shown && result.prices && result.prices->p90 > result.prices->p10)
    list.push_back(matter.say(
        Text::risk_prices, {matter.money(result.prices->p90),
                            matter.say.change(result.prices->p90 - result.decision->cost, matter.scenario.currency)}));
  return list;
}

namespace {

/// Of each kind that is bought or rented.
std::vector<PriceAsked> prices_of(const Matter& matter, const procurement::Problem& problem,
                                  const procurement::Decision& decision) {
  std::vector<PriceAsked> list;
  for (std::size_t k = 0; k < problem.kinds.size(); ++k) {
    const scenario::Supply& supply = matter.scenario.procurement->supplies[k];
    const auto& usual = matter.scenario.options[supply.option].valid_until;
    const auto& months = decision.rented[k];
    const auto say = [&](Text what, const std::optional<std::string>& own) {
      list.push_back({matter.say(what, {matter.kind(k)}), own ? own : usual});
    };
    if (decision.bought(static_cast<int>(k)) > 0) say(Text::price_of, supply.spec.buy->valid_until);
    if (std::accumulate(months.begin(), months.end(), 0.0) > 0.5) say(Text::rent_of, supply.spec.rent->valid_until);
  }
  return list;
}

}  // namespace

std::vector<std::string> portfolio_asked(const Matter& matter) {
  const auto& result = *matter.findings.purchases;
  if (!result.decision) return {};
  std::vector<std::string> list;
  add_purchases(matter, result.problem, *result.decision, list);
  add_rents(matter, result.problem, *result.decision, list);
  if (list.size() > orders_shown) {
    const std::string more = std::to_string(list.size() - orders_shown);
    list.resize(orders_shown);
    list.push_back(matter.say(Text::ask_more, {more}));
  }
  const auto& cash = result.decision->cash;
  const auto quarter = cash.begin() + std::min<std::ptrdiff_t>(3, static_cast<std::ptrdiff_t>(cash.size()));
  list.push_back(matter.say(Text::ask_cash, {matter.money(result.decision->spent()),
                                             matter.money(std::accumulate(cash.begin(), quarter, 0.0))}));
  list.push_back(quotes_hold(matter, prices_of(matter, result.problem, *result.decision)));
  return list;
}

}  // namespace chipmix::report
