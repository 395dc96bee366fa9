// The cheapest purchase: is it that of trying everything, and does it keep to every limit?
#include <catch2/catch.hpp>

#include "procurement/problem.hpp"

namespace chipmix::procurement {
namespace {

/// Loses a 60th of its price a month.
Kind::Purchase straight(double price, double upkeep, int lead) {
  Kind::Purchase purchase{price, upkeep, lead, {}, {}, 60, 0};
  purchase.curve = Curve::straight;
  return purchase;
}

Kind bought(const std::string& name, double price, int lead = 0) {
  Kind kind;
  kind.name = kind.vendor = name;
  kind.lot = 8;
  kind.purchase = straight(price, 0, lead);
  kind.kilowatts = 1;
  return kind;
}

Kind rented(const std::string& name, double price) {
  Kind kind;
  kind.name = kind.vendor = name;
  kind.lot = 8;
  kind.lease = Kind::Lease{price, 0, {}};
  return kind;
}

/// A job of 12 that 8 devices of the first kind do at 1 a month, and 8 of the second at 2.
Problem two_kinds() {
  Problem p;
  p.months = 12;
  p.kinds = {rented("slow", 1), rented("fast", 3)};
  p.columns = {{"8 slow", {8, 0}, {1}}, {"8 fast", {0, 8}, {2}}, {"16 fast", {0, 16}, {3}}};
  p.works = {{"job", 12, 0, 12}};
  return p;
}

}  // namespace

TEST_CASE("is the slow and cheap cluster rented all year, and the fast one when there is less time?") {
  Problem p = two_kinds();
  const auto year = solve(p);
  REQUIRE(year);
  CHECK(year->cost == Approx(12 * 8 * 1));
  p.works[0].by = 6;
  const auto half = solve(p);
  REQUIRE(half);
  CHECK(half->cost == Approx(6 * 8 * 3));
  p.works[0].by = 4;
  CHECK(solve(p)->cost == Approx(4 * 16 * 3));
  p.works[0].by = 5;
  CHECK(solve(p)->cost == Approx((3 * 8 + 2 * 16) * 3));  // 3 x 2 + 2 x 3 tokens
  p.works[0].by = 3;
  CHECK_FALSE(solve(p));
}

TEST_CASE("are devices bought when that is cheaper than rent, in time for their lead, and sold at their worth?") {
  Problem p = two_kinds();
  p.kinds[0].purchase = straight(10, 0.1, 2);
  const auto decision = solve(p);
  REQUIRE(decision);
  // rent two months while they are on their way, or all of it; owned ten months they lose 10/60 of their price
  const double owning = 8 * (2 * 1 + 10 + 10 * 0.1 - 10 * (1 - 10.0 / 60));
  CHECK(decision->cost == Approx(owning));
  CHECK(decision->owned(0, 1) == 0);
  CHECK(decision->owned(0, 2) == 8);
  CHECK(decision->cash[0] == Approx(8 * 10 + 8));
}

TEST_CASE("do supply, arrivals, power, budget and vendor shares bind?") {
  Problem p;
  p.months = 12;
  p.kinds = {bought("a", 10), bought("b", 11)};
  p.columns = {{"16 a", {16, 0}, {1}}, {"16 b", {0, 16}, {1}}, {"8 + 8", {8, 8}, {1}}, {"8 a", {8, 0}, {0.4}}};
  p.works = {{"job", 10, 0, 12}};
  const auto devices = [&](int kind) {
    const auto decision = solve(p);
    REQUIRE(decision);
    return decision->bought(kind);
  };
  CHECK(devices(0) == 16);
  p.limits.vendor_share = 0.5;
  CHECK(devices(0) == 8);
  CHECK(devices(1) == 8);
  p.limits.vendor_share.reset();
  p.kinds[0].purchase->cap = 8;
  CHECK(devices(1) == 8);
  p.kinds[0].purchase->cap.reset();
  p.kinds[0].purchase->monthly = 8;
  CHECK(devices(0) == 16);
  p.works[0].by = 10;
  CHECK(devices(1) == 8);  // a full cluster from the first month
  p.limits.kilowatts = 15;
  CHECK_FALSE(solve(p));
  p.limits.kilowatts.reset();
  p.kinds[0].area = p.kinds[1].area = 0.5;
  p.limits.area = 7;
  CHECK_FALSE(solve(p));
  p.limits.area = 8;
  CHECK(solve(p));
  p.limits.area.reset();
  p.limits.budget = 8 * 10 + 8 * 11 - 1.0;
  CHECK_FALSE(solve(p));
  p.limits.budget = 8 * 10 + 8 * 11;
  CHECK(solve(p));
}

TEST_CASE("do two jobs share devices one after the other, and does each wait for its month?") {
  Problem p = two_kinds();
  p.works = {{"first", 2, 0, 12}, {"second", 2, 6, 8}};
  for (std::size_t i = 0; i < 3; ++i) {
    p.columns.push_back({p.columns[i].label, p.columns[i].devices, {0, p.columns[i].tokens[0]}});
    p.columns[i].tokens.push_back(0);
  }
  const auto decision = solve(p);
  REQUIRE(decision);
  CHECK(decision->cost == Approx(4 * 8 * 1));
  for (int month = 0; month < 12; ++month)
    for (const Shift& shift : decision->shifts[month])
      if (month < 6 || month > 7) CHECK(shift.column < 3);
}

TEST_CASE("are devices bought in the shares that were awarded, to a lot?") {
  Problem p;
  p.months = 6;
  p.kinds = {bought("cheap", 10), bought("dear", 20)};
  for (int cheap = 0; cheap <= 64; cheap += 8) p.columns.push_back({"", {cheap, 64 - cheap}, {1}});
  p.works = {{"job", 6, 0, 6}};
  CHECK(solve(p)->bought(1) == 0);
  p.kinds[0].award = 0.65;
  p.kinds[1].award = 0.35;
  const auto decision = solve(p);
  REQUIRE(decision);
  CHECK(std::abs(decision->bought(1) - 0.35 * 64) <= 8);
  CHECK(decision->bought(1) > 0);
}

TEST_CASE("does a discount on the devices beyond a number count for these alone?") {
  Problem p;
  p.months = 6;
  p.kinds = {bought("a", 10)};
  p.columns = {{"", {64}, {1}}};
  p.works = {{"job", 6, 0, 6}};
  const double before = solve(p)->spent();
  p.kinds[0].purchase->volume = {{32, 0.1}, {48, 0.5}};
  CHECK(before == Approx(640));
  CHECK(solve(p)->spent() == Approx(320 + 16 * 9 + 16 * 5));
}

TEST_CASE("has what is ordered to be taken, and may more be bought?") {
  Problem p;
  p.months = 6;
  p.kinds = {bought("a", 10), bought("b", 11)};
  for (Kind& kind : p.kinds) kind.purchase->resale = 0.9;  // to change them costs
  p.columns = {{"a", {8, 0}, {1}}, {"b", {0, 8}, {1}}};
  p.works = {{"job", 6, 0, 6}};
  CHECK(solve(p)->bought(1) == 0);
  p.order = Order{{std::vector<int>(6, 0), {8, 0, 0, 0, 0, 0}}, {{}, {}}, 0};
  CHECK(solve(p)->bought(1) == 8);
  CHECK(solve(p)->bought(0) == 0);
  p.order->arrivals[1][0] = 0;  // it cannot be had after all
  CHECK(solve(p)->bought(0) == 8);
  p.order->seen = 1;  // and nobody knew before
  CHECK_FALSE(solve(p));
}

TEST_CASE("are only columns kept that nothing beats?") {
  const auto kept = efficient(
      {{"a", {8, 0}, {1}}, {"b", {8, 0}, {2}}, {"c", {8, 8}, {2}}, {"d", {8, 8}, {3}}, {"b again", {8, 0}, {2}}});
  REQUIRE(kept.size() == 2);
  CHECK(kept[0].label == "b");
  CHECK(kept[1].label == "d");
}

}  // namespace chipmix::procurement
