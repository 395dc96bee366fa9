// Ways to use a mix: who takes how much of the batch, and is it the best share?
#include "planner/mix/ways.hpp"

#include <catch2/catch.hpp>

#include "../../support/islands.hpp"
#include "../../support/models.hpp"

namespace chipmix::planner {
namespace {

workload::TrainingJob job_of(const workload::ModelSpec& model, int batch) {
  workload::TrainingJob job;
  job.model = model;
  job.sequence_length = 2048;
  job.global_batch = batch;
  job.tokens = 1e9;
  return job;
}

const hardware::Cluster h100_a100 = support::islands({{"h100-sxm5-80gb", 16}, {"a100-sxm4-80gb", 16}});

}  // namespace

TEST_CASE("every joint way takes the whole batch and only its own islands' ranks") {
  const auto job = job_of(support::mixture(8), 96);
  MixPlanner planner(job, h100_a100, {}, 16);
  for (Way way : {Way::pipeline, Way::data, Way::both, Way::islands}) {
    INFO(name(way));
    const WayResult found = planner.plan(way, {});
    if (way == Way::both && !found.plan) continue;  // 16 devices are two servers: no quarter is a whole one
    REQUIRE(found.plan);
    CHECK(plan::faults(*found.plan, job, h100_a100).empty());
    CHECK(found.bound == found.step_time);
    CHECK(found.plan->is_local() == (way == Way::islands));
  }
}

TEST_CASE("the slower island takes the smaller share") {
  const WayResult found = MixPlanner(job_of(support::dense(8), 96), h100_a100, {}, 16).plan(Way::data, {});
  REQUIRE(found.plan);
  CHECK(10 * plan::sequences(found.plan->lanes[0]) > 13 * plan::sequences(found.plan->lanes[1]));
}

TEST_CASE("no other share of the batch is faster") {
  const auto job = job_of(support::dense(6), 48);
  const hardware::Cluster cluster = support::islands({{"h100-sxm5-80gb", 8}, {"a100-sxm4-80gb", 8}});
  const WayResult found = MixPlanner(job, cluster, {}, 16).plan(Way::data, {});
  REQUIRE(found.plan);
  plan::Lowering lowering(job);
  engine::AnalyticalEngine engine(cluster);
  LaneSearch first(job, cluster, {0}, {}, 8, 0), second(job, cluster, {1}, {}, 8, 0);
  double best = std::numeric_limits<double>::infinity();
  const int quantum = share_quantum(job.global_batch);
  for (int share = quantum; share < job.global_batch; share += quantum) {
    const auto one = first.search(share, {}), other = second.search(job.global_batch - share, {});
    if (one.best.empty() || other.best.empty()) continue;
    const plan::JobPlan plan{{one.best.front().plan, other.best.front().plan}};
    best = std::min(best, engine.step_times(plan::lower(lowering, plan, cluster)).total());
  }
  CHECK(found.step_time == Approx(best).epsilon(1e-12));
}

TEST_CASE("islands that meet more seldom are never slower") {
  double before = std::numeric_limits<double>::infinity();
  for (int interval : {2, 16, 128}) {
    const WayResult found = MixPlanner(job_of(support::dense(8), 96), h100_a100, {}, interval).plan(Way::islands, {});
    REQUIRE(found.plan);
    CHECK(found.step_time <= before);
    before = found.step_time;
  }
}

TEST_CASE("islands without a link are refused in every way that needs one") {
  hardware::Cluster apart = h100_a100;
  apart.links.clear();
  MixPlanner planner(job_of(support::dense(8), 96), apart, {}, 16);
  for (Way way : {Way::pipeline, Way::data, Way::both, Way::islands}) {
    const WayResult found = planner.plan(way, {});
    CHECK_FALSE(found.plan);
    CHECK_FALSE(found.reason.empty());
  }
  CHECK(planner.alone(0, {}).plan);
}

TEST_CASE("a batch is shared in steps that leave shares enough and divide well") {
  CHECK(share_quantum(15360) == 512);
  CHECK(share_quantum(8960) == 256);
  CHECK(share_quantum(2048) == 64);
  CHECK(share_quantum(96) == 4);
  CHECK(share_quantum(7) == 1);
}

}  // namespace chipmix::planner
