#include "economics/ownership.hpp"

#include <fmt/format.h>

#include <cmath>

namespace chipmix::economics {
namespace {

constexpr double orders_of_magnitude_per_year = 0.14;  // arXiv:2405.21015, section 2.2

double value_or(const std::optional<Sourced<double>>& figure, double otherwise) {
  return figure ? figure->value : otherwise;
}

double convert(const Sourced<Money>& money, const Currency& currency, const ExchangeRates& rates) {
  return rates.convert(money.value, currency).amount;
}

/// Prices of what is bought with one device.
struct Prices {
  double device = 0, server = 0, network = 0, installation = 0;

  double total() const { return device + server + network + installation; }
};

Prices prices(const Ownership& own) {
  Prices p;
  p.device =
      own.device.value.amount * (1 + value_or(own.duty, 0) + value_or(own.freight, 0)) * (1 + value_or(own.tax, 0));
  p.server = (own.server.value - 1) * p.device;
  p.network = (p.device + p.server) * own.network.value / (1 - own.network.value);
  p.installation = value_or(own.installation, 0) * (p.device + p.server + p.network);
  return p;
}

std::string terms(const Ownership& own) {
  return fmt::format("{:.4f} a year: {:g} years at {:g} %, {:g} % left",
                     capital_recovery(own.discount.value, own.life.value, own.residual.value), own.life.value,
                     100 * own.discount.value, 100 * own.residual.value);
}

}  // namespace

double capital_recovery(double discount, double life, double residual) {
  if (std::abs(discount) < 1e-12) return straight_line(life, residual);
  const double growth = std::pow(1 + discount, life);
  return (discount * growth - residual * discount) / (growth - 1);
}

double straight_line(double life, double residual) { return (1 - residual) / life; }

double economic_value(double years) { return std::pow(10, -orders_of_magnitude_per_year * years); }

std::vector<OwnedPart> parts(const Ownership& own, double kilowatts, const ExchangeRates& rates) {
  const Currency& currency = own.device.value.currency;
  const Prices p = prices(own);
  const double recovery = capital_recovery(own.discount.value, own.life.value, own.residual.value);
  std::vector<OwnedPart> list;
  const auto bought = [&](const char* account, double price, const std::string& why) {
    if (price > 0) list.push_back({account, price, price * recovery, why});
  };
  bought("devices", p.device, terms(own));
  bought("servers", p.server, fmt::format("{:g} times the devices, less these", own.server.value));
  bought("network", p.network, fmt::format("{:g} % of the cluster", 100 * own.network.value));
  bought("installation", p.installation, fmt::format("{:g} % of the cluster", 100 * value_or(own.installation, 0)));
  const auto yearly = [&](const char* account, double amount, const std::string& why) {
    if (amount > 0) list.push_back({account, 0, amount, why});
  };
  yearly("maintenance", value_or(own.maintenance, 0) * p.total(),
         fmt::format("{:g} % of the price a year", 100 * value_or(own.maintenance, 0)));
  if (own.colocation)
    yearly("colocation", months_per_year * kilowatts * convert(*own.colocation, currency, rates),
           fmt::format("{:.3g} kW a device", kilowatts));
  if (own.demand)
    yearly("demand charge", months_per_year * kilowatts * convert(*own.demand, currency, rates),
           fmt::format("{:.3g} kW a device", kilowatts));
  if (own.staff) yearly("staff and software", convert(*own.staff, currency, rates), "of a device and year");
  return list;
}

Rent hourly(const Ownership& own, double kilowatts, const ExchangeRates& rates) {
  double yearly = 0;
  for (const OwnedPart& part : parts(own, kilowatts, rates)) yearly += part.yearly;
  return {yearly / (hours_per_year * own.utilisation.value) / seconds_per_hour, own.device.value.currency};
}

std::vector<OwnedSwing> swings(const Ownership& own, double kilowatts, const ExchangeRates& rates) {
  const double central = hourly(own, kilowatts, rates).per_base_unit;
  std::vector<OwnedSwing> list;
  const auto move = [&](const char* name, auto figure_of) {
    const auto& figure = figure_of(own);
    if (!figure.range) return;
    const auto at = [&](const auto& end) {
      Ownership moved = own;
      figure_of(moved).value = end;
      return hourly(moved, kilowatts, rates).per_base_unit / central;
    };
    list.push_back({name, at(figure.range->low), at(figure.range->high), figure.source});
  };
  const auto always = [&](const char* name, auto Ownership::*figure) {
    move(
        name, [figure](auto& all) -> auto& { return all.*figure; });
  };
  const auto if_given = [&](const char* name, auto Ownership::*figure) {
    if (own.*figure)
      move(
          name, [figure](auto& all) -> auto& { return *(all.*figure); });
  };
  always("device", &Ownership::device);
  always("server", &Ownership::server);
  always("network", &Ownership::network);
  always("life", &Ownership::life);
  always("residual", &Ownership::residual);
  always("discount", &Ownership::discount);
  always("utilisation", &Ownership::utilisation);
  if_given("installation", &Ownership::installation);
  if_given("duty", &Ownership::duty);
  if_given("freight", &Ownership::freight);
  if_given("tax", &Ownership::tax);
  if_given("maintenance", &Ownership::maintenance);
  if_given("colocation", &Ownership::colocation);
  if_given("demand charge", &Ownership::demand);
  if_given("staff", &Ownership::staff);
  return list;
}

Kilograms embodied(const Ownership& own, const Usage& usage) {
  if (!own.embodied) return {};
  const double hours_of_work = own.life.value * hours_per_year * own.utilisation.value;
  return own.embodied->value * (hours(usage.device_time()) / hours_of_work);
}

Interval<double> spread(const Ownership& own, double kilowatts, const ExchangeRates& rates) {
  double up = 0, down = 0;
  for (const OwnedSwing& swing : swings(own, kilowatts, rates))
    for (const double factor : {swing.at_low, swing.at_high}) {
      const double change = std::log(factor);
      (change > 0 ? up : down) += change * change;
    }
  return {std::exp(-std::sqrt(down)), std::exp(std::sqrt(up))};
}

void charge_own(Bill& bill, const Usage& usage, const Ownership& own, double kilowatts, const ExchangeRates& rates,
                const Currency& currency) {
  const Currency& quoted = own.device.value.currency;
  const double device_hours = hours(usage.device_time());
  for (const OwnedPart& part : parts(own, kilowatts, rates)) {
    const double each = part.yearly / (hours_per_year * own.utilisation.value);
    Row row;
    row.account = part.account;
    row.quantity = device_hours;
    row.unit = "device-hours";
    row.unit_price = {each, quoted};
    row.amount = rates.convert({each * device_hours, quoted}, currency);
    row.cash = part.price > 0 ? rates.convert({part.price * usage.devices, quoted}, currency) : row.amount;
    row.evidence = own.device.grade;
    row.why =
        fmt::format("{:g} x {} for {:.1f} h at {:.4g} {}/h ({}; {:g} % of hours used; {})", usage.devices, usage.device,
                    hours(usage.duration), each, quoted.code, part.why, 100 * own.utilisation.value, own.device.source);
    bill.charge(std::move(row));
  }
}

}  // namespace chipmix::economics
