// The partitioner: is its cut the best there is?
#include "planner/partition.hpp"

#include <catch2/catch.hpp>
#include <functional>
#include <random>

namespace chipmix::planner {
namespace {

/// A random question: a few kinds of stage, each with its own cost of every unit.
struct Instance {
  std::vector<UnitTable> tables;
  std::vector<StageSlot> stages;
};

Instance random_instance(std::mt19937& random, int kinds, int stages, int units, double scarcity) {
  const auto between = [&](double low, double high) { return std::uniform_real_distribution<>(low, high)(random); };
  Instance instance;
  for (int kind = 0; kind < kinds; ++kind) {
    UnitTable table{{0}, {0}, {0}, {}};
    const double speed = between(0.3, 3);
    for (int unit = 0; unit < units; ++unit) {
      table.time.push_back(table.time.back() + speed * between(0.5, 2));
      table.state.push_back(table.state.back() + between(1, 2));
      table.saved.push_back(table.saved.back() + between(0.1, 1));
      table.working.push_back(between(0, 1));
    }
    instance.tables.push_back(std::move(table));
  }
  for (int stage = 0; stage < stages; ++stage) {
    const auto& table = instance.tables[std::uniform_int_distribution<>(0, kinds - 1)(random)];
    const double all = table.state.back() + (stages - stage) * table.saved.back();
    instance.stages.push_back({&table, between(0, 0.5), 1.0 * (stages - stage), all * scarcity * between(0.3, 1)});
  }
  return instance;
}

/// Every way to cut, one by one.
void for_each_cut(int units, int stages, std::vector<int>& ends, const std::function<void()>& visit) {
  const int begin = ends.empty() ? 0 : ends.back();
  const int left = stages - static_cast<int>(ends.size());
  if (left == 1) {
    ends.push_back(units);
    visit();
    ends.pop_back();
    return;
  }
  for (int end = begin + 1; end <= units - left + 1; ++end) {
    ends.push_back(end);
    for_each_cut(units, stages, ends, visit);
    ends.pop_back();
  }
}

std::optional<double> brute_force(const Instance& instance, int units) {
  std::optional<double> best;
  std::vector<int> ends;
  for_each_cut(units, static_cast<int>(instance.stages.size()), ends, [&] {
    if (!fits(instance.stages, ends)) return;
    const double slowest = slowest_stage(instance.stages, ends);
    if (!best || slowest < *best) best = slowest;
  });
  return best;
}

}  // namespace

TEST_CASE("the cut found is the best of all cuts, on a thousand random questions") {
  std::mt19937 random(20250301);
  int solved = 0, refused = 0;
  for (int round = 0; round < 1000; ++round) {
    const int stages = std::uniform_int_distribution<>(1, 5)(random);
    const int units = std::uniform_int_distribution<>(stages, 11)(random);
    const Instance instance = random_instance(random, 3, stages, units, round % 3 == 0 ? 10 : 1.2);
    const auto found = partition(instance.stages);
    const auto best = brute_force(instance, units);
    REQUIRE(found.has_value() == best.has_value());
    if (!found) {
      ++refused;
      continue;
    }
    ++solved;
    CHECK(found->slowest == Approx(*best).epsilon(1e-12));
    CHECK(fits(instance.stages, found->ends));
    CHECK(found->ends.back() == units);
  }
  CHECK(solved > 400);
  CHECK(refused > 50);
}

TEST_CASE("an even split that fits is never faster") {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    const int stages = std::uniform_int_distribution<>(2, 16)(random);
    const int units = std::uniform_int_distribution<>(stages, 80)(random);
    const Instance instance = random_instance(random, 3, stages, units, 10);
    const Partition even = even_partition(instance.stages);
    const auto found = partition(instance.stages);
    if (!fits(instance.stages, even.ends)) continue;
    REQUIRE(found);
    CHECK(found->slowest <= even.slowest);
  }
}

TEST_CASE("a stage twice as fast gets twice the layers") {
  UnitTable slow{{0}, {0}, {0}, {}}, fast{{0}, {0}, {0}, {}};
  for (int unit = 0; unit < 12; ++unit) {
    slow.time.push_back(slow.time.back() + 2);
    fast.time.push_back(fast.time.back() + 1);
    for (UnitTable* table : {&slow, &fast}) {
      table->state.push_back(0);
      table->saved.push_back(0);
      table->working.push_back(0);
    }
  }
  const auto found = partition({{&slow, 0, 1, 1}, {&fast, 0, 1, 1}});
  REQUIRE(found);
  CHECK(found->ends == std::vector<int>{4, 12});
  CHECK(found->slowest == Approx(8));
}

TEST_CASE("more stages than units cannot be cut") {
  UnitTable table{{0, 1, 2}, {0, 0, 0}, {0, 0, 0}, {0, 0}};
  CHECK_FALSE(partition({{&table, 0, 1, 1}, {&table, 0, 1, 1}, {&table, 0, 1, 1}}));
}

}  // namespace chipmix::planner
