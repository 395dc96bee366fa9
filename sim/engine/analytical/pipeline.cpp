#include "engine/analytical/pipeline.hpp"

#include <algorithm>

#include "engine/analytical/written.hpp"
#include "engine/analytical/zero_bubble.hpp"

namespace chipmix::engine {

using plan::Direction;
using plan::PipelineShape;
using plan::Slot;

namespace {

constexpr std::size_t most_slots_remembered = 1 << 22;  // 64 MiB

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

double StageTimes::of(const Slot& pass) const {
  if (pass.part == plan::Part::weights) return weight[pass.chunk];
  if (pass.direction == Direction::forward) return forward[pass.chunk];
  return backward[pass.chunk] - (pass.part == plan::Part::inputs ? weight[pass.chunk] : 0);
}

double StageTimes::saved(const Slot& ahead, const Slot& back) const {
  if (pairing.empty()) return 0;
  const Pairing &one = pairing[ahead.chunk], &other = pairing[back.chunk];
  return std::min(one.forward_hides, backward[back.chunk] - other.backward_exposed) +
         std::min(other.backward_hides, forward[ahead.chunk] - one.forward_exposed);
}

double StageTimes::exposed_experts(const Slot& ahead, const Slot& back) const {
  if (pairing.empty()) return 0;
  return pairing[ahead.chunk].forward_exposed + pairing[back.chunk].backward_exposed;
}

double PipelinePlayer::play(const PipelineShape& shape, const std::vector<StageTimes>& stages) {
  if (shape != last_shape_ || stages != last_) {
    last_.clear();
    find_ends(shape, stages);
    last_shape_ = shape;
    last_ = stages;
  }
  return *std::max_element(ends_.begin(), ends_.end());
}

void PipelinePlayer::find_ends(const PipelineShape& shape, const std::vector<StageTimes>& stages) {
  if (plan::is_written(shape.kind))
    ends_ = lengths(play_written(shape, orders(shape), stages));
  else if (plan::fills_gaps(shape.kind))
    ends_ = zero_bubble_ends(shape, orders(shape), stages);
  else
    play_in_order(shape, stages);
}

void PipelinePlayer::play_in_order(const PipelineShape& shape, const std::vector<StageTimes>& stages) {
  const Orders& order = orders(shape);
  const int stage_count = shape.stages, passes = shape.micro_batches;
  const int last = stage_count * shape.interleave - 1;  // number of the last virtual stage
  constexpr double pending = -1;
  forward_end_.assign(static_cast<std::size_t>(last + 1) * passes, pending);
  backward_end_.assign(static_cast<std::size_t>(last + 1) * passes, pending);
  ends_.assign(stage_count, 0);
  next_.assign(stage_count, 0);
  virtual_.clear();
  for (int chunk = 0; chunk < shape.interleave; ++chunk)
    for (int stage = 0; stage < stage_count; ++stage)
      virtual_.push_back({stages[stage].forward[chunk], stages[stage].backward[chunk],
                          stages[(stage + stage_count - 1) % stage_count].send, stages[stage].send});

  // Plays a pass whose input is there: false if its producer has not run. The send belongs to the earlier stage.
  const auto run = [&](int stage, const Slot& slot, double& end) {
    const int v = slot.chunk * stage_count + stage;
    const VirtualStage& times = virtual_[v];
    const std::size_t at = static_cast<std::size_t>(v) * passes + slot.micro_batch;
    if (slot.direction == Direction::forward) {
      const double made = v == 0 ? 0 : forward_end_[at - passes];
      if (made == pending) return false;
      end = std::max(v == 0 ? 0 : made + times.from_before, end) + times.forward;
      forward_end_[at] = end;
    } else {
      const double made = v == last ? forward_end_[at] : backward_end_[at + passes];
      if (made == pending) return false;
      end = std::max(v == last ? made : made + times.from_after, end) + times.backward;
      backward_end_[at] = end;
    }
    return true;
  };

  for (bool moved = true; moved;) {
    moved = false;
    for (int stage = 0; stage < stage_count; ++stage) {
      const std::vector<Slot>& slots = order[stage];
      std::size_t next = next_[stage];
      double end = ends_[stage];
      while (next < slots.size() && run(stage, slots[next], end)) ++next;
      moved = moved || next > next_[stage];
      next_[stage] = next;
      ends_[stage] = end;
    }
  }
}

}  // namespace chipmix::engine
