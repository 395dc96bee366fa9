// Interrupted runs in scenarios: do days and money grow by what interruptions take, each in a row of its own?
#include <catch2/catch.hpp>

#include "../../support/scenarios.hpp"

namespace chipmix::scenario {
namespace {

using support::replaced;
using support::two_chips;

const std::string reliability =
    R"("reliability": {"device_mtbf": {"value": "8900 h", "low": "4000 h", "high": "50000 h",
                                       "grade": "assumed", "source": "test"},
                       "recovery": {"value": "30 min", "grade": "assumed", "source": "test"},
                       "blocking": {"value": "2 min", "grade": "assumed", "source": "test"}, "spares": 0.05}, )";

const Comparison& calm() {
  static const Comparison comparison = support::compare(two_chips);
  return comparison;
}

const Comparison& interrupted() {
  static const Comparison comparison =
      support::compare(replaced(two_chips, "\"options\"", reliability + "\"options\""));
  return comparison;
}

}  // namespace

TEST_CASE("does a run take its steps and what interrupts them?") {
  const OptionAnswer &before = calm().options[0], &after = interrupted().options[0];
  const Run& run = after.runs.front();
  REQUIRE(run.interruptions);
  CHECK(run.useful.value() == Approx(before.duration.value()));
  CHECK(after.duration / before.duration == Approx(run.interruptions->factor()));
  CHECK(run.interruptions->goodput() < 1);
  CHECK(hours(run.interruptions->mtbf) == Approx(8900.0 / run.devices));
  CHECK(after.tokens_per_s == Approx(before.tokens_per_s * run.interruptions->goodput()));
}

TEST_CASE("is the share of the peak that of the steps, interrupted or not?") {
  CHECK(interrupted().options[0].mfu == Approx(calm().options[0].mfu));
}

TEST_CASE("is each cause a row of the bill, and their sum the rent of all that is held?") {
  const OptionAnswer &before = calm().options[0], &after = interrupted().options[0];
  const double factor = after.runs.front().interruptions->factor();
  const double rent = before.bill.total(economics::Account::rent).amount;
  CHECK(after.bill.total(economics::Account::rent).amount == Approx(rent));
  CHECK(after.bill.total(economics::Account::rent_interrupted).amount == Approx(rent * (factor - 1)));
  CHECK(after.bill.total(economics::Account::rent_of_spares).amount == Approx(0.05 * rent * factor));
}

TEST_CASE("do the ends of the figures' ranges widen the interval on days?") {
  const OptionAnswer &before = calm().options[0], &after = interrupted().options[0];
  CHECK(after.p90 > before.p90);
  CHECK(after.p10 <= before.p10);
}

TEST_CASE("do phases keep the interruptions of the options they name?") {
  const OptionAnswer& fleet = interrupted().options[2];
  REQUIRE(fleet.runs.size() == 2);
  for (const Run& run : fleet.runs) {
    REQUIRE(run.interruptions);
    CHECK(run.duration / run.useful == Approx(run.interruptions->factor()));
  }
}

TEST_CASE("do spares shorten a run where a failed server is away for a day?") {
  const auto days_with = [](const std::string& spares) {
    const std::string waits = replaced(
        reliability, "\"spares\": 0.05",
        R"("spares": )" + spares + R"(, "replacement": {"value": "24 h", "grade": "assumed", "source": "test"})");
    return support::compare(replaced(two_chips, "\"options\"", waits + "\"options\"")).options[0].duration.value();
  };
  const double none = days_with("0"), half = days_with("0.5"), all = days_with("1");
  CHECK(none > half * 1.02);
  CHECK(half > all);
  CHECK(all >= interrupted().options[0].duration.value());
}

TEST_CASE("is nothing paid or drawn while spot devices are taken away?") {
  const auto away_for = [](const std::string& hours) {
    const std::string spot = replaced(reliability, "\"spares\": 0.05",
                                      R"("spot": {"mtbf": {"value": "24 h", "grade": "assumed", "source": "test"},
                                                  "away": {"value": ")" +
                                          hours + R"(", "grade": "assumed", "source": "test"}})");
    return support::compare(replaced(two_chips, "\"options\"", spot + "\"options\"")).options[0];
  };
  const OptionAnswer at_once = away_for("0 h"), later = away_for("3 h");
  const Run& run = later.runs.front();
  CHECK(later.duration.value() == Approx(at_once.duration.value() * 1.125));
  CHECK(run.held().value() == Approx(at_once.duration.value()));
  const auto paid = [](const OptionAnswer& answer) {
    return answer.bill.total(economics::Account::rent).amount +
           answer.bill.total(economics::Account::rent_interrupted).amount;
  };
  CHECK(paid(later) == Approx(12 * 16 * hours(run.held())));
  CHECK(later.bill.total().amount == Approx(at_once.bill.total().amount));
  CHECK(later.energy->value() == Approx(at_once.energy->value()));
}

}  // namespace chipmix::scenario
