// What a search saves: equal stages costed once, one shape costed for all of its settings. Does it change an answer?
#include <catch2/catch.hpp>
#include <memory>

#include "../../support/machines.hpp"
#include "../../support/models.hpp"
#include "../../support/plans.hpp"
#include "engine/analytical/analytical.hpp"
#include "laws/memory.hpp"

namespace chipmix::engine {
namespace {

/// The same program, but no stage shares a block with another: none can be seen to be equal.
plan::Program without_sharing(plan::Program program) {
  for (plan::StageProgram& stage : program.stages)
    for (plan::ChunkProgram& chunk : stage.chunks)
      for (plan::BlockRun& run : chunk) run.block = std::make_shared<const plan::BlockTasks>(*run.block);
  return program;
}

/// Calls visit(program) for each legal shape of a small job, with and without experts.
template <class Visit>
void for_each_shape(const hardware::Cluster& cluster, Visit visit) {
  support::Grid grid;
  grid.micro_batch = {1, 2};
  for (const auto& model : {support::dense(20), support::mixture(20)}) {
    const auto job = support::job(model);
    for (const plan::UniformPlan& plan : support::legal_plans(grid, job, cluster.groups.front()))
      if (plan.recompute == plan::Recompute::none && plan.zero == plan::Zero::none)
        visit(support::lowered(plan, job, cluster));
  }
}

}  // namespace

TEST_CASE("is a step the same when every stage is costed on its own?") {
  const auto cluster = support::h100s(16);
  AnalyticalEngine engine(cluster);
  int shared = 0;
  for_each_shape(cluster, [&](plan::Program program) {
    const ProgramWork work = engine.work(program);
    shared += work.kinds.size() < program.stages.size();
    for (plan::Recompute recompute : plan::all_recomputes)
      for (plan::Zero zero : plan::all_zeros) {
        program.recompute = recompute;
        program.zero = zero;
        const plan::Program apart = without_sharing(program);
        AnalyticalEngine fresh(cluster);
        REQUIRE(fresh.work(apart).kinds.size() == apart.stages.size());
        REQUIRE(engine.step_times(work, {recompute, zero}).seconds == fresh.step_times(apart).seconds);
        REQUIRE(lower_bound(work, {recompute, zero}) == Approx(fresh.lower_bound(apart)).epsilon(1e-12));
      }
  });
  REQUIRE(shared > 10);
}

TEST_CASE("does the first of equal neighbouring stages need the most memory?") {
  const auto cluster = support::h100s(16);
  AnalyticalEngine engine(cluster);
  for_each_shape(cluster, [&](const plan::Program& program) {
    const auto peak = [&](int stage) { return laws::stage_peak(program, stage, cluster.groups.front()); };
    int first = 0;
    const std::vector<int> firsts = engine.work(program).first_stage;
    for (int stage = 0; stage < static_cast<int>(program.stages.size()); ++stage) {
      if (std::find(firsts.begin(), firsts.end(), stage) != firsts.end()) first = stage;
      REQUIRE(peak(stage) <= peak(first));
    }
  });
}

TEST_CASE("are the first and the last stage, which hold more than layers, costed apart?") {
  const auto cluster = support::h100s(16);
  const auto job = support::job(support::dense(8));
  const plan::UniformPlan four{{1, 1, 1, 4}, 4, 1, 1, plan::Recompute::none, plan::Zero::none};
  const ProgramWork work = AnalyticalEngine(cluster).work(support::lowered(four, job, cluster));
  REQUIRE(work.first_stage == std::vector<int>{0, 1, 3});
}

}  // namespace chipmix::engine
