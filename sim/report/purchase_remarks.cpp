#include "report/purchase_remarks.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/words.hpp"
#include "procurement/summary.hpp"
#include "report/number.hpp"

namespace chipmix::report {
namespace {

using procurement::Decision;
using procurement::Holding;
using procurement::Problem;
using scenario::Procurement;

constexpr int year = 12;

std::string listed(const std::string& before, const std::string& next) {
  return before.empty() ? next : before + ", " + next;
}

std::string paid(const scenario::Scenario& scenario, double amount) { return money({amount, scenario.currency}); }

std::string proof(const Decision& decision) {
  constexpr double rounding = 1e-6;
  const double gap = decision.cost > 0 ? (decision.cost - decision.bound) / decision.cost : 0;
  if (gap < rounding) return "Proven to be the least for the clusters below";
  return fmt::format("The best found in the time given: none of the clusters below allows more than {} less",
                     percent(gap));
}

/// "sell 32 mi250x at once", "sell 32 mi250x after month 3": of what is owned today, before the work is done.
std::string sold_text(const Problem& problem, const Decision& decision) {
  std::string text;
  const int last = static_cast<int>(std::floor(procurement::finish(decision)));
  for (std::size_t k = 0; k < problem.kinds.size(); ++k) {
    int before = problem.kinds[k].fleet ? problem.kinds[k].fleet->devices : 0;
    for (int month = 0; month < std::max(1, last); ++month) {
      const int now = decision.kept(static_cast<int>(k), month);
      if (now < before)
        text = listed(text, fmt::format("sell {} {} {}", grouped(before - now), problem.kinds[k].name,
                                        month == 0 ? "at once" : fmt::format("after month {}", month)));
      before = std::min(before, now);
    }
  }
  return text;
}

/// "Buy 512 910b; rent 3,228 device-months of h800".
std::string order_text(const Problem& problem, const Decision& decision) {
  std::string bought, rented;
  for (std::size_t k = 0; k < problem.kinds.size(); ++k) {
    const int devices = decision.bought(static_cast<int>(k));
    const double lent = std::accumulate(decision.rented[k].begin(), decision.rented[k].end(), 0.0);
    if (devices > 0) bought = listed(bought, grouped(devices) + " " + problem.kinds[k].name);
    if (lent > least_devices)
      rented = listed(rented, fmt::format("{} {} of {}", grouped(lent), noun(std::round(lent), "device-month"),
                                          problem.kinds[k].name));
  }
  const std::string sold = sold_text(problem, decision);
  return (sold.empty() ? "" : sold + "; ") + (bought.empty() ? "buy nothing" : "buy " + bought) +
         (rented.empty() ? "; rent nothing" : "; rent " + rented);
}

/// What a move to other kinds takes, and who moves.
std::string move_words(const scenario::Scenario& scenario, const Procurement& result) {
  const Problem& problem = result.problem;
  if (problem.move <= 0 || problem.kinds.size() < 2) return {};
  std::vector<std::string> list;
  const auto kinds = [&](procurement::Site site) {
    std::vector<std::string> names;
    for (std::size_t k = 0; k < problem.kinds.size(); ++k)
      if (site >> k & 1) names.push_back(problem.kinds[k].name);
    return fmt::format("{}", fmt::join(names, " + "));
  };
  for (const procurement::Move& one : result.decision->moves)
    list.push_back(fmt::format("{} from {} to {} in month {}", problem.works[one.job].name, kinds(one.from),
                               kinds(one.to), one.month + 1));
  const double hours = scenario.procurement->move_hours;
  return fmt::format(" A job that moves to other kinds takes {:g} h of the new cluster for it{}: {}.", hours,
                     hours == scenario::usual_move_hours ? " (assumed where procurement.move_hours is left out)" : "",
                     list.empty() ? "none does" : fmt::format("{}", fmt::join(list, "; ")));
}

/// "h20 for 3 months at most": kinds that an order buys and sells again within half a year.
std::string short_text(const Problem& problem, const Decision& decision) {
  constexpr int half_a_year = 6;
  std::vector<std::string> list;
  for (std::size_t k = 0; k < problem.kinds.size(); ++k) {
    int longest = 0;
    for (const Holding& one : decision.holdings)
      if (one.kind == static_cast<int>(k) && !one.is_fleet) longest = std::max(longest, one.sale - one.arrival);
    if (longest > 0 && longest <= half_a_year)
      list.push_back(fmt::format("{} for {} at most, and sells it then for {} of its price (cost of sale: {})",
                                 problem.kinds[k].name, counted(longest, "month"),
                                 percent(problem.kinds[k].worth(longest) / problem.kinds[k].purchase->price),
                                 percent(problem.kinds[k].purchase->sale_cost)));
  }
  return list.empty() ? "" : fmt::format(" It holds {}.", fmt::join(list, "; "));
}

std::string capital(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') text.front() = static_cast<char>(text.front() - 32);
  return text;
}

/// The limit of which a little more saves most: "One more month for every job would save 176 M CNY."
std::string strongest_change(const scenario::Scenario& scenario, const Procurement& result) {
  constexpr double rounding = 1e-4;
  const scenario::WhatIf* best = nullptr;
  for (const scenario::WhatIf& one : result.worth)
    if (one.cost && (!best || *one.cost < *best->cost)) best = &one;
  if (!best || *best->cost >= result.decision->cost * (1 - rounding)) return {};
  return fmt::format(" What would change this most: {} would save {}.", best->change,
                     paid(scenario, result.decision->cost - *best->cost));
}

/// "; the jobs are done in time with a probability of 70 %, and not if '910B two months late' (30 %)".
std::string dates(const scenario::Risk& risk) {
  std::vector<std::string> missed;
  for (std::size_t world = 0; world < risk.worlds.size(); ++world)
    if (!risk.cost[0][world])
      missed.push_back(fmt::format("'{}' ({:.0f} %)", risk.worlds[world], 100 * risk.probability[world]));
  const double in_time = 100 * risk.in_time(0);
  if (missed.empty()) return "It keeps its dates in every future considered. ";
  return fmt::format("It keeps its dates with a probability of {:.0f} %: not in the case of {}. ", in_time,
                     fmt::join(missed, " or "));
}

}  // namespace

std::string bought_text(const Problem& problem, const Decision& decision) {
  std::string text;
  for (std::size_t k = 0; k < problem.kinds.size(); ++k)
    if (const int devices = decision.bought(static_cast<int>(k)); devices > 0)
      text = listed(text, grouped(devices) + " " + problem.kinds[k].name);
  return text.empty() ? "-" : text;
}

std::string rented_text(const Problem& problem, const Decision& decision) {
  std::string text;
  for (std::size_t k = 0; k < problem.kinds.size(); ++k) {
    const double devices = std::accumulate(decision.rented[k].begin(), decision.rented[k].end(), 0.0);
    if (devices > least_devices) text = listed(text, grouped(devices) + " " + problem.kinds[k].name);
  }
  return text.empty() ? "-" : text;
}

std::string purchase_headline(const scenario::Scenario& scenario, const Procurement& result,
                              const std::optional<scenario::Risk>& risk) {
  const Decision& decision = *result.decision;
  const bool is_bought = bought_text(result.problem, decision) != "-";
  return fmt::format("{}: {} in all, discounted month by month{} ({} are paid out). {}{}.{}",
                     capital(order_text(result.problem, decision)), paid(scenario, decision.cost),
                     is_bought ? ", less what the devices sell for" : "", paid(scenario, decision.spent()),
                     risk ? dates(*risk) : "", proof(decision), strongest_change(scenario, result));
}

/// What a reader who signs has to know of how dates and rents were taken.
std::string planning_remark(const scenario::Scenario& scenario, const Procurement& result) {
  const Problem& problem = result.problem;
  const Decision& decision = *result.decision;
  const scenario::Purchases& all = *scenario.procurement;
  std::string text =
      fmt::format("Each job is planned to be in time with a probability of {:.0f} % (procurement.confidence).",
                  100 * all.confidence);
  for (std::size_t k = 0; k < problem.kinds.size(); ++k) {
    const double rented = std::accumulate(decision.rented[k].begin(), decision.rented[k].end(), 0.0);
    const scenario::Option& option = scenario.options[all.supplies[k].option];
    if (rented > least_devices && option.reliability && option.reliability->spot)
      text += fmt::format(" The rent and the device-months of {} are of the hours in which its spot devices are there.",
                          problem.kinds[k].name);
  }
  return text + move_words(scenario, result);
}

std::string robust_remark(const scenario::Scenario& scenario, const scenario::Risk& risk) {
  const auto robust = risk.robust();
  if (!robust) return "No order keeps its dates in every future considered.";
  if (*robust == 0) return {};
  return fmt::format(
      "Robust order, made as if '{}': {}. It keeps its dates in every future considered, for {} on average and {} at "
      "worst.{}",
      risk.worlds[*robust], order_text(risk.problems[*robust], *risk.orders[*robust]),
      paid(scenario, *risk.expected(*robust)), paid(scenario, *risk.worst(*robust)),
      short_text(risk.problems[*robust], *risk.orders[*robust]));
}

std::string resale_remark(const Problem& problem, const Decision& decision) {
  std::vector<std::string> list;
  for (std::size_t k = 0; k < problem.kinds.size(); ++k) {
    const procurement::Kind& kind = problem.kinds[k];
    if (decision.bought(static_cast<int>(k)) == 0) continue;
    const double price = kind.purchase->price;
    if (kind.worth(0) <= 0 || kind.worth(1) <= 0) {
      list.push_back(kind.name + " sells for nothing at any age");
      continue;
    }
    const auto after = [&](int months) {
      return fmt::format("{} after {}", percent(kind.worth(months) / price), counted(months, "month"));
    };
    std::vector<std::string> ages;
    for (const Holding& one : decision.holdings)
      if (one.kind == static_cast<int>(k) && !one.is_fleet)
        if (std::string text = after(one.sale - one.arrival); std::find(ages.begin(), ages.end(), text) == ages.end())
          ages.push_back(std::move(text));
    if (std::string text = after(year); std::find(ages.begin(), ages.end(), text) == ages.end())
      ages.push_back(std::move(text));
    list.push_back(fmt::format("{} sells for {}", kind.name, fmt::join(ages, ", ")));
  }
  if (list.empty()) return {};
  return fmt::format("Resale, of the price paid with installation and tax: {}.", fmt::join(list, "; "));
}

std::vector<std::string> brief_remarks(const scenario::Scenario& scenario, const Procurement& result) {
  const Problem& problem = result.problem;
  const Decision& decision = *result.decision;
  std::vector<std::string> list;
  for (const scenario::Brief& brief : result.briefs) {
    const procurement::Kind& kind = problem.kinds[brief.kind];
    std::vector<std::string> work;
    for (std::size_t j = 0; j < problem.works.size(); ++j)
      if (const double share = procurement::work_share(problem, decision, static_cast<std::size_t>(brief.kind), j);
          share > 0)
        work.push_back(fmt::format("{} of {}", percent(share), problem.works[j].name));
    std::string text = fmt::format(
        "{} {} are held for {} device-months only and do {}: price and upkeep less resale are {}, {} a "
        "device-month.",
        grouped(decision.bought(brief.kind)), kind.name, grouped(brief.device_months),
        work.empty() ? "nothing" : fmt::format("{}", fmt::join(work, " and ")), paid(scenario, brief.cost),
        paid(scenario, brief.cost / brief.device_months));
    text += kind.lease
                ? fmt::format(" Renting them costs {} a device-month{}.", paid(scenario, kind.lease->price),
                              kind.lease->lead > 0 ? fmt::format(", from month {} on", kind.lease->lead + 1) : "")
                : " The scenario has no offer to rent them.";
    const scenario::WhatIf& without = brief.without;
    text += without.is_open ? " The search time was too short to tell whether the jobs can be done without buying them."
            : without.cost
                ? fmt::format(" Without buying them all costs {} more.", paid(scenario, *without.cost - decision.cost))
                : " Without buying them the jobs cannot be done in time.";
    list.push_back(std::move(text));
  }
  return list;
}

}  // namespace chipmix::report
