// Laying out plans: are layers, devices and batches spread as promised?
#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>

#include "plan/plan.hpp"

namespace chipmix::plan {

TEST_CASE("are all layers spread, no chunk more than one ahead of another?") {
  for (int layers = 1; layers <= 130; ++layers)
    for (int chunks = 1; chunks <= layers; ++chunks) {
      const auto counts = spread_layers(layers, chunks);
      REQUIRE(static_cast<int>(counts.size()) == chunks);
      REQUIRE(std::accumulate(counts.begin(), counts.end(), 0) == layers);
      const auto [least, most] = std::minmax_element(counts.begin(), counts.end());
      REQUIRE(*most - *least <= 1);
      if (chunks > 2 && *most > *least) REQUIRE((counts.front() == *least || layers % chunks == chunks - 1));
    }
}

TEST_CASE("do the first and the last chunk, which hold embedding and head, get the fewer layers?") {
  CHECK(spread_layers(126, 16) == std::vector<int>{7, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 7});
}

TEST_CASE("does a layout hold each layer once, in the order in which a micro-batch meets the chunks?") {
  for (int pipeline : {1, 2, 3, 4})
    for (int interleave : {1, 2, 3}) {
      const UniformPlan uniform{{2, 1, 1, 4}, pipeline, interleave, 2, Recompute::selective, Zero::gradients};
      const ParallelPlan plan = lay_out(uniform, 30, 64, 0, 2);
      int next = 0;
      for (int chunk = 0; chunk < interleave; ++chunk)
        for (const Stage& stage : plan.stages) {
          REQUIRE(stage.chunks.size() == static_cast<std::size_t>(interleave));
          CHECK(stage.chunks[chunk].first == next);
          next += stage.chunks[chunk].count;
        }
      CHECK(next == 30);
    }
}

TEST_CASE("does a layout keep the plan's settings, devices and batch?") {
  const UniformPlan uniform{{2, 2, 4, 4}, 3, 2, 2, Recompute::selective, Zero::gradients};
  const ParallelPlan plan = lay_out(uniform, 30, 96, 5, 2);
  CHECK(plan.pipeline() == 3);
  CHECK(plan.ranks() == 2 * 2 * 4 * 3);
  CHECK(plan.micro_batches * plan.micro_batch * uniform.degrees.data == 96);
  CHECK(plan.recompute == Recompute::selective);
  CHECK(plan.zero == Zero::gradients);
  CHECK(plan.schedule() == ScheduleKind::interleaved);
  for (const Stage& stage : plan.stages) {
    CHECK(stage.degrees == uniform.degrees);
    CHECK(stage.devices.node_group == 5);
    CHECK(stage.devices.devices == 8);  // 16 ranks in packages of two
    CHECK(stage.embedding == (&stage == &plan.stages.front()));
    CHECK(stage.head == (&stage == &plan.stages.back()));
  }
}

TEST_CASE("does a plan's text name what it uses and leave out what it does not?") {
  UniformPlan uniform{{8, 1, 8, 32}, 4, 2, 1, Recompute::selective, Zero::optimizer};
  CHECK(to_text(lay_out(uniform, 96, 1024, 0, 1)) == "TP8 PP4 DP32 EP8 mbs1 vpp2 ZeRO-1 recompute-selective");
  uniform = {{1, 2, 1, 4}, 1, 1, 3, Recompute::none, Zero::parameters};
  CHECK(to_text(lay_out(uniform, 96, 12, 0, 1)) == "TP1 PP1 DP4 CP2 mbs3 ZeRO-3");
}

TEST_CASE("do ranks add up over a stage and over its experts' replicas?") {
  const Degrees degrees{4, 2, 16, 8};
  CHECK(degrees.ranks() == 64);
  CHECK(degrees.expert_data() == 4);
}

}  // namespace chipmix::plan
