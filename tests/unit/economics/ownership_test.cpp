// Owned devices: are charges those of published tables, and do rows add up?
#include "economics/ownership.hpp"

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
  return hourly(own, kilowatts, {}).per_base_unit * seconds_per_hour;
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
  double price = 0;
  for (const OwnedPart& part : parts(own, 1, {})) price += part.price;
  CHECK(price == Approx(30000 * 1.25 * 1.13 * 1.64 / 0.81 * 1.08));
}

TEST_CASE("is an hour of work the year's charges over the hours that are used?") {
  Ownership own = typical();
  own.maintenance = figure(0.03);
  own.colocation = Sourced<Money>{{180, usd}, {}, Evidence::assumed, "test", {}};
  own.staff = Sourced<Money>{{500, usd}, {}, Evidence::assumed, "test", {}};
  const double price = 30000 * 1.64 / 0.81;
  const double yearly = price * (capital_recovery(0.08, 5, 0.2) + 0.03) + 12 * 1.3 * 180 + 500;
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
    charge_own(bill, usage, own, 1, rates, cny);
    const double expected = hourly(own, 1, rates).per_base_unit * usage.device_time().value() * 7.2;
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
  const auto point = spread(own, 0, {});
  CHECK(point.low == 1);
  CHECK(point.high == 1);
  own.device.range = Interval<Money>{{27000, usd}, {36000, usd}};
  const auto price = spread(own, 0, {});
  CHECK(price.low == Approx(0.9));
  CHECK(price.high == Approx(1.2));
  own.life.range = Interval<double>{3, 6};
  CHECK(spread(own, 0, {}).high > price.high);
  CHECK(spread(own, 0, {}).low < price.low);
}

}  // namespace chipmix::economics
