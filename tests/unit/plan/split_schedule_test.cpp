// Schedules with a split backward pass: orders, activations held, the weight part of a backward pass.
#include <catch2/catch.hpp>

#include "plan/schedule.hpp"
#include "tasks.hpp"

namespace chipmix::plan::test {
namespace {

int leading_forwards(const std::vector<Slot>& slots) {
  int count = 0;
  while (slots[count].direction == Direction::forward) ++count;
  return count;
}

double gradient_flops(const std::vector<Task>& tasks) {
  std::vector<Task> weights;
  for (const Task& task : tasks)
    if (const auto* compute = std::get_if<ComputeTask>(&task); compute && compute->makes_gradients)
      weights.push_back(task);
  return flops(weights, false);
}

}  // namespace

TEST_CASE("does ZB-H1 warm up like 1F1B, and ZB-H2 twice as long?") {
  for (int p : {2, 4, 7})
    for (int stage = 0; stage < p; ++stage) {
      CHECK(leading_forwards(schedule({p, 1, 40, ScheduleKind::zb_h1}, stage)) == p - stage);
      CHECK(leading_forwards(schedule({p, 1, 40, ScheduleKind::zb_h2}, stage)) == 2 * (p - stage) - 1);
      CHECK(schedule({p, 1, 3, ScheduleKind::zb_h2}, stage).size() == 6);
    }
}

TEST_CASE("are P, 2P - 1 and P + 1 activations held, but never more than there are micro-batches?") {
  for (int p : {2, 4, 8})
    for (int stage = 0; stage < p; ++stage) {
      CHECK(peak_in_flight({p, 1, 40, ScheduleKind::zb_h1}, stage) == p);
      CHECK(peak_in_flight({p, 1, 40, ScheduleKind::zb_h2}, stage) == 2 * p - 1);
      CHECK(peak_in_flight({p, 1, 40, ScheduleKind::dualpipe}, stage) == p + 1);
      for (ScheduleKind kind : {ScheduleKind::zb_h1, ScheduleKind::zb_h2, ScheduleKind::dualpipe})
        CHECK(peak_in_flight({p, 1, 2, kind}, stage) == 2);
    }
}

TEST_CASE("is DualPipe's bubble that of its README, and none for two stages?") {
  CHECK(dualpipe_bubble({8, 1, 20, ScheduleKind::dualpipe}, 1, 2, 1) == Approx(3 * (3 + 2 - 3)));
  CHECK(dualpipe_bubble({2, 1, 20, ScheduleKind::dualpipe}, 1, 2, 1) == 0);
  CHECK_THROWS_AS(schedule({8, 1, 20, ScheduleKind::dualpipe}, 0), std::logic_error);
}

TEST_CASE("are a layer's gradients of weights half of its backward products, with fused kernels or not?") {
  for (const auto& model : {support::dense(), support::gpt(), support::latent()})
    for (bool fused : {true, false}) {
      Sharding s = sharding(2);
      s.fused = fused;
      const BlockTasks layer = dense_layer(model, s);
      CHECK(gradient_flops(layer.backward) == Approx(flops(layer.backward, false) / 2));
      CHECK(gradient_flops(layer.forward) == 0);
    }
}

TEST_CASE("does a plan name the schedule it chose?") {
  ParallelPlan plan;
  CHECK(plan.schedule() == ScheduleKind::one_f_one_b);
  plan.chosen_schedule = ScheduleKind::zb_h2;
  CHECK(std::string(name(plan.schedule())) == "zb-h2");
}

TEST_CASE("does ZB-V run every pass once, and hold 2P chunks, the second ones at the end of the fold?") {
  for (int p : {1, 2, 4, 8})
    for (int stage = 0; stage < p; ++stage) {
      const PipelineShape shape{p, 2, 4 * p, ScheduleKind::zb_v};
      const auto order = schedule(shape, stage);
      CHECK(order.size() == 4u * 4 * p);
      CHECK(peak_in_flight(shape, stage) == 2 * p);
      const auto chunks = chunks_in_flight(shape, stage);
      CHECK(chunks[0] + chunks[1] == 2 * p);
      int held[2] = {0, 0}, most[2] = {0, 0};
      for (const Slot& slot : order) {
        held[slot.chunk] += slot.direction == Direction::forward ? 1 : -1;
        most[slot.chunk] = std::max(most[slot.chunk], held[slot.chunk]);
      }
      CHECK(most[0] <= chunks[0] + 1);  // when it starts the next forward pass, with one less of the second
      CHECK(most[1] <= chunks[1]);
    }
}

TEST_CASE("does ZB-V fold the pipeline, embedding and head on the first stage?") {
  UniformPlan uniform;
  uniform.pipeline = 4;
  uniform.interleave = 2;
  uniform.chosen_schedule = ScheduleKind::zb_v;
  const ParallelPlan plan = lay_out(uniform, 16, 16, 0, 1);
  CHECK(plan.stages.front().embedding);
  CHECK(plan.stages.front().head);
  CHECK_FALSE(plan.stages.back().head);
  CHECK(plan.stages[0].chunks[1].first == 14);
  CHECK(plan.stages[3].chunks[0].first == 6);
  CHECK(plan.stages[3].chunks[1].first == 8);
  CHECK(to_text(plan).find("vpp") == std::string::npos);
}

}  // namespace chipmix::plan::test
