// Pipeline schedules: is every pass run once, in an order that can run, holding as many activations as the formula
// says?
#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <tuple>

#include "plan/schedules/orders.hpp"

namespace chipmix::plan {
namespace {

/// Shapes with up to 6 stages, 4 chunks and 24 micro-batches; interleaved ones in whole groups of the stages.
std::vector<PipelineShape> shapes() {
  std::vector<PipelineShape> list;
  for (int stages = 1; stages <= 6; ++stages)
    for (int micro_batches = 1; micro_batches <= 24; ++micro_batches) {
      list.push_back({stages, 1, micro_batches});
      for (int interleave = 2; interleave <= 4; ++interleave)
        if (stages > 1 && micro_batches % stages == 0) list.push_back({stages, interleave, micro_batches});
    }
  return list;
}

using Pass = std::tuple<Direction, int, int>;  // direction, virtual stage, micro-batch

Pass pass_of(const PipelineShape& shape, int stage, const Slot& slot) {
  return {slot.direction, slot.chunk * shape.stages + stage, slot.micro_batch};
}

/// Whether the pass that `pass` waits for is among those done.
bool is_ready(const PipelineShape& shape, const Pass& pass, const std::set<Pass>& done) {
  const auto [direction, v, micro_batch] = pass;
  const int last = shape.stages * shape.interleave - 1;
  if (direction == Direction::forward) return v == 0 || done.count({Direction::forward, v - 1, micro_batch});
  return v == last ? done.count({Direction::forward, v, micro_batch})
                   : done.count({Direction::backward, v + 1, micro_batch}) > 0;
}

/// Runs all stages in their own order, each pass as soon as its input is there; returns the passes that ran.
std::set<Pass> run_all(const PipelineShape& shape) {
  std::set<Pass> done;
  std::vector<std::vector<Slot>> orders;
  for (int stage = 0; stage < shape.stages; ++stage) orders.push_back(schedule(shape, stage));
  std::vector<std::size_t> next(shape.stages, 0);
  for (bool moved = true; moved;) {
    moved = false;
    for (int stage = 0; stage < shape.stages; ++stage)
      while (next[stage] < orders[stage].size()) {
        const Pass pass = pass_of(shape, stage, orders[stage][next[stage]]);
        if (!is_ready(shape, pass, done)) break;
        done.insert(pass);
        ++next[stage];
        moved = true;
      }
  }
  return done;
}

}  // namespace

TEST_CASE("does a stage run every pass of every chunk exactly once?") {
  for (const PipelineShape& shape : shapes())
    for (int stage = 0; stage < shape.stages; ++stage) {
      const auto slots = schedule(shape, stage);
      std::set<Pass> seen;
      for (const Slot& slot : slots) {
        REQUIRE((slot.chunk >= 0 && slot.chunk < shape.interleave));
        REQUIRE((slot.micro_batch >= 0 && slot.micro_batch < shape.micro_batches));
        seen.insert(pass_of(shape, stage, slot));
      }
      REQUIRE(slots.size() == 2u * shape.interleave * shape.micro_batches);
      REQUIRE(seen.size() == slots.size());
    }
}

TEST_CASE("do the stages' orders run to the end without waiting for one another forever?") {
  for (const PipelineShape& shape : shapes()) {
    INFO(shape.stages << " stages, " << shape.interleave << " chunks, " << shape.micro_batches << " micro-batches");
    REQUIRE(run_all(shape).size() == 2u * shape.stages * shape.interleave * shape.micro_batches);
  }
}

TEST_CASE("do micro-batches pass a chunk in their own order?") {
  for (const PipelineShape& shape : shapes())
    for (int stage = 0; stage < shape.stages; ++stage) {
      std::map<std::pair<Direction, int>, int> expected;
      for (const Slot& slot : schedule(shape, stage))
        REQUIRE(slot.micro_batch == expected[{slot.direction, slot.chunk}]++);
    }
}

TEST_CASE("is the closed form of the activations held what the schedule holds?") {
  for (const PipelineShape& shape : shapes())
    for (int stage = 0; stage < shape.stages; ++stage) {
      INFO(shape.stages << " stages, " << shape.interleave << " chunks, " << shape.micro_batches << " micro-batches");
      REQUIRE(peak_in_flight(shape, stage) == peak_in_flight(schedule(shape, stage)));
    }
}

TEST_CASE("does 1F1B alternate between its warm-up and its drain?") {
  const auto slots = one_f_one_b({4, 1, 8}, 1);
  const auto forward = [&](int i) { return slots[i].direction == Direction::forward; };
  for (int i = 0; i < 2; ++i) CHECK(forward(i));
  for (int i = 2; i < 14; ++i) CHECK(forward(i) == (i % 2 == 0));
  for (int i = 14; i < 16; ++i) CHECK_FALSE(forward(i));
}

TEST_CASE("does GPipe hold every micro-batch and run the backward passes from the last to the first?") {
  for (int stages : {1, 2, 5})
    for (int micro_batches : {1, 3, 8})
      for (int stage = 0; stage < stages; ++stage) {
        const PipelineShape shape{stages, 1, micro_batches, ScheduleKind::gpipe};
        const auto slots = schedule(shape, stage);
        REQUIRE(slots.size() == 2u * micro_batches);
        CHECK(peak_in_flight(slots) == micro_batches);
        CHECK(peak_in_flight(shape, stage) == micro_batches);
        for (int n = 0; n < micro_batches; ++n) {
          CHECK((slots[n].direction == Direction::forward && slots[n].micro_batch == n));
          const Slot& back = slots[2 * micro_batches - 1 - n];
          CHECK((back.direction == Direction::backward && back.micro_batch == n));
        }
        CHECK(run_all(shape).size() == 2u * stages * micro_batches);
      }
}

TEST_CASE("does an interleaved stage start with groups of as many micro-batches as stages?") {
  // arXiv:2104.04473, figure 4 bottom: two chunks on four devices, the first device starts 1 2 3 4 | 1 2 3 4 | 5 ...
  const auto slots = interleaved({4, 2, 8}, 0);
  for (int i = 0; i < 11; ++i) {
    CHECK(slots[i].direction == Direction::forward);
    CHECK(slots[i].chunk == i / 4 % 2);
    CHECK(slots[i].micro_batch == i % 4 + i / 8 * 4);
  }
  CHECK(slots[11].direction == Direction::backward);
  CHECK(slots[11].chunk == 1);
}

}  // namespace chipmix::plan
