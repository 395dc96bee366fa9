// What an hour of an owned device costs, where its rent would stand.
#include "economics/own_figures.hpp"
#include "scenario/scenario.hpp"

namespace chipmix::scenario {
namespace {

/// Whether all that owning costs can be said in the currency of the device's price.
bool has_rates(const economics::Ownership& own, const ExchangeRates& rates) {
  const Currency& currency = own.device.value.currency;
  for (const auto* money : {&own.colocation, &own.demand, &own.staff})
    if (*money && !rates.can_convert((*money)->value.currency, currency)) return false;
  return true;
}

}  // namespace

void price_owned(Option& option, const std::optional<economics::Electricity>& electricity, const ExchangeRates& rates) {
  if (!option.cluster) return;
  for (std::size_t i = 0; i < option.owned.size(); ++i) {
    const auto& own = option.owned[i];
    if (!own || !has_rates(*own, rates)) continue;
    const economics::Kilowatts kilowatts =
        economics::kilowatts(option.cluster->groups[i], option.power.at(i), electricity);
    const Rent hourly = economics::hourly(*own, kilowatts, rates);
    const auto [low, high] = economics::spread(*own, kilowatts, rates);
    option.rents[i] = Sourced<Rent>{
        hourly,
        Interval<Rent>{{hourly.per_base_unit * low, hourly.currency}, {hourly.per_base_unit * high, hourly.currency}},
        own->device.grade,
        own->device.source,
        {}};
  }
}

}  // namespace chipmix::scenario
