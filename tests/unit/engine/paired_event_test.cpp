// Schedules that run a forward and a backward pass together: the same in both engines, and what they hide.
#include <catch2/catch.hpp>

#include "../../support/machines.hpp"
#include "../../support/models.hpp"
#include "../../support/plans.hpp"
#include "engine/event/event_engine.hpp"

namespace chipmix::engine {
namespace {

struct Asked {
  std::string name;
  workload::TrainingJob job;
  hardware::Cluster cluster;
};

std::vector<Asked> jobs() {
  return {{"dense on H100", support::job(support::gpt(8), 2048, 32), support::h100s(32)},
          {"mixture on 910B", support::job(support::mixture(8), 2048, 32),
           support::cluster(support::machine("ascend-910b2", 16))}};
}

}  // namespace

TEST_CASE("are schedules that run two passes together the same played, where nothing is shared?") {
  // Sends that do not hide share no port: two passes that end together send to the same neighbour.
  const auto without_sends = [](hardware::Cluster cluster) {
    for (hardware::NodeGroup& group : cluster.groups) group.stack.pipeline_overlap.value = 0;
    return cluster;
  };
  int exposed = 0;
  for (const auto kind : {plan::ScheduleKind::dualpipe, plan::ScheduleKind::dualpipe_v})
    for (const Asked& asked : jobs()) {
      const hardware::Cluster cluster = without_sends(asked.cluster);
      const int ranks = cluster.groups.front().ranks();
      for (const int pipeline : {2, 4})
        for (const int expert : {1, 4})
          for (const plan::Zero zero : {plan::Zero::optimizer, plan::Zero::gradients}) {
            if (expert > 1 && !asked.job.model.moe) continue;
            plan::UniformPlan uniform;
            uniform.pipeline = pipeline;
            uniform.interleave = plan::chunks_of(kind);
            uniform.chosen_schedule = kind;
            uniform.zero = zero;
            uniform.degrees = {4, 1, expert, ranks / (4 * pipeline)};
            auto job = asked.job;
            job.global_batch = 4 * pipeline * uniform.degrees.data;
            REQUIRE(plan::faults(uniform, job, cluster.groups.front()).empty());
            const plan::Program program = support::lowered(uniform, job, cluster);
            EventEngine engine(cluster);
            const Times analytical = AnalyticalEngine(cluster).step_times(program);
            INFO(asked.name << ", " << plan::name(kind) << ", PP " << pipeline << ", EP " << expert);
            REQUIRE(engine.step_times(program).total() == Approx(analytical.total()).epsilon(1e-6));
            exposed += analytical[Spent::expert_communication] > 0;
          }
    }
  CHECK(exposed > 0);
}

TEST_CASE("does DualPipe hide exchanges of experts that 1F1B leaves exposed?") {
  const hardware::Cluster cluster = support::h100s(64);
  plan::UniformPlan uniform;
  uniform.degrees = {1, 1, 16, 32};
  uniform.pipeline = 2;
  plan::Program program = support::lowered(uniform, support::job(support::mixture(8), 2048, 256), cluster);
  AnalyticalEngine engine(cluster);
  const Times one = engine.step_times(program);
  program.schedule = plan::ScheduleKind::dualpipe;
  const Times two = engine.step_times(program);
  CHECK(two[Spent::expert_communication] < 0.7 * one[Spent::expert_communication]);
  CHECK(two.total() < one.total());
  CHECK(engine.lower_bound(program) <= two.total() * (1 + 1e-12));
}

}  // namespace chipmix::engine
