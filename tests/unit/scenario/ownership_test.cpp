// Options that own their devices: the same run at another price, each cause a row.
#include <catch2/catch.hpp>

#include "../../support/scenarios.hpp"
#include "scenario/cost_swings.hpp"

namespace chipmix::scenario {
namespace {

using support::replaced;
using support::two_chips;

const std::string rent_a = R"("rent": {"value": "12 CNY/h", "grade": "assumed", "source": "test"})";

std::string figure(const std::string& key, const std::string& value) {
  return "\"" + key + R"(": {"value": )" + value + R"(, "grade": "assumed", "source": "test"})";
}

std::string own(const std::string& device = "\"200000 CNY\"", const std::string& more = "") {
  return R"("own": {)" + figure("device", device) + ", " + figure("server", "1.6") + ", " + figure("network", "0.2") +
         ", " + figure("life", "5") + ", " + figure("residual", "0.1") + ", " + figure("discount", "0.08") + ", " +
         figure("utilisation", "0.75") + more + "}";
}

bool tells(const std::string& text, const std::string& words) {
  const auto faults = support::faults(text);
  return std::any_of(faults.begin(), faults.end(),
                     [&](const Diagnostic& fault) { return fault.message.find(words) != std::string::npos; });
}

}  // namespace

TEST_CASE("does owning change the bill alone, by the hourly cost of ownership?") {
  const OptionAnswer rented = support::compare(two_chips).options[0];
  const OptionAnswer owned = support::compare(replaced(two_chips, rent_a, own())).options[0];
  CHECK(owned.duration.value() == rented.duration.value());
  CHECK(owned.bill.total(economics::Account::rent).amount == 0);
  const double hourly =
      200000 * 1.6 / 0.8 * economics::capital_recovery(0.08, 5, 0.1) * economics::paid_monthly(0.08) / (8766 * 0.75);
  const double devices = owned.bill.total(economics::Account::devices).amount +
                         owned.bill.total(economics::Account::servers).amount +
                         owned.bill.total(economics::Account::network).amount;
  CHECK(devices == Approx(hourly * hours(owned.device_time)));
  // Hours without work draw idle power, and are paid by those with work.
  const auto electricity = [](const OptionAnswer& a) { return a.bill.total(economics::Account::electricity).amount; };
  CHECK(electricity(owned) > electricity(rented));
  CHECK(owned.bill.cash().amount == Approx(16 * 200000 * 1.6 / 0.8 + electricity(owned)));
}

TEST_CASE("is a price in a currency without a rate, or rent beside ownership, told at its place?") {
  CHECK(tells(replaced(two_chips, rent_a, own("\"30000 JPY\"")), "a price in JPY"));
  CHECK(tells(replaced(two_chips, rent_a, rent_a + ", " + own()), "both 'rent' and 'own'"));
  CHECK(tells(replaced(two_chips, rent_a, own("\"-1 CNY\"")), "must be more than 0"));
}

TEST_CASE("does a commitment lower the rent, and cost what of it is not used?") {
  const std::string committed =
      R"(, "commitment": {"discount": {"value": 0.25, "grade": "assumed", "source": "test"}, "term": "365 d"})";
  const OptionAnswer before = support::compare(two_chips).options[0];
  const OptionAnswer after = support::compare(replaced(two_chips, rent_a, rent_a + committed)).options[0];
  CHECK(after.bill.total(economics::Account::rent).amount ==
        Approx(0.75 * before.bill.total(economics::Account::rent).amount));
  const double unused = 365 - days(before.duration);
  REQUIRE(unused > 0);
  CHECK(after.bill.total(economics::Account::unused_commitment).amount == Approx(16 * unused * 24 * 9));
}

TEST_CASE("does moving to a phase's devices take its time and their rent?") {
  const OptionAnswer before = support::compare(two_chips).options[2];
  const OptionAnswer after =
      support::compare(replaced(two_chips, R"("share": 0.75})", R"("share": 0.75, "moving": "2 d"})")).options[2];
  CHECK(days(after.duration) == Approx(days(before.duration) + 2));
  CHECK(after.bill.total(economics::Account::rent_moving).amount == Approx(32 * 48 * 5));
  CHECK(after.bill.total(economics::Account::rent).amount ==
        Approx(before.bill.total(economics::Account::rent).amount));
}

TEST_CASE("do the ends of each price move the cost by the part it has?") {
  const std::string ranged =
      R"("rent": {"value": "12 CNY/h", "low": "6 CNY/h", "high": "18 CNY/h", "grade": "assumed", "source": "test"})";
  const io::Document document = io::Document::parse("test.json", replaced(two_chips, rent_a, ranged));
  const Scenario scenario = support::read(document);
  const OptionAnswer a = answer_option(scenario, 0, {});
  const auto swings = cost_swings(scenario, a);
  const auto rent = std::find_if(swings.begin(), swings.end(), [](auto& one) { return one.source == "test"; });
  REQUIRE(rent != swings.end());
  const double part = a.bill.total(economics::Account::rent).amount / a.bill.total().amount;
  CHECK(rent->at_low == Approx(1 - 0.5 * part));
  CHECK(rent->at_high == Approx(1 + 0.5 * part));
}

TEST_CASE("has an option its own tariff?") {
  const auto electricity = [](const std::string& text) {
    return support::compare(text).options[0].bill.total(economics::Account::electricity).amount;
  };
  const std::string dear = replaced(
      two_chips, rent_a, rent_a + R"(, "tariff": {"value": "1.2 CNY/kWh", "grade": "assumed", "source": "test"})");
  CHECK(electricity(dear) == Approx(2 * electricity(two_chips)));
}

}  // namespace chipmix::scenario
