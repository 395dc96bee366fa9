// Rent by contract, its steps of volume, and devices that are there already: cases worked out by hand.
#include <catch2/catch.hpp>

#include "procurement/summary.hpp"

namespace chipmix::procurement {
namespace {

/// 8 devices at 1 a month each do a token a month, 16 do two.
Problem rented(double tokens) {
  Problem p;
  p.months = 6;
  Kind kind;
  kind.name = kind.vendor = "a";
  kind.lot = 8;
  kind.lease = Kind::Lease{1, 0, {}, 0, {}};
  p.kinds = {kind};
  p.columns = {{"8", {8}, {1}}, {"16", {16}, {2}}};
  p.works = {{"job", tokens, 0, 6}};
  return p;
}

Problem owned(double tokens, int devices, int age) {
  Problem p = rented(tokens);
  p.kinds[0].lease.reset();
  p.kinds[0].purchase = Kind::Purchase{100, 0.25, 0, 0, {}, 60, 0};
  p.kinds[0].purchase->curve = Curve::straight;
  p.kinds[0].fleet = Kind::Fleet{devices, age};
  return p;
}

}  // namespace

TEST_CASE("is a contract paid by whole months, and for its whole term?") {
  Problem p = rented(2.5);
  CHECK(solve(p)->cost == Approx(20));  // by the hour
  p.kinds[0].lease->term = 1;
  CHECK(solve(p)->cost == Approx(24));
  p.kinds[0].lease->term = 4;
  CHECK(solve(p)->cost == Approx(32));
  CHECK(solve(p)->spent() == Approx(32));
  p.works[0].by = 3;  // and cannot end later than the work
  CHECK_FALSE(solve(p));
}

TEST_CASE("does a contract of more months never cost less, and one of none no more than by the hour?") {
  for (double tokens : {0.5, 1.0, 2.5, 4.0, 7.5}) {
    Problem p = rented(tokens);
    double before = solve(p)->cost;
    for (int term = 1; term <= 6; ++term) {
      p.kinds[0].lease->term = term;
      const auto decision = solve(p);
      REQUIRE(decision);
      CHECK(decision->cost >= before - 1e-9);
      before = decision->cost;
    }
  }
}

TEST_CASE("does a step of volume count for what is rented beyond it at a time?") {
  Problem p = rented(5);
  p.kinds[0].lease->term = 1;
  CHECK(solve(p)->cost == Approx(40));
  p.kinds[0].lease->volume = {{8, 0.5}};
  CHECK(solve(p)->cost == Approx(32));  // 16 for two months at 12, 8 for one
  CHECK(p.kinds[0].rent(16) == Approx(12));
  p.kinds[0].lease->volume = {{8, 0.5}, {12, 1.0}};
  CHECK(p.kinds[0].rent(16) == Approx(10));
  CHECK(solve(p)->cost == Approx(28));
  p.kinds[0].lease->volume = {{32, 0.9}};  // beyond what is of use
  CHECK(solve(p)->cost == Approx(40));
}

TEST_CASE("does a contract reach no further than its cap, beside what is owned?") {
  Problem p = owned(12, 8, 12);
  p.works[0].by = 6;
  p.kinds[0].lease = Kind::Lease{1, 0, 8, 3, {}};
  const auto decision = solve(p);
  REQUIRE(decision);
  for (int month = 0; month < 6; ++month) CHECK(decision->rented[0][month] == Approx(8));
  p.kinds[0].lease->cap = 0;
  CHECK_FALSE(solve(p));
}

TEST_CASE("does a fleet cost what it loses in worth and its upkeep, and is it sold when it is of no more use?") {
  Problem p = owned(2, 8, 12);
  const auto decision = solve(p);
  REQUIRE(decision);
  CHECK(decision->cost == Approx(8 * (2 * 100.0 / 60 + 2 * 0.25)));
  CHECK(decision->bought(0) == 0);
  CHECK(decision->owned(0, 0) == 8);
  CHECK(decision->sold(0, 1) == 8);
  CHECK(decision->spent() == Approx(8 * 2 * 0.25));
  CHECK(decision->proceeds[1] == Approx(8 * 100 * (1 - 14.0 / 60)));
}

TEST_CASE("is a fleet too small made larger, and one that nothing needs sold at once?") {
  Problem p = owned(8, 8, 12);
  CHECK_FALSE(solve(p));
  p.kinds[0].purchase->cap = 8;
  const auto decision = solve(p);
  REQUIRE(decision);
  CHECK(decision->bought(0) == 8);
  p.works[0].tokens = 1e-9;
  CHECK(solve(p)->cost < 1);
  Kind other = p.kinds[0];
  other.fleet.reset();
  other.purchase.reset();
  other.lease = Kind::Lease{0.01, 0, {}, 0, {}};
  p.kinds.push_back(other);
  p.columns = {{"a", {8, 0}, {1}}, {"b", {0, 8}, {1}}};
  p.works[0].tokens = 6;
  const auto cheaper = solve(p);
  REQUIRE(cheaper);
  CHECK(cheaper->cost == Approx(6 * 8 * 0.01));
  CHECK(cheaper->owned(0, 0) == 0);
}

TEST_CASE("is a fleet that is there sold in the sums, but not paid for, and does a job name its months?") {
  Problem p = owned(6, 8, 12);
  const auto kept = solve(p);
  REQUIRE(kept);
  CHECK(traded(p, *kept, 0).paid == 0);
  CHECK(traded(p, *kept, 0).sold == Approx(8 * p.kinds[0].worth(12 + 6)));
  const JobSpan span = job_span(p, *kept, 0);
  CHECK(span.first == 1);
  CHECK(span.last == 6);
  CHECK(span.clusters == std::vector<std::string>{"8"});
  p.kinds[0].fleet.reset();
  p.kinds[0].purchase->cap = 8;
  const auto bought = solve(p);
  REQUIRE(bought);
  CHECK(traded(p, *bought, 0).paid == Approx(bought->bought(0) * 100));
  const Problem by_hour = rented(6);
  CHECK(rent_paid(by_hour, *solve(by_hour), 0) == Approx(48));
}

}  // namespace chipmix::procurement
