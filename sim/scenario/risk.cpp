#include "scenario/risk.hpp"

#include <algorithm>
#include <numeric>

#include "procurement/milp.hpp"

namespace chipmix::scenario {
namespace {

using procurement::Decision;
using procurement::Problem;

/// Devices of each kind that are owned in each month.
std::vector<std::vector<int>> orders(const Problem& problem, const Decision& decision) {
  std::vector<std::vector<int>> list;
  for (std::size_t k = 0; k < problem.kinds.size(); ++k) {
    list.emplace_back();
    for (int month = 0; month < problem.months; ++month)
      list.back().push_back(decision.owned(static_cast<int>(k), month));
  }
  return list;
}

/// Whether a case leaves what is simulated as it is: it changes supply, prices or limits alone.
bool keeps_clusters(const CaseSpec& spec) {
  return std::all_of(spec.set.begin(), spec.set.end(), [](const auto& change) {
    const std::string& path = change.first;
    return path.starts_with("procurement.limits") || path.find(".buy") != std::string::npos ||
           path.find(".rent") != std::string::npos;
  });
}

std::optional<double> cost(Problem problem, const std::vector<std::vector<int>>& ordered) {
  problem.ordered = ordered;
  try {
    const auto decision = procurement::solve(problem);
    return decision ? std::optional(decision->cost) : std::nullopt;
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

std::optional<Risk> weigh(const Scenario& scenario, const std::vector<Candidate>& simulated,
                          const std::vector<Case>& cases, const Settings& settings) {
  Risk risk;
  std::vector<Problem> problems;
  const auto add = [&](const std::string& name, double probability, const Scenario& world, bool is_same) {
    risk.worlds.push_back(name);
    risk.probability.push_back(probability);
    problems.push_back(
        procurement_problem(world, is_same ? simulated : simulate_clusters(world, settings), settings.seconds));
  };
  add("as planned", 1, scenario, true);
  for (const Case& one : cases)
    if (one.spec->probability && one.scenario.procurement)
      add(one.spec->label, *one.spec->probability, one.scenario, keeps_clusters(*one.spec));
  if (problems.size() == 1) return std::nullopt;
  risk.probability[0] = std::max(0.0, 2 - std::accumulate(risk.probability.begin(), risk.probability.end(), 0.0));
  for (const Problem& known : problems) {
    const auto decision = procurement::solve(known);
    risk.cost.emplace_back(problems.size());
    if (!decision) continue;
    const auto ordered = orders(known, *decision);
    for (std::size_t world = 0; world < problems.size(); ++world)
      risk.cost.back()[world] = cost(problems[world], ordered);
  }
  return risk;
}

}  // namespace chipmix::scenario
