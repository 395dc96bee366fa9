#include "scenario/procure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>

#include "base/parallel.hpp"
#include "scenario/kinds.hpp"
#include "scenario/number_formats.hpp"
#include "scenario/purchase_prices.hpp"
#include "scenario/what_ifs.hpp"
#include "uncertainty/draws.hpp"

namespace chipmix::scenario {
namespace {

using procurement::Column;
using procurement::Kind;
using procurement::Problem;

constexpr double months_per_year = 12;
constexpr std::size_t most_columns = 4000;  // clusters of jobs beside one another: dozens of sizes for four jobs

/// By how much longer a run takes at most, with so much confidence: its 90 % end, on the logarithm of a normal.
double slower(double p90, double confidence) {
  return std::pow(p90, uncertainty::normal_quantile(confidence) / uncertainty::normal_quantile(0.9));
}

/// The job of a portfolio on a cluster, or on a mix, of so many devices.
Candidate simulate(const Scenario& scenario, Candidate candidate, const Settings& settings) {
  const Purchases& all = *scenario.procurement;
  Scenario one = scenario;
  one.job = all.jobs[candidate.job].job;
  const bool is_mix = candidate.mix >= 0;
  const int index = is_mix ? all.mixes[candidate.mix].option : all.supplies[candidate.supplies.front()].option;
  auto& groups = one.options[index].cluster->groups;
  for (std::size_t i = 0; i < groups.size(); ++i) groups[i].devices = candidate.devices[i];
  Settings own = settings;
  own.jobs = jobs_inside(settings.jobs, static_cast<int>(all.supplies.size() + all.mixes.size()));
  own.alternatives = false;
  own.intervals = all.confidence > 0.5;
  own.progress = {};
  const OptionAnswer result = answer(one, index, own);
  if (result.feasible()) {
    candidate.tokens_per_s = result.tokens_per_s / slower(result.p90, all.confidence);
    candidate.plan = plan_text(result.runs.front().plan, one.options[index]);
    candidate.billed = result.runs.front().held() / result.runs.front().duration;
  } else {
    candidate.plan = result.reason->explanation;
  }
  return candidate;
}

Column column(const Problem& problem, const Candidate& one) {
  Column column{{}, std::vector<int>(problem.kinds.size(), 0), std::vector<double>(problem.works.size(), 0)};
  for (std::size_t i = 0; i < one.supplies.size(); ++i) {
    column.label += fmt::format("{}{} x {}", i == 0 ? "" : " + ", one.devices[i], problem.kinds[one.supplies[i]].name);
    column.devices[one.supplies[i]] += one.devices[i];
  }
  if (one.billed < 1) {
    column.billed.assign(problem.kinds.size(), 1);
    for (int supply : one.supplies) column.billed[supply] = one.billed;
  }
  if (problem.move > 0) {
    column.sites.assign(problem.works.size(), 0);
    for (int supply : one.supplies) column.sites[one.job] |= procurement::Site{1} << supply;
  }
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

/// Of two clusters beside one another: on the mean of their devices.
std::vector<double> billed_together(const Column& a, const Column& b) {
  if (a.billed.empty() && b.billed.empty()) return {};
  std::vector<double> billed(a.devices.size(), 1);
  for (std::size_t k = 0; k < billed.size(); ++k)
    if (const int devices = a.devices[k] + b.devices[k]; devices > 0)
      billed[k] = (a.billed_share(k) * a.devices[k] + b.billed_share(k) * b.devices[k]) / devices;
  return billed;
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
      both.billed = billed_together(all[i], other);
      for (std::size_t k = 0; k < both.devices.size(); ++k) both.devices[k] += other.devices[k];
      for (std::size_t w = 0; w < both.tokens.size(); ++w) both.tokens[w] += other.tokens[w];
      for (std::size_t w = 0; w < both.sites.size(); ++w) both.sites[w] |= other.sites[w];
      all.push_back(std::move(both));
    }
  return all;
}

}  // namespace

std::vector<Candidate> simulate_clusters(const Scenario& scenario, const Settings& settings) {
  const Purchases& all = *scenario.procurement;
  std::vector<Candidate> list;
  for (int supply = 0; supply < static_cast<int>(all.supplies.size()); ++supply)
    for (int job = 0; job < static_cast<int>(all.jobs.size()); ++job)
      for (int devices : all.supplies[supply].spec.sizes) list.push_back({{supply}, job, {devices}, -1, {}, 0});
  for (int mix = 0; mix < static_cast<int>(all.mixes.size()); ++mix)
    for (int job = 0; job < static_cast<int>(all.jobs.size()); ++job)
      for (const auto& devices : all.mixes[mix].sizes)
        list.push_back({all.mixes[mix].supplies, job, devices, mix, {}, 0});
  std::atomic<int> done = 0;
  parallel_for(static_cast<int>(list.size()), settings.jobs, [&](int i) {
    list[i] = simulate(scenario, list[i], settings);
    if (settings.progress) settings.progress(static_cast<double>(++done) / static_cast<double>(list.size()));
  });
  return list;
}

procurement::Problem procurement_problem(const Scenario& scenario, const std::vector<Candidate>& candidates,
                                         const Settings& settings) {
  const Purchases& all = *scenario.procurement;
  Problem problem;
  problem.months = all.months;
  problem.seconds = settings.seconds;
  problem.watch.stop = settings.stop;
  problem.monthly_discount = std::pow(1 + all.discount, 1 / months_per_year) - 1;
  for (const Supply& supply : all.supplies)
    problem.kinds.push_back(kind_of(scenario, supply, quotes_of(scenario, supply)));
  for (const PortfolioJob& job : all.jobs) problem.works.push_back({job.name, job.job.tokens, job.from, job.by});
  problem.move = all.move_hours / hours_per_month;
  problem.columns = columns(problem, candidates);
  if (all.limits.budget) problem.limits.budget = scenario.rates.convert(*all.limits.budget, scenario.currency).amount;
  if (all.limits.power) problem.limits.kilowatts = all.limits.power->value() / 1e3;
  problem.limits.vendor_share = all.limits.vendor_share;
  problem.limits.area = all.limits.area;
  problem.limits.shares = all.shares;
  return problem;
}

namespace {

/// The ways side by side, each with what its prices may come to.
std::vector<Way> side_by_side(const Scenario& scenario, const Procurement& result, int jobs) {
  const std::vector<Change> changes = ways(result.problem);
  std::vector<Way> list(changes.size());
  parallel_for(static_cast<int>(changes.size()), jobs, [&](int i) {
    list[i] = way(changes[i], result);
    if (!list[i].decision) return;
    list[i].finish = procurement::finish(*list[i].decision);
    list[i].prices = price_interval(scenario, changes[i].problem, *list[i].decision);
  });
  return list;
}

std::vector<Brief> sold_early(const Problem& problem, const procurement::Decision& decision) {
  const double last = procurement::finish(decision);
  std::vector<Brief> list;
  for (std::size_t k = 0; k < problem.kinds.size(); ++k) {
    Brief brief{static_cast<int>(k)};
    bool is_early = false;
    for (const procurement::Holding& one : decision.holdings) {
      if (one.kind != brief.kind || one.is_fleet) continue;
      is_early = is_early || one.sale < std::floor(last);
      brief.device_months += 1.0 * one.devices * (one.sale - one.arrival);
      brief.cost += procurement::holding_cost(problem, one);
    }
    if (is_early) list.push_back(brief);
  }
  return list;
}

}  // namespace

Procurement procure(const Scenario& scenario, const Settings& settings, const procurement::Watch& watch) {
  Procurement result;
  result.candidates = simulate_clusters(scenario, settings);
  result.problem = procurement_problem(scenario, result.candidates, settings);
  Problem watched = result.problem;
  watched.watch.progress = watch.progress;
  result.decision = procurement::solve(watched);
  if (!result.decision) {
    result.conflicts = conflicts(result.problem, settings.jobs);
    return result;
  }
  result.ways = side_by_side(scenario, result, settings.jobs);
  result.prices = result.ways[best_way].prices;
  std::vector<Change> changes = little_more(result.problem, *result.decision);
  const bool has_others = result.problem.kinds.size() > 1;
  if (has_others) changes.push_back(runner_up(result.problem, *result.decision));
  result.briefs = sold_early(result.problem, *result.decision);
  for (const Brief& brief : result.briefs) {
    changes.push_back({"without buying " + result.problem.kinds[brief.kind].name, result.problem, {}});
    changes.back().problem.kinds[brief.kind].purchase->cap = 0;
  }
  result.worth = outcomes(changes, settings.jobs);
  for (std::size_t i = result.briefs.size(); i-- > 0; result.worth.pop_back())
    result.briefs[i].without = result.worth.back();
  if (has_others) result.runner_up = result.worth.back(), result.worth.pop_back();
  if (settings.progress) settings.progress(1);
  return result;
}

}  // namespace chipmix::scenario
