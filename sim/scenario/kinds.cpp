#include "scenario/kinds.hpp"

#include <numeric>

namespace chipmix::scenario {
namespace {

using procurement::Kind;

constexpr double months_per_year = 12;

double amount(const Scenario& scenario, const Money& money) {
  return scenario.rates.convert(money, scenario.currency).amount;
}

/// Electricity of a device that works all month.
double electricity(const Scenario& scenario, const Option& option, const Quotes& quotes) {
  if (!quotes.tariff || !quotes.electricity) return 0;
  const economics::Usage month{"", 1, Seconds{hours_per_month * seconds_per_hour}};
  return amount(scenario, quotes.tariff->value * economics::energy(month, option.cluster->groups.front(),
                                                                   option.power.front(), *quotes.electricity));
}

/// Chip, server and network can be sold again; installation and tax cannot.
Kind::Purchase purchase(const Scenario& scenario, const Supply& supply, const Option& option, const Quotes& quotes) {
  const economics::Ownership& own = *quotes.own;
  const Currency& currency = own.device.value.currency;
  const economics::Prices prices = economics::prices(own);
  const auto kilowatts = economics::kilowatts(option.cluster->groups.front(), option.power.front(), quotes.electricity);
  Kind::Purchase result;
  result.price = amount(scenario, {prices.total(), currency});
  result.upkeep =
      amount(scenario, {economics::yearly(own, kilowatts, scenario.rates).upkeep / months_per_year, currency}) +
      electricity(scenario, option, quotes);
  result.lead = supply.spec.buy->lead_months;
  result.cap = supply.spec.buy->cap;
  result.monthly = supply.spec.buy->monthly;
  for (const VolumeSpec& step : supply.spec.buy->volume) result.volume.push_back({step.from, step.discount});
  result.life = own.life.value * months_per_year;
  result.residual = own.residual.value;
  result.resale = (prices.resale + prices.server + prices.network) / prices.total();
  result.sale_cost = supply.spec.buy->cost_of_sale.value;
  result.curve = scenario.procurement->worth;
  return result;
}

/// Every device that works has its share of a spare, which costs and draws what it does.
void add_spares(Kind& kind, double held) {
  kind.kilowatts *= held;
  kind.area *= held;
  kind.electricity *= held;
  if (kind.purchase) kind.purchase->price *= held, kind.purchase->upkeep *= held;
  if (kind.lease) kind.lease->price *= held;
}

}  // namespace

Quotes quotes_of(const Scenario& scenario, const Supply& supply) {
  return {supply.own, supply.lease, scenario.electricity, scenario.options[supply.option].tariffs.front()};
}

Kind kind_of(const Scenario& scenario, const Supply& supply, const Quotes& quotes) {
  const Option& option = scenario.options[supply.option];
  Kind kind;
  kind.name = option.name;
  kind.vendor = supply.spec.vendor.empty() ? option.cluster->groups.front().device.vendor : supply.spec.vendor;
  kind.lot = std::accumulate(supply.spec.sizes.begin(), supply.spec.sizes.end(), 0,
                             [](int a, int b) { return std::gcd(a, b); });
  kind.kilowatts = economics::provisioned(option.cluster->groups.front(), quotes.electricity);
  kind.award = supply.spec.award;
  kind.electricity = electricity(scenario, option, quotes);
  if (supply.spec.buy) kind.area = supply.spec.buy->area;
  if (quotes.own) kind.purchase = purchase(scenario, supply, option, quotes);
  if (quotes.lease)
    kind.lease = Kind::Lease{
        amount(scenario, quotes.lease->value * Seconds{hours_per_month * seconds_per_hour}) + kind.electricity,
        supply.spec.rent->from_month, supply.spec.rent->cap};
  if (option.reliability) add_spares(kind, 1 + option.reliability->spares);
  return kind;
}

}  // namespace chipmix::scenario
