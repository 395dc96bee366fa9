#include "economics/cost.hpp"

#include <fmt/format.h>

namespace chipmix::economics {

void charge_rent(Bill& bill, const Usage& usage, const Sourced<Rent>& rent, const ExchangeRates& rates,
                 const Currency& currency) {
  const Money paid = rent.value * usage.device_time();
  const Money price = rent.value * Seconds{seconds_per_hour};
  Row row;
  row.account = usage.account;
  row.amount = row.cash = rates.convert(paid, currency);
  row.quantity = hours(usage.device_time());
  row.unit = "device-hours";
  row.unit_price = price;
  row.evidence = rent.grade;
  row.devices = usage.devices;
  row.why = fmt::format("{:g} x {} for {:.1f} h at {:g} {}/h ({}: {})", usage.devices, usage.device,
                        hours(usage.duration), price.amount, price.currency.code, name(rent.grade), rent.source);
  bill.charge(std::move(row));
}

Joules energy(const Usage& usage, const hardware::NodeGroup& group, const PowerProfile& profile,
              const Electricity& electricity) {
  const double busy = electricity.load ? electricity.load->value : load(usual_shares(), profile);
  return draw(busy, group, profile).at(Boundary::facility, electricity.pue.value) * usage.device_time();
}

double provisioned(const hardware::NodeGroup& group, const std::optional<Electricity>& electricity) {
  Watts limit = group.device.power.value;
  if (group.node.host_power) limit += group.node.host_power->value / group.node.devices;
  return limit.value() / 1e3 * (electricity ? electricity->pue.value : 1);
}

Kilowatts kilowatts(const hardware::NodeGroup& group, const PowerProfile& profile,
                    const std::optional<Electricity>& electricity) {
  const double it = provisioned(group, {});
  if (!electricity) return {it, it};
  return {it, kilowatt_hours(energy({group.device.name, 1, Seconds{seconds_per_hour}}, group, profile, *electricity))};
}

void charge_electricity(Bill& bill, Joules energy, const Sourced<Tariff>& tariff, const ExchangeRates& rates,
                        const Currency& currency, const std::string& drawn) {
  const Money price = tariff.value * Joules{joules_per_kilowatt_hour};
  Row row;
  row.account = Account::electricity;
  row.amount = row.cash = rates.convert(tariff.value * energy, currency);
  row.quantity = kilowatt_hours(energy);
  row.unit = "kWh";
  row.unit_price = price;
  row.evidence = tariff.grade;
  row.why = fmt::format("{:.0f} kWh at the facility's meter at {:g} {}/kWh ({}: {})", row.quantity, price.amount,
                        price.currency.code, name(tariff.grade), tariff.source);
  if (!drawn.empty()) row.why += "; " + drawn;
  bill.charge(std::move(row));
}

}  // namespace chipmix::economics
