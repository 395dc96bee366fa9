#include "scenario/price_chance.hpp"

#include "scenario/confidence.hpp"
#include "scenario/cost_terms.hpp"

namespace chipmix::scenario {

std::vector<double> chance_by_price(const Comparison& comparison, const Scenario& scenario, const OptionAnswer& answer,
                                    const std::vector<double>& factors) {
  const auto prices = prices_in(answer);
  std::vector<uncertainty::Sum> sums;  // of each option two: what goes with these prices, and the rest
  const auto put = [&](const OptionAnswer& one) {
    sums.resize(sums.size() + 2);
    for (CostTerm& term : cost_terms(scenario, one))
      sums[sums.size() - (prices.contains(term.price) ? 2 : 1)].push_back(std::move(term.term));
  };
  put(answer);
  for (const OptionAnswer& other : comparison.options)
    if (other.priced() && &other != &answer) put(other);
  if (sums.size() < 4) return {};
  const auto costs = uncertainty::draw(sums, usual_worlds, surety_seed);
  std::vector<double> chances;
  for (double factor : factors) {
    const auto cost = [&](std::size_t sum, int world) { return factor * costs[sum][world] + costs[sum + 1][world]; };
    int wins = 0;
    for (int world = 0; world < usual_worlds; ++world) {
      bool is_least = true;
      for (std::size_t other = 2; other < sums.size(); other += 2)
        is_least = is_least && cost(0, world) < cost(other, world);
      wins += is_least;
    }
    chances.push_back(static_cast<double>(wins) / usual_worlds);
  }
  return chances;
}

}  // namespace chipmix::scenario
