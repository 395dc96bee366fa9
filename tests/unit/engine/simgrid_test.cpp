// The referee: does SimGrid, another solver and another loop of events, end every task when ours does?
#include <catch2/catch.hpp>

#include <random>

#include "../../support/events.hpp"
#include "../../support/machines.hpp"
#include "../../support/models.hpp"
#include "../../support/plans.hpp"
#include "engine/event/event_engine.hpp"
#include "engine/event/event_player.hpp"
#include "engine/simgrid/simgrid_player.hpp"

namespace chipmix::engine {
namespace {

/// The largest difference of a start or an end, as a share of the whole.
double disagreement(const TaskList& list) {
  const auto ours = play_events(list), theirs = play_simgrid(list);
  REQUIRE(ours.size() == theirs.size());
  double most = 0, end = 0;
  for (std::size_t task = 0; task < ours.size(); ++task) {
    most =
        std::max({most, std::abs(ours[task].start - theirs[task].start), std::abs(ours[task].end - theirs[task].end)});
    end = std::max(end, ours[task].end);
  }
  return most / end;
}

}  // namespace

TEST_CASE("does the referee agree on random tasks?") {
  std::mt19937 random(11);
  for (int round = 0; round < 60; ++round) CHECK(disagreement(support::random_list(random, 20 + 5 * round)) < 1e-9);
}

TEST_CASE("does the referee agree where links weaken, go down and come back?") {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> share(0, 1);
  for (int round = 0; round < 20; ++round) {
    TaskList list = support::random_list(random, 60);
    for (int link = 0; link < 3; ++link) {
      const double from = 5 * share(random);
      list.change(link, from, 0.2 + share(random));
      list.change(link, from + 1 + share(random), 0.5 + share(random));
    }
    CHECK(disagreement(list) < 1e-9);
  }
}

TEST_CASE("does the referee agree on a training step whose transfers meet, and on its exact length?") {
  CHECK(disagreement(support::training_step(4, 3, 8)) < 1e-9);
  double end = 0;
  for (const Span& span : play_simgrid(support::training_step(16, 2, 128))) end = std::max(end, span.end);
  CHECK(end == Approx(0.553300).epsilon(1e-5));  // two replicas: fifteen reductions wait 0.3355 ms for a gradient
}

TEST_CASE("does the referee agree on steps whose exchanges of experts meet sends, reductions and switches?") {
  const auto job = support::job(support::mixture(8), 2048, 256);
  const auto cluster = support::h100s(64);
  std::mt19937 random(23);
  for (int round = 0; round < 12; ++round) {
    plan::UniformPlan uniform;
    uniform.pipeline = 1 << (random() % 3);
    uniform.degrees = {1, 1, 16, 64 / uniform.pipeline};
    uniform.micro_batch = 1 << (random() % 2);
    Disturbance disturbance{.slow = {{0, 1, 1.0 + (random() % 4) / 10.0}}};
    if (round % 2 == 1)
      disturbance.fabric = Fabric{.fat_tree = FatTree{1 + static_cast<int>(random() % 3), 1.0 + random() % 4}};
    const plan::Program program = support::lowered(uniform, job, cluster);
    CHECK(disagreement(EventEngine(cluster, disturbance).play(program).list.tasks) < 1e-9);
  }
}

TEST_CASE("does the referee say what is wrong with tasks, instead of taking us with it?") {
  TaskList circle;
  const int a = circle.compute(1), b = circle.compute(1);
  circle.after(a, b);
  circle.after(b, a);
  CHECK_THROWS_WITH(play_simgrid(circle), Catch::Contains("wait for one another"));
}

}  // namespace chipmix::engine
