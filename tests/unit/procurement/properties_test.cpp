// What holds for every purchase, whatever the numbers: checked over random problems.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <random>

#include "procurement/problem.hpp"

namespace chipmix::procurement {
namespace {

class Dice {
 public:
  explicit Dice(int seed) : engine_(seed) {}
  double from(double low, double high) { return std::uniform_real_distribution(low, high)(engine_); }
  int whole(int low, int high) { return std::uniform_int_distribution(low, high)(engine_); }
  bool happens(double chance) { return from(0, 1) < chance; }

 private:
  std::mt19937 engine_;
};

Kind::Purchase purchase(Dice& dice) {
  Kind::Purchase buy;
  buy.price = dice.from(5, 50);
  buy.upkeep = dice.from(0, 0.5);
  buy.lead = dice.whole(0, 2);
  if (dice.happens(0.5)) buy.cap = 8 * dice.whole(1, 4);
  if (dice.happens(0.5)) buy.monthly = dice.whole(3, 20);
  buy.residual = dice.happens(0.2) ? 0 : dice.from(0.05, 0.5);
  buy.resale = dice.from(0.8, 1);
  buy.sale_cost = dice.happens(0.5) ? dice.from(0, 0.3) : 0;
  buy.curve = dice.happens(0.5) ? Curve::straight : Curve::market;
  if (dice.happens(0.4)) buy.volume = {{dice.whole(4, 16), dice.from(0, 0.5)}, {24, 0.6}};
  return buy;
}

Problem random_problem(int seed) {
  Dice dice(seed);
  Problem p;
  p.months = dice.whole(3, 6);
  p.monthly_discount = dice.happens(0.5) ? 0.007 : 0;
  for (const char* name : {"a", "b"}) {
    Kind kind;
    kind.name = kind.vendor = name;
    kind.lot = 8;
    kind.kilowatts = dice.from(0.5, 2);
    const bool is_bought = dice.happens(0.8);
    if (is_bought) kind.purchase = purchase(dice);
    if (!is_bought || dice.happens(0.6)) {
      kind.lease = Kind::Lease{dice.from(1, 8), dice.whole(0, 1), {}};
      if (dice.happens(0.5)) kind.lease->cap = 8 * dice.whole(1, 4);
    }
    p.kinds.push_back(kind);
  }
  const int jobs = dice.whole(1, 2);
  for (int j = 0; j < jobs; ++j) p.works.push_back({"", dice.from(1, 8), 0, dice.whole(2, p.months)});
  for (int size : {8, 16, 32})
    for (int kind = 0; kind < 2; ++kind)
      for (int j = 0; j < jobs; ++j) {
        Column column{"", {0, 0}, std::vector<double>(jobs, 0)};
        column.devices[kind] = size;
        column.tokens[j] = std::pow(size / 8.0, 0.9) * (kind == 0 ? 1 : 0.6);
        p.columns.push_back(column);
      }
  if (dice.happens(0.3)) p.limits.kilowatts = dice.from(8, 60);
  if (dice.happens(0.2)) p.limits.budget = dice.from(100, 1500);
  if (dice.happens(0.2)) p.limits.vendor_share = dice.from(0.5, 1);
  return p;
}

constexpr int problems = 15;
constexpr double rounding = 1e-6;

/// The cost of a problem, and what it must not exceed.
bool is_at_most(const Problem& easier, const std::optional<Decision>& harder) {
  if (!harder) return true;
  const auto decision = solve(easier);
  return decision && decision->cost <= harder->cost * (1 + rounding) + rounding;
}

}  // namespace

TEST_CASE("does no decision cost less than nothing, and no device less than nothing to hold?") {
  int solved = 0;
  for (int seed = 0; seed < problems; ++seed) {
    const Problem p = random_problem(seed);
    const auto decision = solve(p);
    if (!decision) continue;
    ++solved;
    CAPTURE(seed);
    CHECK(decision->cost >= 0);
    CHECK(decision->cost <= decision->spent() + rounding);
    for (const Holding& one : decision->holdings) {
      const Kind& kind = p.kinds[one.kind];
      CHECK(kind.worth(one.sale - one.arrival) < kind.purchase->price);
    }
  }
  CHECK(solved >= problems / 3);
}

TEST_CASE("do months after the last deadline, and steps of volume beyond what is needed, change nothing?") {
  for (int seed = 0; seed < problems; ++seed) {
    CAPTURE(seed);
    Problem p = random_problem(seed);
    const auto before = solve(p);
    p.months += 12;
    for (Kind& kind : p.kinds)
      if (kind.purchase) kind.purchase->volume.push_back({64, 0.9});
    const auto after = solve(p);
    REQUIRE(before.has_value() == after.has_value());
    if (before) CHECK(after->cost == Approx(before->cost).epsilon(rounding).margin(rounding));
  }
}

TEST_CASE("does more supply, time, budget or power never cost more?") {
  for (int seed = 0; seed < problems; ++seed) {
    CAPTURE(seed);
    const Problem p = random_problem(seed);
    const auto before = solve(p);
    Problem supply = p, time = p, budget = p, power = p;
    for (Kind& kind : supply.kinds) {
      if (kind.purchase && kind.purchase->cap) *kind.purchase->cap += 8;
      if (kind.purchase && kind.purchase->monthly) *kind.purchase->monthly += 3;
      if (kind.lease && kind.lease->cap) *kind.lease->cap += 8;
    }
    ++time.months;
    for (Work& work : time.works) ++work.by;
    if (budget.limits.budget) *budget.limits.budget *= 1.3;
    if (power.limits.kilowatts) *power.limits.kilowatts *= 1.3;
    CHECK(is_at_most(supply, before));
    CHECK(is_at_most(time, before));
    CHECK(is_at_most(budget, before));
    CHECK(is_at_most(power, before));
  }
}

TEST_CASE("is nothing bought that never works, whatever a vendor's share?") {
  for (int seed = 0; seed < problems; ++seed) {
    CAPTURE(seed);
    Problem p = random_problem(seed);
    p.limits.vendor_share = 0.6;
    for (Shares shares : {Shares::work, Shares::money}) {
      p.limits.shares = shares;
      const auto decision = solve(p);
      if (!decision) continue;
      for (int k = 0; k < 2; ++k) {
        double work = 0, least = 0;
        for (int month = 0; month < p.months; ++month)
          for (const Shift& shift : decision->shifts[month]) work += shift.share * p.columns[shift.column].devices[k];
        least = decision->bought(k) > 0 ? rounding : 0;
        CHECK(work >= least);
      }
      for (const Holding& one : decision->holdings) {  // in the month before it is sold there is work for it
        double work = 0;
        for (const Shift& shift : decision->shifts[one.sale - 1])
          work = std::max<double>(work, p.columns[shift.column].devices[one.kind]);
        CHECK(work > 0);
      }
    }
  }
}

TEST_CASE("does a late order never come early, nor cost less than one that is not known to be late?") {
  for (int seed = 0; seed < problems; ++seed) {
    CAPTURE(seed);
    Problem p = random_problem(seed);
    for (Kind& kind : p.kinds)
      if (kind.purchase) kind.purchase->monthly.reset();
    const auto planned = solve(p);
    if (!planned || planned->holdings.empty()) continue;
    Problem late = p;
    late.order = Order{{}, planned->rented, p.months};
    for (int k = 0; k < 2; ++k) {
      late.order->arrivals.emplace_back(p.months + 1, 0);
      for (int month = 0; month < p.months; ++month) late.order->arrivals[k][month + 1] = planned->arrived(k, month);
      if (late.kinds[k].purchase) ++late.kinds[k].purchase->lead;
      for (int month = 0; month < p.months; ++month)
        if (planned->arrived(k, month) > 0) late.order->seen = std::min(late.order->seen, month);
    }
    const auto then = solve(late);
    if (!then) continue;
    for (int k = 0; k < 2; ++k)
      for (int month = 0; month < late.order->seen + 1; ++month) CHECK(then->arrived(k, month) == 0);
    late.order.reset();
    const auto known = solve(late);
    REQUIRE(known);
    CHECK(then->cost >= known->cost - rounding * known->cost - rounding);
  }
}

}  // namespace chipmix::procurement
