// Purchases small enough to be worked out by hand: 64 devices at 40,000 that lose a 60th of their price a month.
#include <catch2/catch.hpp>

#include <cmath>

#include "procurement/problem.hpp"

namespace chipmix::procurement {
namespace {

Kind straight(const std::string& name, double price) {
  Kind kind;
  kind.name = kind.vendor = name;
  kind.lot = 64;
  kind.purchase = Kind::Purchase{price, 0, 0, {}, {}, 60, 0};
  kind.purchase->curve = Curve::straight;
  return kind;
}

/// One lot does a job of so many months, two do it in half the time.
Problem job_of(int months) {
  Problem p;
  p.months = months;
  p.kinds = {straight("h", 40e3)};
  p.columns = {{"64", {64}, {1}}, {"128", {128}, {2}}};
  p.works = {{"job", 1.0 * months, 0, months}};
  return p;
}

constexpr double lot = 64 * 40e3;

}  // namespace

TEST_CASE("do discounts of volume earn nothing on devices that are not needed?") {
  Problem p = job_of(12);
  p.columns[1].tokens = {1};
  CHECK(solve(p)->cost == Approx(lot * 12 / 60));  // 512,000
  for (double discount : {0.15, 0.5}) {
    p.kinds[0].purchase->volume = {{64, discount}};
    const auto decision = solve(p);
    CHECK(decision->cost == Approx(lot * 12 / 60));
    CHECK(decision->bought(0) == 64);
  }
}

TEST_CASE("does a budget count the price that is paid?") {
  Problem p = job_of(12);
  p.works[0].tokens = 24;
  p.kinds[0].purchase->volume = {{64, 0.5}};
  for (double budget : {4.5e6, 3.9e6}) {
    p.limits.budget = budget;
    REQUIRE(solve(p));
    CHECK(solve(p)->spent() == Approx(3.84e6));
  }
  p.limits.budget = 3.8e6;
  CHECK_FALSE(solve(p));
  p.limits.budget.reset();
  p.aim = Aim::cash;
  CHECK(solve(p)->cost == Approx(3.84e6));
}

TEST_CASE("does a step of volume inside a lot count for the devices beyond it?") {
  Problem p = job_of(12);
  p.columns.pop_back();
  p.kinds[0].purchase->volume = {{16, 0.5}};
  CHECK(solve(p)->spent() == Approx(lot * (16 + 48 * 0.5) / 64));
}

TEST_CASE("is an order that comes late late, and nothing foreseen?") {
  Problem p = job_of(8);
  p.works = {{"job", 5, 3, 8}};
  p.columns = {{"64", {64}, {1}}};
  p.kinds[0].purchase->lead = 2;
  p.order = Order{{{0, 0, 0, 0, 64, 0, 0, 0}}, {std::vector<double>(8, 0)}, 3};
  CHECK_FALSE(solve(p));  // four months are left for five
  p.order->arrivals = {{0, 0, 0, 64}};
  REQUIRE(solve(p));
  CHECK(solve(p)->cost == Approx(lot * 5 / 60));
  p.order->arrivals = {{0, 0, 0, 0, 64}};
  p.works[0].tokens = 4;
  CHECK(solve(p)->arrived(0, 3) == 0);
  p.order->arrivals = {std::vector<int>(12, 0)};
  p.order->arrivals[0][11] = 64;  // after the last month: what it costs beyond what it sells for
  CHECK_FALSE(solve(p));
}

TEST_CASE("do months in which there is nothing to do cost nothing?") {
  Problem p = job_of(6);
  for (int months : {6, 12, 24, 36}) {
    p.months = months;
    CHECK(solve(p)->cost == Approx(lot * 6 / 60));
    CHECK(solve(p)->sold(0, 5) == 64);
  }
}

TEST_CASE("do lots come when so many devices have, fewer a month than a lot has?") {
  Problem p = job_of(7);
  p.works[0].tokens = 6;
  p.columns.pop_back();
  p.kinds[0].purchase->monthly = 48;  // 96 after two months
  const auto decision = solve(p);
  REQUIRE(decision);
  CHECK(decision->cost == Approx(256e3));
  CHECK(decision->arrived(0, 1) == 64);
  p.works[0].tokens = 7;
  CHECK_FALSE(solve(p));
  p.columns.push_back({"128", {128}, {2}});
  p.kinds[0].purchase->monthly = 96;  // a lot in the first month, two more in the second
  p.works[0].tokens = 13;
  REQUIRE(solve(p));
  CHECK(solve(p)->arrived(0, 1) == 64);
}

TEST_CASE("is half an award half of what is bought?") {
  Problem p;
  p.months = 6;
  p.kinds = {straight("h", 40e3), straight("a", 20e3)};
  p.columns = {{"", {0, 128}, {2}}, {"", {64, 64}, {2}}, {"", {128, 0}, {2}}, {"", {64, 0}, {1}}, {"", {0, 64}, {1}}};
  p.works = {{"job", 12, 0, 6}};
  CHECK(solve(p)->bought(0) == 0);
  for (double award : {0.3, 0.5}) {
    p.kinds[0].award = award;
    const auto decision = solve(p);
    REQUIRE(decision);
    CHECK(decision->bought(0) >= 64);
    CHECK(std::abs(decision->bought(0) - award * (decision->bought(0) + decision->bought(1))) <= 32);
    double work = 0;
    for (const auto& month : decision->shifts)
      for (const Shift& shift : month) work += shift.share * p.columns[shift.column].devices[0];
    CHECK(work > 0);
  }
  p.columns = {{"", {0, 128}, {2}}, {"", {64, 64}, {2}}, {"", {128, 0}, {2}}};
  p.kinds[0].award = 0.5;
  p.kinds[1].award = 0.5;
  p.works[0] = {"job", 2, 0, 1};  // in one month each lot comes once
  p.months = 1;
  p.kinds[1].purchase->cap = 64;
  CHECK(solve(p)->bought(0) == 64);
  CHECK(solve(p)->bought(1) == 64);
}

TEST_CASE("is what differs by less than a hundred-thousandth of a lot told apart?") {
  Problem p = job_of(6);
  p.columns = {{"h", {64, 0}, {1}}, {"a", {0, 64}, {1}}};
  p.kinds.push_back(straight("a", 40e3 * (1 - 4e-6)));
  CHECK(solve(p)->bought(1) == 64);
  CHECK(solve(p)->cost == Approx(lot * (1 - 4e-6) * 6 / 60).epsilon(1e-9));
}

TEST_CASE("is worth by age that of the market, or a straight line, and nothing where nobody buys?") {
  Kind kind = straight("h", 100);
  CHECK(kind.worth(12) == Approx(80));
  kind.purchase->curve = Curve::market;
  kind.purchase->residual = std::pow(10, -0.14 * 5);
  CHECK(kind.worth(12) == Approx(100 * std::pow(10, -0.14)));
  CHECK(kind.worth(60) == Approx(100 * std::pow(10, -0.7)));
  kind.purchase->resale = 0.9;
  kind.purchase->sale_cost = 0.1;
  CHECK(kind.worth(12) == Approx(81 * std::pow(10, -0.14)));
  kind.purchase->residual = 0;
  for (int age : {0, 1, 60}) CHECK(kind.worth(age) == 0);
}

TEST_CASE("does a price beyond all others leave the cheap ones exact?") {
  Problem p = job_of(6);
  p.columns = {{"h", {64, 0, 0}, {1}}, {"a", {0, 64, 0}, {1}}, {"b", {0, 0, 64}, {1}}};
  p.kinds = {straight("h", 1e15), straight("a", 2.0), straight("b", 1.9)};
  const auto decision = solve(p);
  REQUIRE(decision);
  CHECK(decision->bought(2) == 64);
  CHECK(decision->cost == Approx(64 * 1.9 * 6 / 60));
}

}  // namespace chipmix::procurement
