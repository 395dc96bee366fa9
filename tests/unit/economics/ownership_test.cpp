// Owned devices: are charges those of published tables, and do rows add up?
#include "economics/own_figures.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <random>

namespace chipmix::economics {
namespace {

const Currency usd{"USD"}, cny{"CNY"};

Sourced<double> figure(double value) { return {value, {}, Evidence::assumed, "test", {}}; }

Ownership typical() {
  Ownership own;
  own.device = {{30000, usd}, {}, Evidence::datasheet, "a quote", {}};
  own.server = figure(1.64);
  own.network = figure(0.19);
  own.life = figure(5);
  own.residual = figure(0.2);
  own.discount = figure(0.08);
  own.utilisation = figure(0.8);
  return own;
}

double per_hour(const Ownership& own, double kilowatts = 0) {
  return hourly(own, {kilowatts, kilowatts}, {}).per_base_unit * seconds_per_hour;
}

}  // namespace

TEST_CASE("is capital recovered as the tables of engineering economics have it?") {
  CHECK(capital_recovery(0.08, 5, 0.20) == Approx(0.2164).margin(5e-5));
  CHECK(capital_recovery(0.10, 4, 0.25) == Approx(0.2616).margin(5e-5));
  CHECK(capital_recovery(0.08, 3, 0.30) == Approx(0.2956).margin(5e-5));
  CHECK(capital_recovery(0.05, 5, 0.20) == Approx(0.1948).margin(5e-5));
  CHECK(capital_recovery(0.12, 5, 0.15) == Approx(0.2538).margin(5e-5));
}

TEST_CASE("without interest, is it the straight line, and does financing add a third to five years at 8 %?") {
  CHECK(capital_recovery(0, 4, 0.2) == Approx(0.2));
  CHECK(capital_recovery(1e-9, 4, 0.2) == Approx(0.2).epsilon(1e-6));
  CHECK(capital_recovery(0.08, 5, 0.2) / straight_line(5, 0.2) == Approx(1.35).margin(0.005));
  CHECK(economic_value(5) == Approx(0.2).margin(0.001));
}

TEST_CASE("do server, network and installation follow from the device's price, landed?") {
  Ownership own = typical();
  own.installation = figure(0.08);
  own.duty = figure(0.25);
  own.tax = figure(0.13);
  own.freight = figure(0.03);
  double price = 0;
  for (const OwnedPart& part : parts(own, {1, 1}, {})) price += part.price;
  // Duty, freight and tax on the device alone, duty on the value with freight.
  CHECK(price == Approx(30000 * (1.03 * 1.25 * 1.13 - 1) + 30000 * 1.64 / 0.81 * 1.08));
}

TEST_CASE("is an hour of work the year's charges over the hours that are used?") {
  Ownership own = typical();
  own.maintenance = figure(0.03);
  own.colocation = Sourced<Money>{{180, usd}, {}, Evidence::assumed, "test", {}};
  own.staff = Sourced<Money>{{500, usd}, {}, Evidence::assumed, "test", {}};
  const double price = 30000 * 1.64 / 0.81;
  const double yearly = price * (capital_recovery(0.08, 5, 0.2) * paid_monthly(0.08) + 0.03) + 12 * 1.3 * 180 + 500;
  CHECK(per_hour(own, 1.3) == Approx(yearly / (8766 * 0.8)));
  own.utilisation = figure(0.4);
  CHECK(per_hour(own, 1.3) == Approx(yearly / (8766 * 0.4)));
}

TEST_CASE("is a peak charged by the kilowatt, and the carbon of making spread over the hours of a life?") {
  Ownership own = typical();
  const double before = per_hour(own, 1.3);
  own.demand = Sourced<Money>{{10, usd}, {}, Evidence::assumed, "test", {}};
  CHECK(per_hour(own, 1.3) - before == Approx(12 * 1.3 * 10 / (8766 * 0.8)));
  own.embodied = Sourced<Kilograms>{Kilograms{150}, {}, Evidence::assumed, "test", {}};
  const Usage life{"device", 2, Seconds{5 * 8766 * 0.8 * 3600}};
  CHECK(embodied(own, life).value() == Approx(300));
}

TEST_CASE("do a bill's rows add up to devices x hours x the hourly cost, in any currency?") {
  ExchangeRates rates;
  rates.set(usd, cny, 7.2);
  std::mt19937 random(3);
  std::uniform_real_distribution<double> any(0, 1);
  for (int round = 0; round < 100; ++round) {
    Ownership own = typical();
    own.server = figure(1 + any(random));
    own.network = figure(0.5 * any(random));
    own.life = figure(1 + 6 * any(random));
    own.maintenance = figure(0.1 * any(random));
    own.colocation = Sourced<Money>{{1300 * any(random), cny}, {}, Evidence::assumed, "test", {}};
    const Usage usage{"device", 64, Seconds{3600 * (1 + 1000 * any(random))}};
    Bill bill;
    charge_own(bill, usage, own, {1, 1}, rates, cny, 64);
    const double expected = hourly(own, {1, 1}, rates).per_base_unit * usage.device_time().value() * 7.2;
    REQUIRE(bill.total().amount == Approx(expected).epsilon(1e-9));
    double rows = 0;
    for (const Row& row : bill.entries()) {
      rows += row.amount.amount;
      REQUIRE(row.amount.amount == Approx(rates.convert(row.unit_price * row.quantity, cny).amount).epsilon(1e-9));
    }
    REQUIRE(rows == Approx(bill.total().amount).epsilon(1e-9));
    REQUIRE(bill.cash().amount > 64 * 30000 * 7.2);
  }
}

TEST_CASE("does a wider range widen the spread, and a dearer device cost more by the part it has?") {
  Ownership own = typical();
  const auto point = spread(own, {}, {});
  CHECK(point.low == 1);
  CHECK(point.high == 1);
  own.device.range = Interval<Money>{{27000, usd}, {36000, usd}};
  const auto price = spread(own, {}, {});
  CHECK(price.low == Approx(0.9));
  CHECK(price.high == Approx(1.2));
  own.life.range = Interval<double>{3, 6};
  CHECK(spread(own, {}, {}).high > price.high);
  CHECK(spread(own, {}, {}).low < price.low);
}

TEST_CASE("is 25 % duty on a device of 110,000 CNY 27,500 CNY, whatever stands around it?") {
  const auto price = [](std::optional<Sourced<double>> duty) {
    Ownership own = typical();
    own.device.value = {110000, cny};
    own.installation = figure(0.08);
    own.duty = duty;
    return prices(own).total();
  };
  CHECK(price(figure(0.25)) - price({}) == Approx(27500));
}

TEST_CASE("is an annuity paid month by month smaller than one paid at the end of the year, 0.2088 for 0.2164?") {
  // i / (12 ((1 + i)^(1/12) - 1)) = 1.036 at 8 %.
  CHECK(1 / paid_monthly(0.08) == Approx(1.036).margin(5e-4));
  CHECK(paid_monthly(0) == 1);
  Ownership own = typical();
  own.server = figure(1);
  own.network = figure(0);
  CHECK(yearly(own, {}, {}).capital / 30000 == Approx(0.2088).margin(5e-5));
}

TEST_CASE("is nothing left of installation and tax at the end of a life?") {
  Ownership own = typical();
  own.server = figure(1);
  own.network = figure(0);
  own.tax = figure(0.13);
  own.installation = figure(0.08);
  // CRF - S SFF R / P with R / P = 1 / 1.21.
  const double recovery = capital_recovery(0.08, 5, 0), sinking = recovery - 0.08;
  const double yearly_charge = paid_monthly(0.08) * (30000 * 1.21 * recovery - 0.2 * 30000 * sinking);
  CHECK(yearly(own, {}, {}).capital == Approx(yearly_charge));
  CHECK(yearly_charge / (30000 * 1.21) > 0.2088 * 1.02);
}

TEST_CASE("does a drawn figure go through the formula of ownership?") {
  Ownership own = typical();
  own.life.range = Interval<double>{3, 6};
  own.device.range = Interval<Money>{{27000, usd}, {36000, usd}};
  constexpr double z90 = 1.2815515655446004;
  const std::array<double, 2> centre{0, 0}, ends{z90, -z90};  // device, life
  CHECK(drawn_hourly(own, {}, {}, centre) == Approx(1));
  const double expected =
      1.2 * capital_recovery(0.08, 3, 0.2) * paid_monthly(0.08) / (capital_recovery(0.08, 5, 0.2) * paid_monthly(0.08));
  CHECK(drawn_hourly(own, {}, {}, ends) == Approx(expected));
}

TEST_CASE("are devices that stand idle not bought again?") {
  Bill bill;
  const Ownership own = typical();
  charge_own(bill, {"device", 64, Seconds{3600 * 900}}, own, {}, {}, usd, 64);
  const double cash = bill.cash().amount;
  charge_held(bill, {"device", 64, Seconds{3600 * 100}}, {Account::owned_interrupted, Account::upkeep_interrupted}, own,
              {}, {}, usd, 0);
  CHECK(bill.cash().amount == Approx(cash));
  CHECK(bill.purchases().amount == Approx(cash));
  CHECK(bill.total().amount == Approx(64 * 1000 * per_hour(own)));
  charge_held(bill, {"device", 4, Seconds{3600 * 1000}}, {Account::owned_spares, Account::upkeep_of_spares}, own, {},
              {}, usd, 4);
  CHECK(bill.cash().amount == Approx(cash * 68 / 64));
}

}  // namespace chipmix::economics
