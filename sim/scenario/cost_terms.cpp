#include "scenario/cost_terms.hpp"

#include <numeric>

namespace chipmix::scenario {
namespace {

using uncertainty::Factor;
using uncertainty::Sum;

/// Of a price: the device it is for begins the words.
std::string cause_of(const Option& option, std::size_t group) {
  return option.cluster->groups[group].device.id + (option.owned[group] ? " owned: " : " rented: ") +
         option.rents[group]->source;
}

/// Hourly prices of a run's devices, each with its range; the rest of its cost follows its time alone.
Sum terms(const Scenario& scenario, const Option& option, const Run& run) {
  const Factor time{"time on " + run.device, run.p10, run.p90};
  Sum sum;
  double rest = run.cost;
  for (std::size_t group = 0; group < run.used.size(); ++group) {
    const auto& rent = option.rents[group];
    if (!rent || run.used[group] == 0) continue;
    const Money paid = rent->value * (run.held() * (run.used[group] * (1 + run.spares)));
    const double amount = scenario.rates.convert(paid, scenario.currency).amount;
    Factor price{cause_of(option, group), 1, 1};
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

}  // namespace

Sum cost_terms(const Scenario& scenario, const OptionAnswer& answer) {
  const Option& option = scenario.options[scenario.find(answer.name)];
  Sum sum;
  for (std::size_t run = 0; run < answer.runs.size(); ++run)
    for (uncertainty::Term& term : terms(scenario, scenario.host(option, run), answer.runs[run]))
      sum.push_back(std::move(term));
  return sum;
}

std::set<std::string> prices_in(const Sum& sum) {
  std::set<std::string> prices;
  for (const uncertainty::Term& term : sum)
    if (term.factors.size() > 1) prices.insert(term.factors[1].cause);
  return prices;
}

double priced_part(const Sum& sum, const std::set<std::string>& prices) {
  return std::accumulate(sum.begin(), sum.end(), 0.0, [&](double all, const uncertainty::Term& term) {
    return all + (term.factors.size() > 1 && prices.contains(term.factors[1].cause) ? term.amount : 0);
  });
}

double priced_part(const Scenario& scenario, const OptionAnswer& answer, const std::string& device) {
  double sum = 0;
  for (const uncertainty::Term& term : cost_terms(scenario, answer))
    if (term.factors.size() > 1 && term.factors[1].cause.starts_with(device + " ")) sum += term.amount;
  return sum;
}

}  // namespace chipmix::scenario
