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
  if (const auto& buy = supply.spec.buy) {
    result.lead = buy->lead_months;
    result.cap = buy->cap;
    result.monthly = buy->monthly;
    for (const VolumeSpec& step : buy->volume) result.volume.push_back({step.from, step.discount});
    result.sale_cost = buy->cost_of_sale.value_or(Part{usual_cost_of_sale}).value;
    for (const PaymentSpec& part : buy->payment)
      result.payment.push_back({part.share, part.due == Due::delivery, part.months});
  } else {
    result.cap = 0;  // only a fleet
    result.sale_cost = usual_cost_of_sale;
  }
  result.life = own.life.value * months_per_year;
  result.residual = own.residual.value;
  result.resale = (prices.resale + prices.server + prices.network) / prices.total();
  result.curve = scenario.procurement->worth;
  return result;
}

Kind::Lease lease(const Scenario& scenario, const Supply& supply, const Quotes& quotes, double electricity) {
  const LeaseSpec& rent = *supply.spec.rent;
  Kind::Lease result{amount(scenario, quotes.lease->value * Seconds{hours_per_month * seconds_per_hour}) + electricity,
                     rent.from_month,
                     rent.cap,
                     rent.term_months,
                     {}};
  for (const VolumeSpec& step : rent.volume) result.volume.push_back({step.from, step.discount});
  return result;
}

/// What all clusters and the fleet are multiples of.
int lot_of(const Purchases& all, const Supply& supply) {
  int lot = supply.spec.fleet ? supply.spec.fleet->devices : 0;
  for (int size : supply.spec.sizes) lot = std::gcd(lot, size);
  for (const Together& mix : all.mixes)
    for (std::size_t island = 0; island < mix.supplies.size(); ++island)
      if (&all.supplies[mix.supplies[island]] == &supply)
        for (const auto& sizes : mix.sizes) lot = std::gcd(lot, sizes[island]);
  return lot;
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
  kind.lot = lot_of(*scenario.procurement, supply);
  kind.kilowatts = economics::provisioned(option.cluster->groups.front(), quotes.electricity);
  kind.award = supply.spec.award;
  kind.electricity = electricity(scenario, option, quotes);
  if (supply.spec.buy) kind.area = supply.spec.buy->area;
  if (quotes.own) kind.purchase = purchase(scenario, supply, option, quotes);
  if (quotes.lease) kind.lease = lease(scenario, supply, quotes, kind.electricity);
  if (supply.spec.fleet) kind.fleet = Kind::Fleet{supply.spec.fleet->devices, supply.spec.fleet->age_months};
  if (option.reliability) add_spares(kind, 1 + option.reliability->spares);
  return kind;
}

}  // namespace chipmix::scenario
