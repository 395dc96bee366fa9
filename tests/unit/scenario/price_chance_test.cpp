// Does the chance of being cheapest follow the price of an option's devices?
#include "scenario/price_chance.hpp"

#include <catch2/catch.hpp>

#include "../../support/scenarios.hpp"
#include "scenario/scenario.hpp"

namespace chipmix::scenario {

TEST_CASE("is the chance at the scenario's prices the one that is told, and does it only fall with the price?") {
  const Scenario scenario = support::read(support::two_chips);
  const Comparison comparison = support::compare(support::two_chips);
  const OptionAnswer& a = comparison.options[0];
  const auto chances = chance_by_price(comparison, scenario, a, {0.25, 0.5, 1, 2, 8});
  REQUIRE(chances.size() == 5);
  CHECK(chances[2] == Approx(a.surety->cheapest));
  for (std::size_t i = 1; i < chances.size(); ++i) CHECK(chances[i] <= chances[i - 1]);
  CHECK(chances.front() > chances.back());
}

}  // namespace chipmix::scenario
