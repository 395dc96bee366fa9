#include "scenario/procure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>

#include "base/parallel.hpp"
#include "scenario/kinds.hpp"
#include "scenario/purchase_prices.hpp"
#include "uncertainty/draws.hpp"

#include "procurement/milp.hpp"

namespace chipmix::scenario {
namespace {

using procurement::Column;
using procurement::Kind;
using procurement::Problem;

constexpr double months_per_year = 12;
constexpr double a_little_more = 1.1;
constexpr std::size_t most_columns = 4000;  // clusters of jobs beside one another: dozens of sizes for four jobs

/// By how much longer a run takes at most, with so much confidence: its 90 % end, on the logarithm of a normal.
double slower(double p90, double confidence) {
  return std::pow(p90, uncertainty::normal_quantile(confidence) / uncertainty::normal_quantile(0.9));
}

/// The job of a portfolio on a cluster of so many devices.
Candidate simulate(const Scenario& scenario, Candidate candidate, const Settings& settings) {
  const Purchases& all = *scenario.procurement;
  Scenario one = scenario;
  one.job = all.jobs[candidate.job].job;
  const int index = all.supplies[candidate.supply].option;
  one.options[index].cluster->groups.front().devices = candidate.devices;
  Settings own = settings;
  own.jobs = 1;
  own.alternatives = false;
  own.intervals = all.confidence > 0.5;
  own.progress = {};
  const OptionAnswer result = answer(one, index, own);
  if (result.feasible()) {
    candidate.tokens_per_s = result.tokens_per_s / slower(result.p90, all.confidence);
    candidate.plan = plan::to_text(result.runs.front().plan, *one.options[index].cluster);
  } else {
    candidate.plan = result.reason->explanation;
  }
  return candidate;
}

Column column(const Problem& problem, const Candidate& one) {
  Column column{fmt::format("{} x {}", one.devices, problem.kinds[one.supply].name),
                std::vector<int>(problem.kinds.size(), 0), std::vector<double>(problem.works.size(), 0)};
  column.devices[one.supply] = one.devices;
  column.tokens[one.job] = one.tokens_per_s * hours_per_month * seconds_per_hour;
  return column;
}

/// Whether jobs of two columns can run in one month, and none is in both.
bool can_meet(const Problem& problem, const Column& a, const Column& b) {
  for (std::size_t i = 0; i < problem.works.size(); ++i)
    for (std::size_t j = 0; j < problem.works.size(); ++j)
      if (a.tokens[i] > 0 && b.tokens[j] > 0 &&
          (i == j || std::max(problem.works[i].from, problem.works[j].from) >=
                         std::min(problem.works[i].by, problem.works[j].by)))
        return false;
  return true;
}

std::size_t last_job(const Column& column) {
  std::size_t last = 0;
  for (std::size_t j = 0; j < column.tokens.size(); ++j)
    if (column.tokens[j] > 0) last = j;
  return last;
}

/// Each job on a cluster, and as many jobs beside one another as can meet.
std::vector<Column> columns(const Problem& problem, const std::vector<Candidate>& candidates) {
  std::vector<Column> single;
  for (const Candidate& one : candidates)
    if (one.tokens_per_s > 0) single.push_back(column(problem, one));
  std::vector<Column> all = procurement::efficient(single);
  const std::vector<Column> alone = all;
  for (std::size_t i = 0; i < all.size() && all.size() < most_columns; ++i)
    for (const Column& other : alone) {
      if (last_job(other) <= last_job(all[i]) || !can_meet(problem, all[i], other)) continue;
      Column both = all[i];
      both.label += " and " + other.label;
      for (std::size_t k = 0; k < both.devices.size(); ++k) both.devices[k] += other.devices[k];
      for (std::size_t w = 0; w < both.tokens.size(); ++w) both.tokens[w] += other.tokens[w];
      all.push_back(std::move(both));
    }
  return all;
}

/// What the best decision of a changed problem costs, if there is any, or that the time was over before it was known.
WhatIf outcome(const std::string& change, const Problem& problem) {
  try {
    const auto decision = procurement::solve(problem);
    return {change, decision ? std::optional(decision->cost) : std::nullopt, {}, false};
  } catch (const procurement::NothingInTime&) {
    return {change, {}, {}, true};
  }
}

/// Changes of a problem that make it no harder.
struct Easing {
  std::string name;
  std::function<void(Problem&)> ease;
  std::function<std::string(const Problem&)> needed{};  ///< of the eased problem: the least that does
};

template <class Change>
void each_cap(Problem& problem, Change change) {
  for (Kind& kind : problem.kinds) {
    if (kind.purchase) change(kind.purchase->cap, kind), change(kind.purchase->monthly, kind);
    if (kind.lease) change(kind.lease->cap, kind);
  }
}

std::vector<Easing> little_more(const Problem& problem) {
  std::vector<Easing> list;
  const bool can_wait = std::any_of(problem.works.begin(), problem.works.end(),
                                    [&](const procurement::Work& work) { return work.by < problem.months; });
  if (can_wait)
    list.push_back({"one more month for every job", [](Problem& p) {
                      for (auto& work : p.works) work.by = std::min(work.by + 1, p.months);
                    }});
  if (problem.limits.budget)
    list.push_back({"10 % more budget", [](Problem& p) { *p.limits.budget *= a_little_more; }});
  if (problem.limits.kilowatts)
    list.push_back({"10 % more power", [](Problem& p) { *p.limits.kilowatts *= a_little_more; }});
  if (problem.limits.vendor_share)
    list.push_back({"a vendor's share 10 % larger", [](Problem& p) {
                      *p.limits.vendor_share = std::min(1.0, *p.limits.vendor_share * a_little_more);
                    }});
  list.push_back({"one more lot wherever supply is limited", [](Problem& p) {
                    each_cap(p, [](std::optional<int>& cap, const Kind& kind) {
                      if (cap) *cap += kind.lot;
                    });
                  }});
  return list;
}

/// The least power or cash with which it can be done, all else as it is.
std::optional<double> least(Problem problem, procurement::Aim aim) {
  problem.aim = aim;
  return outcome("", problem).cost;
}

std::string megawatts(double kilowatts) { return fmt::format("{:.2f} MW", kilowatts / 1e3); }

/// By how many months later every job would be done at the soonest.
std::string delay(const Problem& problem) {
  for (int months = 1; months <= problem.months; ++months) {
    Problem other = problem;
    for (auto& work : other.works) work.by = std::min(work.by + months, problem.months);
    if (outcome("", other).cost) return fmt::format("{} month{} more", months, months == 1 ? "" : "s");
  }
  return {};
}

std::vector<Easing> without(const Problem& problem) {
  using procurement::Aim;
  std::vector<Easing> list;
  if (problem.limits.budget)
    list.push_back({"the budget", [](Problem& p) { p.limits.budget.reset(); },
                    [](const Problem& p) {
                      const auto cash = least(p, Aim::cash);
                      return cash ? fmt::format("{:.4g} M", *cash / 1e6) : "";
                    }});
  if (problem.limits.kilowatts)
    list.push_back({"the limit of power", [](Problem& p) { p.limits.kilowatts.reset(); },
                    [](const Problem& p) {
                      const auto kilowatts = least(p, Aim::kilowatts);
                      return kilowatts ? megawatts(*kilowatts) : "";
                    }});
  if (problem.limits.area) list.push_back({"the limit of floor", [](Problem& p) { p.limits.area.reset(); }, {}});
  if (problem.limits.vendor_share)
    list.push_back({"the vendors' shares", [](Problem& p) { p.limits.vendor_share.reset(); }, {}});
  if (std::any_of(problem.kinds.begin(), problem.kinds.end(), [](const Kind& kind) { return kind.award; }))
    list.push_back({"the awards",
                    [](Problem& p) {
                      for (Kind& kind : p.kinds) kind.award.reset();
                    },
                    {}});
  list.push_back({"the deadlines",
                  [](Problem& p) {
                    for (auto& work : p.works) work.by = p.months;
                  },
                  {}});
  list.push_back({"the limits of supply",
                  [](Problem& p) { each_cap(p, [](std::optional<int>& cap, const Kind&) { cap.reset(); }); },
                  {}});
  return list;
}

std::vector<WhatIf> try_each(const Problem& problem, const std::vector<Easing>& easings) {
  std::vector<WhatIf> list;
  for (const Easing& easing : easings) {
    Problem other = problem;
    easing.ease(other);
    list.push_back(outcome(easing.name, other));
    if (list.back().cost && easing.needed) list.back().needed = easing.needed(other);
  }
  return list;
}

/// Limits that, left out two at a time, let it be done.
std::vector<WhatIf> try_pairs(const Problem& problem, const std::vector<Easing>& easings) {
  std::vector<WhatIf> list;
  for (std::size_t i = 0; i < easings.size(); ++i)
    for (std::size_t j = i + 1; j < easings.size(); ++j) {
      Problem other = problem;
      easings[i].ease(other);
      easings[j].ease(other);
      list.push_back(outcome(easings[i].name + " and " + easings[j].name, other));
    }
  return list;
}

bool is_dead(const WhatIf& one) { return !one.cost && !one.is_open; }

/// Limits that, left out, would let it be done: one, or where no one is enough two, or else all.
std::vector<WhatIf> conflicts(const Problem& problem) {
  const std::vector<Easing> easings = without(problem);
  std::vector<WhatIf> list = try_each(problem, easings);
  if (std::all_of(list.begin(), list.end(), is_dead)) list = try_pairs(problem, easings);
  if (std::all_of(list.begin(), list.end(), is_dead)) {
    Problem other = problem;
    for (const Easing& easing : easings) easing.ease(other);
    list = {outcome("any of the limits", other)};
  }
  std::erase_if(list, is_dead);
  for (WhatIf& one : list)
    if (one.change == "the deadlines" && one.cost) one.needed = delay(problem);
  return list;
}

/// The answers to what a buyer asks first: all rented, all bought.
std::vector<WhatIf> ways(const Problem& problem) {
  const auto has = [&](auto way) {
    return std::any_of(problem.kinds.begin(), problem.kinds.end(),
                       [&](const Kind& kind) { return (kind.*way).has_value(); });
  };
  if (!has(&Kind::purchase) || !has(&Kind::lease)) return {};
  Problem rented = problem, bought = problem;
  for (Kind& kind : rented.kinds) kind.purchase.reset();
  for (Kind& kind : bought.kinds) kind.lease.reset();
  return {outcome("rent all", rented), outcome("buy all", bought)};
}

/// Without the kind on which most is spent.
WhatIf runner_up(const Problem& problem, const procurement::Decision& decision) {
  std::size_t dearest = 0;
  double most = -1;
  for (std::size_t k = 0; k < problem.kinds.size(); ++k) {
    const Kind& kind = problem.kinds[k];
    double spent = kind.purchase ? kind.purchase->price * decision.bought(static_cast<int>(k)) : 0;
    for (double rented : decision.rented[k]) spent += kind.lease ? kind.lease->price * rented : 0;
    if (spent > most) most = spent, dearest = k;
  }
  Problem other = problem;
  other.kinds[dearest].purchase.reset();
  other.kinds[dearest].lease.reset();
  return outcome("without " + problem.kinds[dearest].name, other);
}

}  // namespace

std::vector<Candidate> simulate_clusters(const Scenario& scenario, const Settings& settings) {
  const Purchases& all = *scenario.procurement;
  std::vector<Candidate> list;
  for (int supply = 0; supply < static_cast<int>(all.supplies.size()); ++supply)
    for (int job = 0; job < static_cast<int>(all.jobs.size()); ++job)
      for (int devices : all.supplies[supply].spec.sizes) list.push_back({supply, job, devices, {}, 0});
  std::atomic<int> done = 0;
  parallel_for(static_cast<int>(list.size()), settings.jobs, [&](int i) {
    list[i] = simulate(scenario, list[i], settings);
    if (settings.progress) settings.progress(static_cast<double>(++done) / static_cast<double>(list.size()));
  });
  return list;
}

procurement::Problem procurement_problem(const Scenario& scenario, const std::vector<Candidate>& candidates,
                                         double seconds) {
  const Purchases& all = *scenario.procurement;
  Problem problem;
  problem.months = all.months;
  problem.seconds = seconds;
  problem.monthly_discount = std::pow(1 + all.discount, 1 / months_per_year) - 1;
  for (const Supply& supply : all.supplies)
    problem.kinds.push_back(kind_of(scenario, supply, quotes_of(scenario, supply)));
  for (const PortfolioJob& job : all.jobs) problem.works.push_back({job.name, job.job.tokens, job.from, job.by});
  problem.columns = columns(problem, candidates);
  if (all.limits.budget) problem.limits.budget = scenario.rates.convert(*all.limits.budget, scenario.currency).amount;
  if (all.limits.power) problem.limits.kilowatts = all.limits.power->value() / 1e3;
  problem.limits.vendor_share = all.limits.vendor_share;
  problem.limits.area = all.limits.area;
  problem.limits.shares = all.shares;
  return problem;
}

Procurement procure(const Scenario& scenario, const Settings& settings) {
  Procurement result;
  result.candidates = simulate_clusters(scenario, settings);
  result.problem = procurement_problem(scenario, result.candidates, settings.seconds);
  result.decision = procurement::solve(result.problem);
  if (settings.progress) settings.progress(1);
  if (!result.decision) {
    result.conflicts = conflicts(result.problem);
    return result;
  }
  result.prices = price_interval(scenario, result.problem, *result.decision);
  result.ways = ways(result.problem);
  result.worth = try_each(result.problem, little_more(result.problem));
  if (result.problem.kinds.size() > 1) result.runner_up = runner_up(result.problem, *result.decision);
  return result;
}

}  // namespace chipmix::scenario
