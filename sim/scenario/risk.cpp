#include "scenario/risk.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "base/parallel.hpp"
#include "procurement/milp.hpp"

namespace chipmix::scenario {
namespace {

using procurement::Decision;
using procurement::Problem;

/// Devices by month of arrival of what was due in months, so many months late, as a supply of a world lets them come.
std::vector<int> deliver(const procurement::Kind& kind, const std::vector<int>& due, int late) {
  const int lot = kind.lot, months = static_cast<int>(due.size());
  int left = kind.purchase->cap ? *kind.purchase->cap / lot * lot : std::numeric_limits<int>::max();
  int waiting = 0, aside = 0;  // devices that are due, and that have come but do not make a lot yet
  std::vector<int> arrivals(months, 0);
  for (int month = 0, rest = std::accumulate(due.begin(), due.end(), 0); rest > 0 || waiting > 0; ++month) {
    if (month >= static_cast<int>(arrivals.size())) arrivals.push_back(0);
    const int planned = month - late;
    for (int one = month == 0 ? 0 : planned; one <= planned; ++one)  // what comes early comes at once
      if (one >= 0 && one < months)
        rest -= due[one], waiting += std::min(due[one], left), left -= std::min(due[one], left);
    if (planned >= months) rest = 0;
    const int can_come = aside + kind.purchase->monthly.value_or(waiting);
    const int come = std::min(waiting, can_come / lot * lot);
    arrivals[month] = come;
    waiting -= come;
    aside = std::min(can_come - come, lot - 1);
    if (waiting == 0) aside = 0;
  }
  return arrivals;
}

/// Whether something that was to be rented in a month cannot be had in a world.
bool is_refused(const Problem& planned, const Decision& decision, const Problem& world, int month) {
  for (std::size_t k = 0; k < planned.kinds.size() && k < world.kinds.size(); ++k) {
    if (decision.rented[k][month] <= 0) continue;
    const auto& lease = world.kinds[k].lease;
    if (!lease || month < lease->lead) return true;
    int most = 0;
    for (const procurement::Shift& shift : decision.shifts[month])
      most = std::max(most, planned.columns[shift.column].devices[k]);
    if (lease->cap && most - decision.owned(static_cast<int>(k), month) > *lease->cap) return true;
  }
  return false;
}

/// What a decision orders, as it comes in a world: orders are placed when they were planned and take that world's
/// lead; no more comes than there is, and no more in a month than can. What is sold of a fleet is sold.
procurement::Order as_delivered(const Problem& planned, const Decision& decision, const Problem& world) {
  procurement::Order order;
  order.rented = decision.rented;
  std::optional<int> seen;
  for (std::size_t k = 0; k < world.kinds.size(); ++k) {
    order.arrivals.emplace_back();
    if (k >= planned.kinds.size() || !planned.kinds[k].purchase || !world.kinds[k].purchase) continue;
    const int index = static_cast<int>(k), late = world.kinds[k].purchase->lead - planned.kinds[k].purchase->lead;
    std::vector<int> due(planned.months, 0);
    for (int month = 0; month < planned.months; ++month) due[month] = decision.arrived(index, month);
    order.arrivals.back() = deliver(world.kinds[k], due, late);
    for (int month = 0; month < planned.months; ++month)
      if (due[month] != order.arrivals.back()[month]) {
        seen = std::min(seen.value_or(month), month);
        break;
      }
  }
  for (int month = 0; month < planned.months; ++month)
    if (is_refused(planned, decision, world, month)) seen = std::min(seen.value_or(month), month);
  for (std::size_t k = 0; k < world.kinds.size(); ++k) {
    order.fleet.emplace_back();
    for (int month = 0; month < planned.months && k < planned.kinds.size(); ++month)
      order.fleet.back().push_back(decision.kept(static_cast<int>(k), month));
  }
  order.seen = seen.value_or(0);
  return order;
}

/// Whether a case leaves what is simulated as it is: it changes supply, prices or limits alone.
bool keeps_clusters(const CaseSpec& spec) {
  return std::all_of(spec.set.begin(), spec.set.end(), [](const auto& change) {
    const std::string& path = change.first;
    return path.starts_with("procurement.limits") || path.find(".buy") != std::string::npos ||
           path.find(".rent") != std::string::npos;
  });
}

/// What a decision comes to in a world that is not known when it is made.
std::optional<double> cost(const Problem& planned, const Decision& decision, Problem world) {
  world.order = as_delivered(planned, decision, world);
  world.order->rented.resize(world.kinds.size());
  try {
    const auto found = procurement::solve_beside(world);
    return found ? std::optional(found->cost) : std::nullopt;
  } catch (const procurement::NothingInTime&) {
    return std::nullopt;
  }
}

}  // namespace

std::optional<double> Risk::expected(std::size_t decision) const {
  double sum = 0;
  for (std::size_t world = 0; world < worlds.size(); ++world) {
    if (!cost[decision][world]) return std::nullopt;
    sum += probability[world] * *cost[decision][world];
  }
  return sum;
}

std::optional<double> Risk::worst(std::size_t decision) const {
  double most = 0;
  for (const auto& one : cost[decision]) {
    if (!one) return std::nullopt;
    most = std::max(most, *one);
  }
  return most;
}

double Risk::in_time(std::size_t decision) const {
  double sum = 0;
  for (std::size_t world = 0; world < worlds.size(); ++world)
    if (cost[decision][world]) sum += probability[world];
  return sum;
}

std::optional<std::size_t> Risk::robust() const {
  std::optional<std::size_t> best;
  for (std::size_t decision = 0; decision < worlds.size(); ++decision)
    if (const auto mean = expected(decision); mean && (!best || *mean < *expected(*best))) best = decision;
  return best;
}

std::optional<Risk> weigh(const Scenario& scenario, const Procurement& planned, const std::vector<Case>& cases,
                          const Settings& settings) {
  Risk risk;
  const auto add = [&](const std::string& name, double probability, const Scenario& world, bool is_same) {
    risk.worlds.push_back(name);
    risk.probability.push_back(probability);
    risk.problems.push_back(
        procurement_problem(world, is_same ? planned.candidates : simulate_clusters(world, settings), settings));
  };
  add("as planned", 1, scenario, true);
  for (const Case& one : cases)
    if (one.spec->probability && one.scenario.procurement)
      add(one.spec->label, *one.spec->probability, one.scenario, keeps_clusters(*one.spec));
  const std::vector<Problem>& problems = risk.problems;
  if (problems.size() == 1) return std::nullopt;
  risk.probability[0] = std::max(0.0, 2 - std::accumulate(risk.probability.begin(), risk.probability.end(), 0.0));
  const int worlds = static_cast<int>(problems.size());
  std::vector<std::optional<Decision>>& orders = risk.orders;
  orders.resize(worlds);
  orders[0] = planned.decision;
  const auto stays_best = [&](int known, int world) {
    return orders[known] && procurement::is_scarcer_beside(*orders[known], problems[known], problems[world]);
  };
  parallel_for(worlds - 1, settings.jobs, [&](int i) {
    orders[i + 1] = stays_best(0, i + 1) ? orders[0] : procurement::solve_beside(problems[i + 1]);
  });
  risk.cost.assign(worlds, std::vector<std::optional<double>>(worlds));
  parallel_for(worlds * worlds, settings.jobs, [&](int i) {
    const int known = i / worlds, world = i % worlds;
    if (!orders[known] || (known > 0 && stays_best(0, known))) return;
    risk.cost[known][world] = world == known || stays_best(known, world)
                                  ? orders[known]->cost
                                  : cost(problems[known], *orders[known], problems[world]);
  });
  for (int known = 1; known < worlds; ++known)
    if (stays_best(0, known)) risk.cost[known] = risk.cost[0];
  return risk;
}

}  // namespace chipmix::scenario
