#include "economics/cost.hpp"

#include <fmt/format.h>

namespace chipmix::economics {

void charge_rent(Bill& bill, const Usage& usage, const Sourced<Rent>& rent, const ExchangeRates& rates,
                 const Currency& currency) {
  const Money paid = rent.value * usage.device_time();
  bill.charge(usage.account, rates.convert(paid, currency),
              fmt::format("{:g} x {} for {:.1f} h at {:g} {}/h ({}: {})", usage.devices, usage.device,
                          hours(usage.duration), rent.value.per_base_unit * seconds_per_hour, rent.value.currency.code,
                          name(rent.grade), rent.source));
}

Joules energy(const Usage& usage, const hardware::NodeGroup& group, const Electricity& electricity) {
  Watts draw = group.device.power.value * electricity.load.value;
  if (group.node.host_power) draw += group.node.host_power->value / group.node.devices;
  return draw * usage.device_time() * electricity.pue.value;
}

void charge_electricity(Bill& bill, Joules energy, const Sourced<Tariff>& tariff, const ExchangeRates& rates,
                        const Currency& currency) {
  bill.charge("electricity", rates.convert(tariff.value * energy, currency),
              fmt::format("{:.0f} kWh at {:g} {}/kWh ({}: {})", kilowatt_hours(energy),
                          tariff.value.per_base_unit * joules_per_kilowatt_hour, tariff.value.currency.code,
                          name(tariff.grade), tariff.source));
}

}  // namespace chipmix::economics
