#include "scenario/surety.hpp"

#include <algorithm>
#include <limits>

#include "scenario/cost_terms.hpp"

namespace chipmix::scenario {
namespace {

using uncertainty::Sum;

double total(const OptionAnswer& answer) { return answer.bill.total().amount; }

void set_ties(OptionAnswer& answer, const Sum& sum, double other) {
  const double cost = total(answer), priced = priced_part(sum), factor = (other - (cost - priced)) / priced;
  if (priced > 0 && factor > 0) answer.surety->price_factor = factor;
  const double share = answer.mfu * cost / other;
  if (share <= 1) answer.surety->mfu = share;
}

}  // namespace

void judge(Comparison& comparison, const Scenario& scenario, int worlds) {
  std::vector<OptionAnswer*> priced;
  for (OptionAnswer& answer : comparison.options)
    if (answer.priced()) priced.push_back(&answer);
  if (priced.size() < 2) return;
  std::vector<Sum> sums;
  for (const OptionAnswer* answer : priced) sums.push_back(cost_terms(scenario, *answer));
  const auto costs = uncertainty::draw(sums, worlds, surety_seed);
  const OptionAnswer* baseline = &comparison.options[comparison.baseline];
  const auto base = std::find(priced.begin(), priced.end(), baseline) - priced.begin();
  std::vector<int> wins(priced.size(), 0), beats(priced.size(), 0);
  for (int world = 0; world < worlds; ++world) {
    std::size_t best = 0;
    for (std::size_t i = 0; i < priced.size(); ++i) {
      if (costs[i][world] < costs[best][world]) best = i;
      if (baseline->priced() && costs[i][world] < costs[base][world]) ++beats[i];
    }
    ++wins[best];
  }
  for (std::size_t i = 0; i < priced.size(); ++i) {
    OptionAnswer& answer = *priced[i];
    answer.surety = Surety{};
    answer.surety->cheapest = static_cast<double>(wins[i]) / worlds;
    if (baseline->priced() && baseline != &answer)
      answer.surety->beats_baseline = static_cast<double>(beats[i]) / worlds;
    std::vector<double> sorted = costs[i];
    for (const auto& [share, into] : {std::pair{0.1, &Surety::p10}, {0.5, &Surety::p50}, {0.9, &Surety::p90}})
      (*answer.surety).*into = uncertainty::quantile(sorted, share);
    double other = std::numeric_limits<double>::infinity();
    for (const OptionAnswer* one : priced)
      if (one != &answer) other = std::min(other, total(*one));
    set_ties(answer, sums[i], other);
  }
}

}  // namespace chipmix::scenario
