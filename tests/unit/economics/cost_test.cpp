// Money and energy: do the bills of published runs come out, in their own currency and in another?
#include <catch2/catch.hpp>

#include "economics/cost.hpp"

namespace chipmix::economics {
namespace {

const Currency cny{"CNY"}, usd{"USD"};

Sourced<Rent> per_hour(double amount, const Currency& currency) {
  Sourced<Rent> rent;
  rent.value = {amount / seconds_per_hour, currency};
  rent.grade = Evidence::datasheet;
  rent.source = "a quote";
  return rent;
}

Sourced<Tariff> per_kilowatt_hour(double amount, const Currency& currency) {
  Sourced<Tariff> tariff;
  tariff.value = {amount / joules_per_kilowatt_hour, currency};
  return tariff;
}

Usage device_hours(double total, int devices) {
  return {"device", static_cast<double>(devices), Seconds{total / devices * seconds_per_hour}};
}

}  // namespace

TEST_CASE("does DeepSeek-V3's training bill come out?") {
  // 2.788 M H800-hours at 2 USD: 5.576 M USD (arXiv:2412.19437, table 1).
  Bill bill;
  charge_rent(bill, device_hours(2.788e6, 2048), per_hour(2, usd), {}, usd);
  CHECK(bill.total().amount == Approx(5.576e6));
  CHECK(bill.total().currency == usd);
}

TEST_CASE("does Ling-Plus's bill on device D come out?") {
  // 6.35 M CNY at 27.5 CNY per hour are 230,909 device-hours (arXiv:2503.05139, table 1 and section 1).
  Bill bill;
  charge_rent(bill, device_hours(230909, 1024), per_hour(27.5, cny), {}, cny);
  CHECK(bill.total().amount == Approx(6.35e6).epsilon(1e-5));
}

TEST_CASE("is rent in another currency converted, by the rate or by its inverse?") {
  ExchangeRates direct, inverse;
  direct.set(usd, cny, 7.2);
  inverse.set(cny, usd, 1 / 7.2);
  for (const ExchangeRates& rates : {direct, inverse}) {
    Bill bill;
    charge_rent(bill, device_hours(100, 10), per_hour(2, usd), rates, cny);
    CHECK(bill.total().amount == Approx(100 * 2 * 7.2));
    CHECK(bill.total().currency == cny);
  }
}

TEST_CASE("does the bill's reason name the devices, the hours, the price and its source?") {
  Bill bill;
  charge_rent(bill, {"H800", 16, Seconds{7200}}, per_hour(2, usd), {}, usd);
  REQUIRE(bill.entries().size() == 1);
  CHECK(bill.entries().front().account == Account::rent);
  CHECK(bill.entries().front().why == "16 x H800 for 2.0 h at 2 USD/h (datasheet: a quote)");
}

TEST_CASE("is a place paid by what the equipment can draw, and a peak as the meter sees it?") {
  hardware::NodeGroup group;
  group.device.power.value = Watts(700);
  group.node.devices = 8;
  group.node.host_power = Sourced<Watts>{Watts(2000), {}, Evidence::datasheet, "a data sheet", {}};
  const Kilowatts power = kilowatts(group, PowerProfile{}, {});
  CHECK(power.it == Approx(0.7 + 0.25));
  CHECK(power.metered == Approx(power.it));
}

TEST_CASE("has every account a name of its own, by which it is found?") {
  for (int i = 0; i < account_count; ++i) {
    const Account account = static_cast<Account>(i);
    REQUIRE(account_named(name(account)) == account);
    CHECK_FALSE(std::string(facts(account).category).empty());
  }
  CHECK_FALSE(account_named("rents"));
}

TEST_CASE("is electricity billed by the kilowatt-hour, and does the bill sum?") {
  Bill bill;
  charge_rent(bill, device_hours(100, 10), per_hour(2, cny), {}, cny);
  charge_electricity(bill, Joules{500 * joules_per_kilowatt_hour}, per_kilowatt_hour(0.6, cny), {}, cny);
  CHECK(bill.total(Account::electricity).amount == Approx(300));
  CHECK(bill.total(Account::rent).amount == Approx(200));
  CHECK(bill.total().amount == Approx(500));
}

TEST_CASE("is electricity in another currency converted?") {
  ExchangeRates rates;
  rates.set(usd, cny, 7);
  Bill bill;
  charge_electricity(bill, Joules{10 * joules_per_kilowatt_hour}, per_kilowatt_hour(0.1, usd), rates, cny);
  CHECK(bill.total().amount == Approx(7));
  CHECK(bill.total().currency == cny);
}

}  // namespace chipmix::economics
