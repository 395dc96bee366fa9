#include "scenario/procure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <numeric>

#include "base/parallel.hpp"
#include "scenario/purchase_prices.hpp"
#include "uncertainty/draws.hpp"

#include "procurement/milp.hpp"

namespace chipmix::scenario {
namespace {

using procurement::Column;
using procurement::Kind;
using procurement::Problem;

constexpr double months_per_year = 12, hours_per_month = 8766.0 / 12;
constexpr double a_little_more = 1.1;

double amount(const Scenario& scenario, const Money& money) {
  return scenario.rates.convert(money, scenario.currency).amount;
}

/// Electricity of a device that works all month.
double electricity(const Scenario& scenario, const Option& option) {
  const auto& tariff = option.tariffs.front();
  if (!tariff || !scenario.electricity) return 0;
  const economics::Usage month{"", 1, Seconds{hours_per_month * seconds_per_hour}};
  return amount(scenario, tariff->value * economics::energy(month, option.cluster->groups.front(), option.power.front(),
                                                            *scenario.electricity));
}

Kind::Purchase purchase(const Scenario& scenario, const Supply& supply, const Option& option) {
  Kind::Purchase result;
  for (const economics::OwnedPart& part : economics::parts(
           *supply.own,
           economics::kilowatts(option.cluster->groups.front(), option.power.front(), scenario.electricity),
           scenario.rates)) {
    const Money price{part.price > 0 ? part.price : part.yearly / months_per_year, supply.own->device.value.currency};
    (part.price > 0 ? result.price : result.upkeep) += amount(scenario, price);
  }
  result.upkeep += electricity(scenario, option);
  result.lead = supply.spec.buy->lead_months;
  result.cap = supply.spec.buy->cap;
  result.monthly = supply.spec.buy->monthly;
  for (const VolumeSpec& step : supply.spec.buy->volume) result.volume.push_back({step.from, step.discount});
  result.life = supply.own->life.value * months_per_year;
  result.residual = supply.own->residual.value;
  return result;
}

/// Every device that works has its share of a spare, which costs and draws what it does.
void add_spares(Kind& kind, double held) {
  kind.kilowatts *= held;
  kind.area *= held;
  kind.electricity *= held;
  if (kind.purchase) kind.purchase->price *= held, kind.purchase->upkeep *= held;
  if (kind.lease) kind.lease->price *= held;
}

Kind kind_of(const Scenario& scenario, const Supply& supply) {
  const Option& option = scenario.options[supply.option];
  Kind kind;
  kind.name = option.name;
  kind.vendor = supply.spec.vendor.empty() ? option.cluster->groups.front().device.vendor : supply.spec.vendor;
  kind.lot = std::accumulate(supply.spec.sizes.begin(), supply.spec.sizes.end(), 0,
                             [](int a, int b) { return std::gcd(a, b); });
  kind.kilowatts = economics::provisioned(option.cluster->groups.front(), scenario.electricity);
  kind.award = supply.spec.award;
  kind.electricity = electricity(scenario, option);
  if (supply.spec.buy) kind.area = supply.spec.buy->area;
  if (supply.own) kind.purchase = purchase(scenario, supply, option);
  if (supply.lease)
    kind.lease = Kind::Lease{amount(scenario, supply.lease->value * Seconds{hours_per_month * seconds_per_hour}) +
                                 electricity(scenario, option),
                             supply.spec.rent->from_month, supply.spec.rent->cap};
  if (option.reliability) add_spares(kind, 1 + option.reliability->spares);
  return kind;
}

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

/// One job on one cluster, and two jobs beside one another.
std::vector<Column> columns(const Problem& problem, const std::vector<Candidate>& candidates) {
  std::vector<Column> single;
  for (const Candidate& one : candidates)
    if (one.tokens_per_s > 0) single.push_back(column(problem, one));
  std::vector<Column> all = procurement::efficient(single);
  const std::size_t alone = all.size();
  const auto job_of = [](const Column& c) {
    return std::find_if(c.tokens.begin(), c.tokens.end(), [](double t) { return t > 0; }) - c.tokens.begin();
  };
  for (std::size_t i = 0; i < alone; ++i)
    for (std::size_t j = 0; j < alone; ++j) {
      if (job_of(all[i]) >= job_of(all[j])) continue;
      Column both = all[i];
      both.label += " and " + all[j].label;
      for (std::size_t k = 0; k < both.devices.size(); ++k) both.devices[k] += all[j].devices[k];
      for (std::size_t w = 0; w < both.tokens.size(); ++w) both.tokens[w] += all[j].tokens[w];
      all.push_back(std::move(both));
    }
  return all;
}

std::optional<double> cost(const Problem& problem) {
  try {
    const auto decision = procurement::solve(problem);
    return decision ? std::optional(decision->cost) : std::nullopt;
  } catch (const procurement::NothingInTime&) {
    return std::nullopt;
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
  return cost(problem);
}

std::string megawatts(double kilowatts) { return fmt::format("{:.2f} MW", kilowatts / 1e3); }

/// By how many months later every job would be done at the soonest.
std::string delay(const Problem& problem) {
  for (int months = 1; months <= problem.months; ++months) {
    Problem other = problem;
    for (auto& work : other.works) work.by = std::min(work.by + months, problem.months);
    if (cost(other)) return fmt::format("{} month{} more", months, months == 1 ? "" : "s");
  }
  return {};
}

std::vector<Easing> without(const Problem& problem) {
  using procurement::Aim;
  std::vector<Easing> list;
  if (problem.limits.budget)
    list.push_back({"the budget", [](Problem& p) { p.limits.budget.reset(); },
                    [](const Problem& p) { return fmt::format("{:.4g} M", *least(p, Aim::cash) / 1e6); }});
  if (problem.limits.kilowatts)
    list.push_back({"the limit of power", [](Problem& p) { p.limits.kilowatts.reset(); },
                    [](const Problem& p) { return megawatts(*least(p, Aim::kilowatts)); }});
  if (problem.limits.area) list.push_back({"the limit of floor", [](Problem& p) { p.limits.area.reset(); }, {}});
  if (problem.limits.vendor_share)
    list.push_back({"the vendors' shares", [](Problem& p) { p.limits.vendor_share.reset(); }, {}});
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
    list.push_back({easing.name, cost(other), {}});
    if (list.back().cost && easing.needed) list.back().needed = easing.needed(other);
  }
  return list;
}

/// Without the kind on which most is spent.
WhatIf runner_up(const Problem& problem, const procurement::Decision& decision) {
  std::size_t dearest = 0;
  double most = -1;
  for (std::size_t k = 0; k < problem.kinds.size(); ++k) {
    const Kind& kind = problem.kinds[k];
    double spent = 0;
    for (int month = 0; month < problem.months; ++month)
      spent += (kind.purchase ? kind.purchase->price * decision.arrived[k][month] : 0) +
               (kind.lease ? kind.lease->price * decision.rented[k][month] : 0);
    if (spent > most) most = spent, dearest = k;
  }
  Problem other = problem;
  other.kinds[dearest].purchase.reset();
  other.kinds[dearest].lease.reset();
  return {"without " + problem.kinds[dearest].name, cost(other), {}};
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
  for (const Supply& supply : all.supplies) problem.kinds.push_back(kind_of(scenario, supply));
  for (const PortfolioJob& job : all.jobs) problem.works.push_back({job.name, job.job.tokens, job.from, job.by});
  problem.columns = columns(problem, candidates);
  if (all.limits.budget) problem.limits.budget = amount(scenario, *all.limits.budget);
  if (all.limits.power) problem.limits.kilowatts = all.limits.power->value() / 1e3;
  problem.limits.vendor_share = all.limits.vendor_share;
  problem.limits.area = all.limits.area;
  return problem;
}

Procurement procure(const Scenario& scenario, const Settings& settings) {
  Procurement result;
  result.candidates = simulate_clusters(scenario, settings);
  result.problem = procurement_problem(scenario, result.candidates, settings.seconds);
  result.decision = procurement::solve(result.problem);
  if (settings.progress) settings.progress(1);
  if (!result.decision) {
    for (WhatIf& one : try_each(result.problem, without(result.problem)))
      if (one.cost) result.conflicts.push_back(std::move(one));
    for (WhatIf& one : result.conflicts)
      if (one.change == "the deadlines") one.needed = delay(result.problem);
    return result;
  }
  result.prices = price_interval(scenario, result.problem, *result.decision);
  result.worth = try_each(result.problem, little_more(result.problem));
  if (result.problem.kinds.size() > 1) result.runner_up = runner_up(result.problem, *result.decision);
  return result;
}

}  // namespace chipmix::scenario
