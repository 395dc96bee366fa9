// Objectives: what is best, what keeps to the constraints, what no other offer beats.
#include "planner/objective.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "planner/losses.hpp"

namespace chipmix::planner {
namespace {

std::vector<JobCost> random_outlays(int count, unsigned seed) {
  std::mt19937 random(seed);
  const auto amount = [&] { return 1 + static_cast<double>(random() % 10); };  // with ties
  std::vector<JobCost> list;
  for (int i = 0; i < count; ++i) list.push_back({amount(), amount(), amount()});
  return list;
}

bool beats(const JobCost& a, const JobCost& b) {
  return a.seconds <= b.seconds && a.money <= b.money && (a.seconds < b.seconds || a.money < b.money);
}

}  // namespace

TEST_CASE("is an cost its rates times its time?") {
  const JobCost all = job_cost({2, 3, 5}, 10);
  CHECK(all.seconds == 20);
  CHECK(all.money == 60);
  CHECK(all.joules == 100);
}

TEST_CASE("may a slower offer be cheaper, and another draw less?") {
  const std::vector<JobCost> list = {{10, 300, 7}, {20, 100, 8}, {15, 200, 1}, {15, 250, 1}};
  CHECK(ranked(list, {Objective::time, {}, {}}) == std::vector{0, 2, 3, 1});
  CHECK(ranked(list, {Objective::cost, {}, {}}) == std::vector{1, 2, 3, 0});
  CHECK(ranked(list, {Objective::energy, {}, {}}) == std::vector{2, 3, 0, 1});
  CHECK(ranked(list, {Objective::time, {}, 220.0}) == std::vector{2, 1});
  CHECK(ranked(list, {Objective::cost, 16.0, {}}) == std::vector{2, 3, 0});
  CHECK(ranked(list, {Objective::cost, 12.0, 250.0}).empty());
  CHECK(pareto_front(list) == std::vector{0, 2, 1});
}

TEST_CASE("is the shortfall that of the offer that misses least?") {
  const std::vector<JobCost> list = {{10, 300, 0}, {20, 100, 0}, {14, 210, 0}};
  const auto short_of = shortfall(list, {Objective::time, 12.0, 200.0});
  REQUIRE(short_of);
  CHECK(short_of->nearest == 2);
  CHECK(short_of->seconds == 2);
  CHECK(short_of->money == 10);
  CHECK_FALSE(shortfall(list, {Objective::time, 20.0, 100.0}));
  CHECK_FALSE(shortfall({}, {Objective::time, 1.0, {}}));
}

TEST_CASE("does the front hold all that nothing beats, and only that?") {
  for (unsigned seed = 0; seed < 200; ++seed) {
    const auto list = random_outlays(12, seed);
    const std::vector<int> front = pareto_front(list);
    for (int i = 0; i < static_cast<int>(list.size()); ++i) {
      const bool is_beaten = std::any_of(list.begin(), list.end(), [&](const JobCost& o) { return beats(o, list[i]); });
      CHECK(is_beaten == (std::find(front.begin(), front.end(), i) == front.end()));
    }
    for (std::size_t i = 1; i < front.size(); ++i) CHECK(list[front[i - 1]].seconds <= list[front[i]].seconds);
  }
}

TEST_CASE("do losses come largest first and add up to the slowdown?") {
  engine::Times best, other;
  best[engine::Spent::experts] = 8, best[engine::Spent::host] = 2;
  other[engine::Spent::experts] = 7, other[engine::Spent::host] = 2, other[engine::Spent::pipeline_bubble] = 3;
  const std::vector<Loss> list = losses(other, best);
  REQUIRE(list.size() == 2);
  CHECK(list[0].account == engine::Spent::pipeline_bubble);
  CHECK(list[0].share == Approx(0.3));
  CHECK(list[1].account == engine::Spent::experts);
  CHECK(list[1].share == Approx(-0.1));
}

}  // namespace chipmix::planner
