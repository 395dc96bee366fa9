// Pipelines over several islands: does the search find what trying everything finds?
#include "planner/mix/lane_search.hpp"

#include <catch2/catch.hpp>

#include "../../support/islands.hpp"
#include "../../support/models.hpp"
#include "planner/mix/lane_player.hpp"
#include "planner/mix/lane_space.hpp"

namespace chipmix::planner {
namespace {

constexpr double unbounded = std::numeric_limits<double>::infinity();

workload::TrainingJob job_of(const workload::ModelSpec& model, int sequence, int batch) {
  workload::TrainingJob job;
  job.model = model;
  job.sequence_length = sequence;
  job.global_batch = batch;
  job.tokens = 1e9;
  return job;
}

struct Case {
  std::string name;
  workload::TrainingJob job;
  hardware::Cluster cluster;
  std::vector<int> islands;
};

hardware::Cluster with_memory(hardware::Cluster cluster, double gibibytes) {
  for (auto& group : cluster.groups) group.device.memory.value = Bytes{gibibytes * bytes_per_gib};
  return cluster;
}

std::vector<Case> cases() {
  const auto two = support::islands({{"h800-sxm5-80gb", 8}, {"ascend-910b2", 8}});
  const auto three = support::islands({{"h800-sxm5-80gb", 4}, {"mi300x", 4}, {"ascend-910b2", 4}});
  return {{"dense, two vendors", job_of(support::dense(6), 2048, 16), two, {0, 1}},
          {"dense, two vendors, little memory", job_of(support::dense(12), 4096, 16), with_memory(two, 6), {0, 1}},
          {"mixture, two vendors", job_of(support::mixture(8), 2048, 16), two, {0, 1}},
          {"mixture, three vendors", job_of(support::mixture(8), 2048, 8), three, {0, 1, 2}},
          {"one island", job_of(support::dense(8), 2048, 16), two, {1}}};
}

SearchSpace small_space() {
  SearchSpace space;
  space.micro_batch = {1, 2};
  space.interleave = {1, 2};
  return fill_lane_defaults(space);
}

/// All shapes of a case, with their bounds.
struct Shapes {
  Shapes(const Case& c, const SearchSpace& space_)
      : space(space_),
        islands(c.islands),
        context{c.cluster, c.job.model.layers, space.headroom, 0},
        lanes(c.job, context, islands, space, waiting(c)) {
    lanes.set_batch(c.job.global_batch);
    bool has_more = false;
    all = lanes.next(unbounded, has_more);
  }
  static double waiting(const Case& c) {
    int ranks = 0;
    double waiting = 0;
    for (int island : c.islands) ranks += c.cluster.groups[island].ranks();
    for (int island : c.islands)
      waiting = std::max(waiting, engine::slowest_of(ranks, c.cluster.groups[island].stack.jitter.value));
    return waiting;
  }

  SearchSpace space;
  std::vector<int> islands;
  LaneContext context;
  LaneSpace lanes;
  std::vector<Candidate> all;
};

LaneResult search(const Case& c, int jobs = 1, int keep = 1, Stop stop = {}) {
  SearchLimits effort;
  effort.jobs = jobs;
  effort.keep = keep;
  effort.stop = std::move(stop);
  return LaneSearch(c.job, c.cluster, c.islands, small_space(), 0, 0).search(c.job.global_batch, effort);
}

}  // namespace

TEST_CASE("the plan found is the best of all shapes, each laid out and played; none is faster than its bound") {
  for (const Case& c : cases()) {
    INFO(c.name);
    const Shapes shapes(c, small_space());
    REQUIRE(shapes.all.size() > 20);
    LanePlayer player(c.job, shapes.context, 0, Shapes::waiting(c));
    double best = unbounded, polished = unbounded;
    for (std::size_t i = 0; i < shapes.all.size(); ++i) {
      const Candidate& candidate = shapes.all[i];
      Played played = player.play(candidate.shape, unbounded);
      if (!played.plan) continue;
      REQUIRE(played.step_time >= candidate.bound * (1 - 1e-9));
      best = std::min(best, played.step_time);
      if (i % 4 > 0 && played.step_time > 1.2 * best) continue;  // polishing takes most of the time: what is near the
      player.polish(played);                                     // best, and a fourth of the others
      polished = std::min(polished, played.step_time);
      REQUIRE(played.step_time >= candidate.bound * (1 - 1e-9));
    }
    const LaneResult found = search(c);
    REQUIRE(found.best.size() == 1);
    CHECK(found.best.front().step_time <= best);
    CHECK(found.best.front().step_time >= polished);
    CHECK(found.complete);
    CHECK(found.evaluated <= static_cast<long long>(shapes.all.size()));
  }
}

TEST_CASE("no plan takes more sequences a second than the best rate says") {
  for (const Case& c : cases()) {
    INFO(c.name);
    LaneSearch lanes(c.job, c.cluster, c.islands, small_space(), 0, 0);
    for (int batch : {c.job.global_batch, 4 * c.job.global_batch}) {
      const LaneResult found = lanes.search(batch, {});
      REQUIRE(!found.best.empty());
      CHECK(batch / found.best.front().step_time <= lanes.best_rate());
    }
  }
}

TEST_CASE("the answer does not depend on the number of threads") {
  for (const Case& c : cases()) {
    INFO(c.name);
    const LaneResult one = search(c, 1, 5);
    for (int jobs : {2, 3}) {
      const LaneResult many = search(c, jobs, 5);
      REQUIRE(many.best.size() == one.best.size());
      CHECK(many.evaluated == one.evaluated);
      CHECK(many.considered == one.considered);
      for (std::size_t i = 0; i < one.best.size(); ++i) {
        CHECK(many.best[i].step_time == one.best[i].step_time);
        CHECK(plan::to_text(plan::JobPlan{{many.best[i].plan}}, c.cluster) ==
              plan::to_text(plan::JobPlan{{one.best[i].plan}}, c.cluster));
      }
    }
  }
}

TEST_CASE("a search that is stopped says how much better a plan could be") {
  for (const Case& c : cases()) {
    INFO(c.name);
    const double best = search(c).best.front().step_time;
    for (int rounds : {0, 1, 2}) {
      int asked = 0;
      const LaneResult stopped = search(c, 1, 1, [&] { return asked++ >= rounds; });
      CHECK(stopped.bound <= best * (1 + 1e-9));
      if (!stopped.complete && !stopped.best.empty()) CHECK(stopped.best.front().step_time >= best * (1 - 1e-9));
    }
  }
}

TEST_CASE("a mix's layers go with its devices' speed") {
  const Case c{"",
               job_of(support::dense(24), 4096, 64),
               support::islands({{"h100-sxm5-80gb", 8}, {"a100-sxm4-80gb", 8}}),
               {0, 1}};
  const LaneResult found = search(c);
  REQUIRE(!found.best.empty());
  double fast = 0, slow = 0;
  for (const plan::Stage& stage : found.best.front().plan.stages)
    (stage.devices.node_group == 0 ? fast : slow) += stage.layers();
  CHECK(fast > 1.3 * slow);
  CHECK(fast + slow == 24);
}

TEST_CASE("islands without a link between them have no pipeline") {
  auto cluster = support::islands({{"h800-sxm5-80gb", 8}, {"ascend-910b2", 8}});
  cluster.links.clear();
  LaneSearch lanes(job_of(support::dense(8), 2048, 16), cluster, {0, 1}, {}, 0, 0);
  CHECK_FALSE(lanes.has_order());
  CHECK(lanes.search(16, {}).best.empty());
}

TEST_CASE("what does not fit anywhere is refused with the shortfall, at once") {
  const Case c{"",
               job_of(support::dense(12), 4096, 16),
               with_memory(support::islands({{"h800-sxm5-80gb", 8}, {"ascend-910b2", 8}}), 2.5),
               {0, 1}};
  const LaneResult found = search(c);
  CHECK(found.best.empty());
  CHECK(found.complete);
}

}  // namespace chipmix::planner
