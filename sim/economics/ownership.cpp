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

std::string terms(const Ownership& own) {
  return fmt::format("{:g} years at {:g} %, {:g} % left", own.life.value, 100 * own.discount.value,
                     100 * own.residual.value);
}

}  // namespace

double capital_recovery(double discount, double life, double residual) {
  if (std::abs(discount) < 1e-12) return straight_line(life, residual);
  const double growth = std::pow(1 + discount, life);
  return (discount * growth - residual * discount) / (growth - 1);
}

double straight_line(double life, double residual) { return (1 - residual) / life; }

double economic_value(double years) { return std::pow(10, -orders_of_magnitude_per_year * years); }

double paid_monthly(double discount) {
  return discount < 1e-12 ? 1 : months_per_year * (std::pow(1 + discount, 1 / months_per_year) - 1) / discount;
}

Prices prices(const Ownership& own) {
  const double quote = own.device.value.amount;
  Prices p;
  p.resale = quote * (1 + value_or(own.freight, 0)) * (1 + value_or(own.duty, 0));
  p.device = p.resale * (1 + value_or(own.tax, 0));
  p.server = (own.server.value - 1) * quote;
  p.network = (quote + p.server) * own.network.value / (1 - own.network.value);
  p.installation = value_or(own.installation, 0) * (quote + p.server + p.network);
  return p;
}

namespace {

/// A year's charge for something bought, of which a part can be sold again.
class Annuity {
 public:
  explicit Annuity(const Ownership& own)
      : monthly_(paid_monthly(own.discount.value)),
        recovery_(capital_recovery(own.discount.value, own.life.value, 0)),
        sinking_(recovery_ - own.discount.value),
        residual_(own.residual.value) {}

  double operator()(double price, double resale) const {
    return monthly_ * (price * recovery_ - residual_ * resale * sinking_);
  }

 private:
  double monthly_, recovery_, sinking_, residual_;
};

double of_kilowatts(const std::optional<Sourced<Money>>& money, double kilowatts, const Currency& currency,
                    const ExchangeRates& rates) {
  return money ? months_per_year * kilowatts * convert(*money, currency, rates) : 0;
}

double staff(const Ownership& own, const ExchangeRates& rates) {
  return own.staff ? convert(*own.staff, own.device.value.currency, rates) : 0;
}

Row owned_row(Account account, const Usage& usage, const Ownership& own, double each, const ExchangeRates& rates,
              const Currency& currency, const std::string& why) {
  const Currency& quoted = own.device.value.currency;
  Row row;
  row.account = account;
  row.quantity = hours(usage.device_time());
  row.unit = "device-hours";
  row.unit_price = {each, quoted};
  row.amount = rates.convert({each * row.quantity, quoted}, currency);
  row.evidence = own.device.grade;
  row.devices = usage.devices;
  row.why =
      fmt::format("{:g} x {} for {:.1f} h at {:.4g} {}/h ({}; {:g} % of hours used; {})", usage.devices, usage.device,
                  hours(usage.duration), each, quoted.code, why, 100 * own.utilisation.value, own.device.source);
  return row;
}

/// Says how a row is paid: at once for so many devices, or as time goes on.
void pay(Row& row, double price, double bought, const Currency& quoted, const ExchangeRates& rates) {
  const bool is_capital = facts(row.account).kind == Kind::capital;
  row.basis = is_capital ? Basis::purchase : Basis::time;
  row.bought = is_capital ? bought : 0;
  row.cash = is_capital ? rates.convert({price * bought, quoted}, row.amount.currency) : row.amount;
}

}  // namespace

std::vector<OwnedPart> parts(const Ownership& own, const Kilowatts& kilowatts, const ExchangeRates& rates) {
  const Currency& currency = own.device.value.currency;
  const Prices p = prices(own);
  const Annuity annuity(own);
  std::vector<OwnedPart> list;
  const auto bought = [&](Account account, double price, double resale, const std::string& why) {
    if (price > 0) list.push_back({account, price, annuity(price, resale), why});
  };
  bought(Account::devices, p.device, p.resale, terms(own));
  bought(Account::servers, p.server, p.server, fmt::format("{:g} times the devices, less these", own.server.value));
  bought(Account::network, p.network, p.network, fmt::format("{:g} % of the cluster", 100 * own.network.value));
  bought(Account::installation, p.installation, 0,
         fmt::format("{:g} % of the cluster", 100 * value_or(own.installation, 0)));
  const auto running = [&](Account account, double amount, const std::string& why) {
    if (amount > 0) list.push_back({account, 0, amount, why});
  };
  running(Account::maintenance, value_or(own.maintenance, 0) * p.total(),
          fmt::format("{:g} % of the price a year", 100 * value_or(own.maintenance, 0)));
  running(Account::colocation, of_kilowatts(own.colocation, kilowatts.it, currency, rates),
          fmt::format("{:.3g} kW a device", kilowatts.it));
  running(Account::demand_charge, of_kilowatts(own.demand, kilowatts.metered, currency, rates),
          fmt::format("{:.3g} kW a device, as metered", kilowatts.metered));
  running(Account::staff, staff(own, rates), "of a device and year");
  return list;
}

Yearly yearly(const Ownership& own, const Kilowatts& kilowatts, const ExchangeRates& rates) {
  const Currency& currency = own.device.value.currency;
  const Prices p = prices(own);
  return {Annuity(own)(p.total(), p.resale + p.server + p.network),
          value_or(own.maintenance, 0) * p.total() + of_kilowatts(own.colocation, kilowatts.it, currency, rates) +
              of_kilowatts(own.demand, kilowatts.metered, currency, rates) + staff(own, rates)};
}

Rent hourly(const Ownership& own, const Kilowatts& kilowatts, const ExchangeRates& rates) {
  const Yearly all = yearly(own, kilowatts, rates);
  return {(all.capital + all.upkeep) / (hours_per_year * own.utilisation.value) / seconds_per_hour,
          own.device.value.currency};
}

Kilograms embodied(const Ownership& own, const Usage& usage) {
  if (!own.embodied) return {};
  const double hours_of_work = own.life.value * hours_per_year * own.utilisation.value;
  return own.embodied->value * (hours(usage.device_time()) / hours_of_work);
}

void charge_own(Bill& bill, const Usage& usage, const Ownership& own, const Kilowatts& kilowatts,
                const ExchangeRates& rates, const Currency& currency, double bought) {
  for (const OwnedPart& part : parts(own, kilowatts, rates)) {
    const double each = part.yearly / (hours_per_year * own.utilisation.value);
    Row row = owned_row(part.account, usage, own, each, rates, currency, part.why);
    pay(row, part.price, bought, own.device.value.currency, rates);
    bill.charge(std::move(row));
  }
}

void charge_held(Bill& bill, const Usage& usage, HeldAccounts accounts, const Ownership& own,
                 const Kilowatts& kilowatts, const ExchangeRates& rates, const Currency& currency, double bought) {
  const Yearly all = yearly(own, kilowatts, rates);
  const auto charge = [&](Account account, double a_year, const std::string& why) {
    if (a_year <= 0) return;
    const double each = a_year / (hours_per_year * own.utilisation.value);
    Row row = owned_row(account, usage, own, each, rates, currency, why);
    pay(row, prices(own).total(), bought, own.device.value.currency, rates);
    bill.charge(std::move(row));
  };
  charge(accounts.capital, all.capital, terms(own));
  charge(accounts.upkeep, all.upkeep, "maintenance, place, people");
}

}  // namespace chipmix::economics
