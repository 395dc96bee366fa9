#include "engine/analytical/pipeline.hpp"

#include <algorithm>

#include "engine/analytical/zero_bubble.hpp"

namespace chipmix::engine {

using plan::Direction;
using plan::PipelineShape;
using plan::Slot;

namespace {

constexpr std::size_t most_slots_remembered = 1 << 22;  // 48 MiB

}  // namespace

const PipelinePlayer::Orders& PipelinePlayer::orders(const PipelineShape& shape) {
  if (const auto known = orders_.find(shape); known != orders_.end()) return known->second;
  if (slots_remembered_ > most_slots_remembered) {
    orders_.clear();
    slots_remembered_ = 0;
  }
  Orders& orders = orders_[shape];
  for (int stage = 0; stage < shape.stages; ++stage) {
    orders.push_back(plan::schedule(shape, stage));
    slots_remembered_ += orders.back().size();
  }
  return orders;
}

double dualpipe_time(const PipelineShape& shape, const std::vector<StageTimes>& stages) {
  double forward = 0, backward = 0, weight = 0, busiest = 0;
  for (const StageTimes& stage : stages) {
    forward += stage.forward.front() / shape.stages;
    backward += stage.backward.front() / shape.stages;
    weight += stage.weight.front() / shape.stages;
    busiest = std::max(busiest, stage.forward.front() + stage.backward.front());
  }
  return shape.micro_batches * busiest + plan::dualpipe_bubble(shape, forward, backward, weight);
}

double PipelinePlayer::play(const PipelineShape& shape, const std::vector<StageTimes>& stages) {
  if (shape.kind == plan::ScheduleKind::dualpipe) return dualpipe_time(shape, stages);
  if (plan::is_zero_bubble(shape.kind)) return zero_bubble_time(shape, orders(shape), stages);
  return play_in_order(shape, stages);
}

double PipelinePlayer::play_in_order(const PipelineShape& shape, const std::vector<StageTimes>& stages) {
  const Orders& order = orders(shape);
  const int stage_count = shape.stages, passes = shape.micro_batches;
  const int last = stage_count * shape.interleave - 1;  // number of the last virtual stage
  constexpr double pending = -1;
  forward_end_.assign(static_cast<std::size_t>(last + 1) * passes, pending);
  backward_end_.assign(static_cast<std::size_t>(last + 1) * passes, pending);
  free_at_.assign(stage_count, 0);
  next_.assign(stage_count, 0);

  const auto at = [passes](int virtual_stage, int micro_batch) {
    return static_cast<std::size_t>(virtual_stage) * passes + micro_batch;
  };
  // When the input of a pass is there: pending if its producer has not run. The send belongs to the earlier stage.
  const auto arrival = [&](int stage, const Slot& slot) {
    const int v = slot.chunk * stage_count + stage;
    if (slot.direction == Direction::forward) {
      if (v == 0) return 0.0;
      const double end = forward_end_[at(v - 1, slot.micro_batch)];
      return end == pending ? pending : end + stages[(v - 1) % stage_count].send;
    }
    const double end = v == last ? forward_end_[at(v, slot.micro_batch)] : backward_end_[at(v + 1, slot.micro_batch)];
    return end == pending || v == last ? end : end + stages[stage].send;
  };
  const auto run = [&](int stage, const Slot& slot, double start) {
    const bool forward = slot.direction == Direction::forward;
    const double time = forward ? stages[stage].forward[slot.chunk] : stages[stage].backward[slot.chunk];
    free_at_[stage] = start + time;
    (forward ? forward_end_ : backward_end_)[at(slot.chunk * stage_count + stage, slot.micro_batch)] = start + time;
  };

  for (bool moved = true; moved;) {
    moved = false;
    for (int stage = 0; stage < stage_count; ++stage)
      while (next_[stage] < order[stage].size()) {
        const Slot& slot = order[stage][next_[stage]];
        const double ready = arrival(stage, slot);
        if (ready == pending) break;
        run(stage, slot, std::max(ready, free_at_[stage]));
        ++next_[stage];
        moved = true;
      }
  }
  return *std::max_element(free_at_.begin(), free_at_.end());
}

}  // namespace chipmix::engine
