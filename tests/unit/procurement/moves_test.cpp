// Jobs that move to other kinds, spot devices that are taken back, fleets that are sold, prices paid in parts: right
// numbers by hand.
#include <catch2/catch.hpp>

#include <cmath>

#include "procurement/problem.hpp"

namespace chipmix::procurement {
namespace {

Kind by_the_hour(const std::string& name, double price) {
  Kind kind;
  kind.name = kind.vendor = name;
  kind.lot = 8;
  kind.lease = Kind::Lease{price, 0, {}};
  return kind;
}

/// 8 slow devices train 1 a month for 8, 8 fast ones 2 for 24; 12 are to be trained in 8 months.
Problem slow_and_fast(double move) {
  Problem p;
  p.months = 8;
  p.move = move;
  p.kinds = {by_the_hour("slow", 1), by_the_hour("fast", 3)};
  p.columns = {{"slow", {8, 0}, {1}}, {"fast", {0, 8}, {2}}};
  p.works = {{"job", 12, 0, 8}};
  return p;
}

double working(const Decision& decision, int column) {
  double sum = 0;
  for (const auto& month : decision.shifts)
    for (const Shift& shift : month)
      if (shift.column == column) sum += shift.share;
  return sum;
}

/// Trains 1 a month on 8 devices that are taken back a fifth of the time.
Problem spot(double price_beside) {
  Problem p;
  p.months = 4;
  p.kinds = {by_the_hour("spot", 3), by_the_hour("on demand", price_beside)};
  p.columns = {{"spot", {8, 0}, {1}, {0.8, 1}}, {"on demand", {0, 8}, {1}}};
  p.works = {{"job", 2, 0, 4}};
  return p;
}

}  // namespace

TEST_CASE("does a job that moves lose the hours of a move on the new cluster, and move only where that pays?") {
  const auto free = solve(slow_and_fast(0));
  REQUIRE(free);
  CHECK(free->cost == Approx(8 * (4 * 1 + 4 * 3)));
  CHECK(free->moves.empty());
  // first the fast ones: the half month is one of the slow and cheap
  const auto half = solve(slow_and_fast(0.5));
  REQUIRE(half);
  CHECK(half->cost == Approx(8 * (4.5 * 3 + 3.5 * 1)));
  REQUIRE(half->moves.size() == 1);
  CHECK(half->moves[0].column == 0);
  CHECK(half->moves[0].month == 4);
  CHECK(half->moves[0].share == Approx(0.5));
  CHECK(half->moves[0].from == 2);
  CHECK(half->moves[0].to == 1);
  CHECK(working(*half, 0) == Approx(3));
  CHECK(working(*half, 1) == Approx(4.5));
  CHECK(finish(*half) == Approx(8));
  // a move lies within a month: 0.8 of the sixth, so that the slow ones work 0.2 and two months
  CHECK(solve(slow_and_fast(0.8))->cost == Approx(8 * (4.9 * 3 + 3.0 * 1)));
  const auto never = solve(slow_and_fast(0.98));
  REQUIRE(never);
  CHECK(never->cost <= 8 * 6 * 3 * (1 + 1e-9));
}

TEST_CASE("is it no move to use another size of the same kinds, or to pause?") {
  Problem p = slow_and_fast(0.5);
  p.kinds.pop_back();
  p.columns = {{"8", {8}, {1}}, {"16", {16}, {1.9}}};
  p.works = {{"job", 12, 0, 8}};
  const auto decision = solve(p);
  REQUIRE(decision);
  CHECK(decision->cost == Approx(8 * 1 * (8 + 4 / 0.9)));  // x + 1.9 y = 12, x + y = 8
  CHECK(decision->moves.empty());
}

TEST_CASE("does a job move alone while another stays beside it?") {
  Problem p = slow_and_fast(0.5);
  p.kinds.push_back(by_the_hour("third", 1));
  p.works.push_back({"stays", 8, 0, 8});
  p.columns = {{"slow", {8, 0, 0}, {1, 0}},
               {"fast", {0, 8, 0}, {2, 0}},
               {"third", {0, 0, 8}, {0, 1}},
               {"slow, third", {8, 0, 8}, {1, 1}, {}, {1, 4}},
               {"fast, third", {0, 8, 8}, {2, 1}, {}, {2, 4}}};
  for (int i = 0; i < 3; ++i) p.columns[i].sites = {p.columns[i].tokens[0] > 0 ? Site{1} << i : 0, i == 2 ? 4U : 0U};
  const auto decision = solve(p);
  REQUIRE(decision);
  CHECK(decision->cost == Approx(8 * (4.5 * 3 + 3.5 * 1) + 8 * 8));
  CHECK(decision->moves.size() == 1);
}

TEST_CASE("is the rent of spot devices paid for the time in which they are there?") {
  const auto decision = solve(spot(2.5));
  REQUIRE(decision);
  CHECK(decision->cost == Approx(2 * 8 * 3 * 0.8));  // on demand: 2 * 8 * 2.5
  CHECK(decision->spent() == Approx(2 * 8 * 3 * 0.8));
  CHECK(cost(spot(2.5), *decision) == Approx(2 * 8 * 3 * 0.8));
  double rented = 0;
  for (const double month : decision->rented[0]) rented += month;
  CHECK(rented == Approx(2 * 8 * 0.8));
  CHECK(solve(spot(2.3))->cost == Approx(2 * 8 * 2.3));
}

TEST_CASE("does a budget count what is paid for spot devices, and is the least cash that?") {
  Problem p = spot(4);
  p.limits.budget = 38.5;
  CHECK(solve(p));
  p.limits.budget = 38.3;
  CHECK_FALSE(solve(p));
  p.limits.budget.reset();
  p.aim = Aim::cash;
  CHECK(solve(p)->cost == Approx(2 * 8 * 3 * 0.8));
}

TEST_CASE("may what was planned of spot devices be rented before anything else is known?") {
  Problem p = spot(4);
  const auto planned = solve(p);
  REQUIRE(planned);
  p.order = Order{{std::vector<int>(4, 0), std::vector<int>(4, 0)}, planned->rented, 4};
  const auto again = solve(p);
  REQUIRE(again);
  CHECK(again->cost == Approx(planned->cost));
}

TEST_CASE("does a fleet that was sold work no more?") {
  Problem p;
  p.months = 2;
  Kind fleet;
  fleet.name = fleet.vendor = "fleet";
  fleet.lot = 8;
  fleet.purchase = Kind::Purchase{60, 0, 0, 0, {}, 60, 0};
  fleet.purchase->curve = Curve::straight;  // 1 a month
  fleet.fleet = Kind::Fleet{8, 0};
  p.kinds = {fleet, by_the_hour("rented", 2)};
  p.columns = {{"fleet", {8, 0}, {1}}, {"rented", {0, 8}, {1}}};
  p.works = {{"job", 2, 0, 2}};
  CHECK(solve(p)->cost == Approx(8 * 2 * 1));
  CHECK(solve(p)->kept(0, 1) == 8);
  p.order = Order{{{0, 0}, {0, 0}}, {{}, {}}, 0, {{0, 0}, {}}};
  CHECK(solve(p)->cost == Approx(8 * 2 * 2));
  p.order->fleet = {{8, 8}, {}};
  CHECK(solve(p)->cost == Approx(8 * 2 * 1));
  p.order->fleet = {{8, 0}, {}};
  CHECK(solve(p)->cost == Approx(8 * 2 * 1));  // known before it is sold
  p.order->seen = 2;
  CHECK_FALSE(solve(p));  // sold after a month, and nothing was to be rented
}

TEST_CASE("is a price that is paid in parts paid when they are due, and worth less the later?") {
  Kind kind;
  kind.name = kind.vendor = "a";
  kind.lot = 8;
  kind.purchase = Kind::Purchase{100, 0, 2, {}, {}, 60, 0};
  kind.purchase->curve = Curve::market;
  kind.purchase->payment = {{0.3, false, 0}, {0.7, true, 1}};
  Problem p;
  p.months = 6;
  p.monthly_discount = 0.01;
  p.kinds = {kind};
  p.columns = {{"a", {8}, {1}}};
  p.works = {{"job", 1, 3, 5}};
  const auto decision = solve(p);
  REQUIRE(decision);
  const int arrival = decision->holdings.front().arrival;
  CHECK(decision->cash[arrival - 2] == Approx(8 * 30));
  CHECK(decision->cash[arrival + 1] == Approx(8 * 70));
  CHECK(decision->cost == Approx(8 * (30 * std::pow(1.01, 2 - arrival) + 70 * std::pow(1.01, -arrival - 1))));
  CHECK(arrival == 4);  // as late as it can
}

}  // namespace chipmix::procurement
