// Schedules with a split backward pass: orders, activations held, the weight part of a backward pass.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

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

TEST_CASE("does every rank of DualPipe run each pass of its two stages once, half of the micro-batches through each?") {
  for (int p : {2, 4, 8})
    for (int m : {2 * p, 2 * p + 2, 5 * p})
      for (int stage = 0; stage < p; ++stage) {
        const PipelineShape shape{p, 1, m, ScheduleKind::dualpipe};
        std::map<std::pair<int, int>, int> forwards, backwards, weights;  // by place and micro-batch
        for (const Slot& slot : schedule(shape, stage)) {
          const std::pair at{place_of(shape, stage, slot), slot.micro_batch};
          REQUIRE(at.first == (slot.micro_batch < m / 2 ? stage : p - 1 - stage));
          REQUIRE(stage_at(shape, at.first, slot.micro_batch).stage == stage);
          REQUIRE(stage_at(shape, at.first, slot.micro_batch).chunk == slot.chunk);
          if (slot.direction == Direction::forward) ++forwards[at];
          if (slot.direction == Direction::backward && slot.part != Part::weights) ++backwards[at];
          if (slot.direction == Direction::backward && slot.part != Part::inputs) ++weights[at];
        }
        for (const auto& seen : {forwards, backwards, weights}) {
          CHECK(seen.size() == static_cast<std::size_t>(m));
          for (const auto& [at, times] : seen) CHECK(times == 1);
        }
      }
}

TEST_CASE("does DualPipe pair a forward pass with a backward pass of the other chunk, but for the turn's first?") {
  for (int stage = 0; stage < 8; ++stage) {
    const int rank = std::min(stage, 7 - stage);
    int pairs = 0;
    const auto order = schedule({8, 1, 20, ScheduleKind::dualpipe}, stage);
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (!order[i].with_next) continue;
      ++pairs;
      CHECK(order[i].direction == Direction::forward);
      CHECK(order[i + 1].direction == Direction::backward);
      CHECK(order[i].chunk != order[i + 1].chunk);
    }
    CHECK(pairs == 2 * (10 - 8 + rank + 1) - (rank == 3) + 4 - 1 - rank);
  }
}

TEST_CASE("is each schedule that code names the row of its name, and each row whole?") {
  const std::pair<ScheduleKind, const char*> named[] = {
      {ScheduleKind::one_f_one_b, "1f1b"},  {ScheduleKind::interleaved, "interleaved"},
      {ScheduleKind::gpipe, "gpipe"},       {ScheduleKind::zb_h1, "zb-h1"},
      {ScheduleKind::zb_h2, "zb-h2"},       {ScheduleKind::zb_v, "zb-v"},
      {ScheduleKind::dualpipe, "dualpipe"}, {ScheduleKind::dualpipe_v, "dualpipe-v"}};
  CHECK(schedules().size() == std::size(named));
  for (const auto& [kind, text] : named) CHECK(std::string(name(kind)) == text);
  for (std::size_t i = 0; i < schedules().size(); ++i) {
    const ScheduleTraits& row = schedules()[i];
    const auto kind = static_cast<ScheduleKind>(i);
    const PipelineShape shape{4, row.chunks == 0 ? 3 : row.chunks, 16, kind};
    INFO(row.name);
    for (int stage = 0; stage < 4; ++stage) {
      int whole = 0, split = 0;
      for (const Slot& slot : schedule(shape, stage)) {
        if (slot.direction == Direction::forward) continue;
        whole += slot.part == Part::whole;
        split += slot.part == Part::inputs;
      }
      CHECK(whole + split == (row.lie == Lie::mirrored ? 16 : 16 * shape.interleave));
      CHECK((split > 0) == is_written(kind));
      CHECK(peak_in_flight(shape, stage) >= 1);
      CHECK(chunks_in_flight(shape, stage).size() == static_cast<std::size_t>(shape.interleave));
    }
    unmet_needs(kind, 4, 16, [&](const char* rule, long long, long long) { FAIL(rule); });
  }
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
