#include "scenario/purchase_prices.hpp"

#include <cmath>

#include "economics/own_figures.hpp"
#include "uncertainty/draws.hpp"

namespace chipmix::scenario {
namespace {

using procurement::Decision;
using procurement::Kind;
using procurement::Problem;

constexpr int worlds = 10000;
constexpr std::uint64_t seed = 1;

/// What a kind costs today: purchases net of what is left of them, and rents.
struct Spent {
  double bought = 0, rented = 0;
};

Spent spent(const Problem& problem, const Decision& decision, std::size_t k) {
  const Kind& kind = problem.kinds[k];
  const auto discount = [&](int month) { return std::pow(1 + problem.monthly_discount, -month); };
  Spent spent;
  for (int month = 0; month < problem.months; ++month) {
    if (kind.lease) spent.rented += discount(month) * kind.lease->price * decision.rented[k][month];
    if (kind.purchase)
      spent.bought += decision.arrived[k][month] * (discount(month - kind.purchase->lead) * kind.purchase->price -
                                                    discount(problem.months) * kind.worth(month, problem.months));
  }
  return spent;
}

uncertainty::Sum terms(const Scenario& scenario, const Problem& problem, const Decision& decision) {
  uncertainty::Sum sum;
  double rest = decision.cost;
  const auto add = [&](double amount, const std::string& cause, double low, double high) {
    if (amount <= 0) return;
    sum.push_back({amount, {{cause, low, high}}});
    rest -= amount;
  };
  for (std::size_t k = 0; k < problem.kinds.size(); ++k) {
    const Kind& kind = problem.kinds[k];
    const Supply& supply = scenario.procurement->supplies[k];
    const auto [bought, rented] = spent(problem, decision, k);
    if (supply.own) {
      const Option& option = scenario.options[supply.option];
      const auto [low, high] = economics::spread(
          *supply.own, economics::kilowatts(option.cluster->groups.front(), option.power.front(), scenario.electricity),
          scenario.rates);
      add(bought, "price of " + kind.name, low, high);
    }
    if (supply.lease && supply.lease->range) {
      const double central = supply.lease->value.per_base_unit;
      add(rented, "rent of " + kind.name, supply.lease->range->low.per_base_unit / central,
          supply.lease->range->high.per_base_unit / central);
    }
  }
  sum.push_back({rest, {}});
  return sum;
}

}  // namespace

PriceInterval price_interval(const Scenario& scenario, const Problem& problem, const Decision& decision) {
  std::vector<double> costs = uncertainty::draw({terms(scenario, problem, decision)}, worlds, seed).front();
  return {uncertainty::quantile(costs, 0.1), uncertainty::quantile(costs, 0.5), uncertainty::quantile(costs, 0.9)};
}

}  // namespace chipmix::scenario
