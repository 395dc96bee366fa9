#include "scenario/price_chance.hpp"

#include <algorithm>
#include <limits>

#include "scenario/cost_terms.hpp"
#include "scenario/surety.hpp"

namespace chipmix::scenario {

std::vector<double> chance_by_price(const Comparison& comparison, const Scenario& scenario, const OptionAnswer& answer,
                                    const std::vector<double>& factors) {
  std::vector<uncertainty::Sum> sums(2);  // what goes with prices, and the rest
  for (uncertainty::Term& term : cost_terms(scenario, answer))
    sums[term.factors.size() > 1 ? 0 : 1].push_back(std::move(term));
  for (const OptionAnswer& other : comparison.options)
    if (other.priced() && &other != &answer) sums.push_back(cost_terms(scenario, other));
  if (sums.size() < 3) return {};
  const auto costs = uncertainty::draw(sums, usual_worlds, surety_seed);
  std::vector<double> least(usual_worlds, std::numeric_limits<double>::infinity());
  for (std::size_t other = 2; other < sums.size(); ++other)
    for (int world = 0; world < usual_worlds; ++world) least[world] = std::min(least[world], costs[other][world]);
  std::vector<double> chances;
  for (double factor : factors) {
    int wins = 0;
    for (int world = 0; world < usual_worlds; ++world)
      wins += factor * costs[0][world] + costs[1][world] < least[world];
    chances.push_back(static_cast<double>(wins) / usual_worlds);
  }
  return chances;
}

}  // namespace chipmix::scenario
