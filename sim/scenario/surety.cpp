#include "scenario/surety.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "uncertainty/draws.hpp"

namespace chipmix::scenario {
namespace {

using uncertainty::Factor;
using uncertainty::Sum;

constexpr std::uint64_t seed = 1;

/// The option on whose devices a run runs: its own, or that of its phase.
const Option& host(const Scenario& scenario, const Option& option, std::size_t run) {
  return option.cluster ? option : scenario.options[option.phases[run].option];
}

/// Hourly prices of a run's devices, each with its range; the rest of its cost follows its time alone.
Sum terms(const Scenario& scenario, const Option& option, const Run& run) {
  const Factor time{"time on " + run.device, run.p10, run.p90};
  Sum sum;
  double rest = run.cost;
  for (std::size_t group = 0; group < run.used.size(); ++group) {
    const auto& rent = option.rents[group];
    if (!rent || run.used[group] == 0) continue;
    const Money paid = rent->value * (run.duration * (run.used[group] * (1 + run.spares)));
    const double amount = scenario.rates.convert(paid, scenario.currency).amount;
    Factor price{
        option.cluster->groups[group].device.id + (option.owned[group] ? " owned: " : " rented: ") + rent->source, 1,
        1};
    if (rent->range) {
      price.p10 = rent->range->low.per_base_unit / rent->value.per_base_unit;
      price.p90 = rent->range->high.per_base_unit / rent->value.per_base_unit;
    }
    sum.push_back({amount, {time, price}});
    rest -= amount;
  }
  sum.push_back({rest, {time}});
  return sum;
}

Sum terms(const Scenario& scenario, const OptionAnswer& answer) {
  const Option& option = scenario.options[scenario.find(answer.name)];
  Sum sum;
  for (std::size_t run = 0; run < answer.runs.size(); ++run)
    for (uncertainty::Term& term : terms(scenario, host(scenario, option, run), answer.runs[run]))
      sum.push_back(std::move(term));
  return sum;
}

/// What of a sum goes up with the prices of devices.
double priced_part(const Sum& sum) {
  return std::accumulate(sum.begin(), sum.end(), 0.0, [](double all, const uncertainty::Term& term) {
    return all + (term.factors.size() > 1 ? term.amount : 0);
  });
}

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
  for (const OptionAnswer* answer : priced) sums.push_back(terms(scenario, *answer));
  const auto costs = uncertainty::draw(sums, worlds, seed);
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
