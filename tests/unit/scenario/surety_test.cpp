// The order of options: does it turn at the prices and shares of peak that are named?
#include "scenario/confidence.hpp"

#include <catch2/catch.hpp>

#include "../../support/scenarios.hpp"

namespace chipmix::scenario {
namespace {

using support::replaced;
using support::two_chips;

const std::string rent_a = R"("rent": {"value": "12 CNY/h", "grade": "assumed", "source": "test"})";

std::string rent(double amount, const std::string& range = "") {
  return R"("rent": {"value": ")" + std::to_string(amount) + R"( CNY/h", )" + range +
         R"("grade": "assumed", "source": "test"})";
}

double cost(const OptionAnswer& answer) { return answer.bill.total().amount; }

}  // namespace

TEST_CASE("does an option at its tie price cost what the cheapest other does, which may pay that price, too?") {
  const Comparison central = support::compare(two_chips);
  const OptionAnswer& a = central.options[0];
  REQUIRE(a.surety);
  REQUIRE(a.surety->price_factor);
  const Comparison tied = support::compare(replaced(two_chips, rent_a, rent(12 * *a.surety->price_factor)));
  const double other = std::min(cost(tied.options[1]), cost(tied.options[2]));  // the last uses both devices
  CHECK(cost(tied.options[0]) == Approx(other).epsilon(1e-5));
}

TEST_CASE("do the shares of worlds in which an option is cheapest add up to all?") {
  const Comparison comparison = support::compare(two_chips);
  double sum = 0;
  for (const OptionAnswer& a : comparison.options) sum += a.surety->cheapest;
  CHECK(sum == Approx(1));
  CHECK_FALSE(comparison.options[0].surety->beats_baseline);
  for (const OptionAnswer& a : comparison.options) {
    CHECK(a.surety->p10 < cost(a));
    CHECK(a.surety->p90 > cost(a));
  }
}

TEST_CASE("does a cheaper device win in more worlds, and a wider range in fewer?") {
  const auto wins = [](const std::string& price) {
    return support::compare(replaced(two_chips, rent_a, price)).options[0].surety->cheapest;
  };
  CHECK(wins(rent(15)) > wins(rent(20)));
  CHECK(wins(rent(1)) > 0.99);
  CHECK(wins(rent(1, R"("low": "0.2 CNY/h", "high": "40 CNY/h", )")) < wins(rent(1)));
}

TEST_CASE("is the same answer as sure every time?") {
  const Comparison one = support::compare(two_chips), again = support::compare(two_chips);
  for (std::size_t i = 0; i < one.options.size(); ++i) {
    CHECK(one.options[i].surety->cheapest == again.options[i].surety->cheapest);
    CHECK(one.options[i].surety->p90 == again.options[i].surety->p90);
  }
}

}  // namespace chipmix::scenario
