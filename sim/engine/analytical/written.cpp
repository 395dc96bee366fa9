#include "engine/analytical/written.hpp"

#include <algorithm>
#include <stdexcept>

namespace chipmix::engine {
namespace {

using plan::Direction;
using plan::Slot;

constexpr double not_run = -1;

class WrittenOrder {
 public:
  WrittenOrder(const plan::PipelineShape& shape, const std::vector<std::vector<Slot>>& orders,
               const std::vector<StageTimes>& stages)
      : shape_(shape),
        orders_(orders),
        stages_(stages),
        next_(shape.stages, 0),
        spans_(shape.stages),
        held_(shape.stages, 0) {
    const auto passes = static_cast<std::size_t>(plan::places(shape)) * shape.micro_batches;
    forward_end_.assign(passes, not_run);
    backward_end_.assign(passes, not_run);
  }

  std::vector<StageSpan> run() {
    for (bool moved = true; moved;) {
      moved = false;
      for (int stage = 0; stage < shape_.stages; ++stage)
        while (next_[stage] < orders_[stage].size() && advance(stage)) moved = true;
    }
    for (int stage = 0; stage < shape_.stages; ++stage)
      if (next_[stage] < orders_[stage].size()) throw std::logic_error("an order of passes that wait for one another");
    return std::move(spans_);
  }

 private:
  std::size_t at(int place, const Slot& slot) const {
    return static_cast<std::size_t>(place) * shape_.micro_batches + slot.micro_batch;
  }

  /// When the input of a pass is there. The send belongs to the stage nearer to the first; a stage that hands on to
  /// itself sends nothing.
  double arrival(int stage, const Slot& slot) const {
    if (slot.part == plan::Part::weights) return 0;
    const bool forward = slot.direction == Direction::forward;
    const int place = plan::place_of(shape_, stage, slot);
    if (forward && place == 0) return 0;
    if (!forward && place + 1 == plan::places(shape_)) return forward_end_[at(place, slot)];
    const int before = forward ? place - 1 : place + 1;
    const int giver = plan::stage_at(shape_, before, slot.micro_batch).stage;
    const double end = (forward ? forward_end_ : backward_end_)[at(before, slot)];
    return end == not_run || giver == stage ? end : end + stages_[std::min(giver, stage)].send;
  }

  bool advance(int stage) {
    const Slot* slots = &orders_[stage][next_[stage]];
    const int together = slots->with_next ? 2 : 1;
    StageSpan& span = spans_[stage];
    double ready = span.end, seconds = together == 2 ? -stages_[stage].saved(slots[0], slots[1]) : 0;
    for (int i = 0; i < together; ++i) {
      const double input = arrival(stage, slots[i]);
      if (input == not_run) return false;
      ready = std::max(ready, input);
      seconds += stages_[stage].of(slots[i]);
    }
    if (next_[stage] == 0) span.start = ready;
    span.end = ready + seconds;
    for (int i = 0; i < together; ++i) finish(stage, slots[i]);
    next_[stage] += together;
    return true;
  }

  void finish(int stage, const Slot& slot) {
    StageSpan& span = spans_[stage];
    const bool forward = slot.direction == Direction::forward;
    if (!forward && slot.part != plan::Part::inputs) ++span.weight_passes;
    held_[stage] += forward ? 1 : slot.part != plan::Part::inputs ? -1 : 0;
    span.peak_held = std::max(span.peak_held, held_[stage]);
    if (slot.part != plan::Part::weights)
      (forward ? forward_end_ : backward_end_)[at(plan::place_of(shape_, stage, slot), slot)] = span.end;
  }

  const plan::PipelineShape& shape_;
  const std::vector<std::vector<Slot>>& orders_;
  const std::vector<StageTimes>& stages_;
  std::vector<std::size_t> next_;
  std::vector<StageSpan> spans_;
  std::vector<int> held_;                           ///< activations, by stage
  std::vector<double> forward_end_, backward_end_;  ///< by place and micro-batch
};

}  // namespace

std::vector<StageSpan> play_written(const plan::PipelineShape& shape, const std::vector<std::vector<Slot>>& orders,
                                    const std::vector<StageTimes>& stages) {
  return WrittenOrder(shape, orders, stages).run();
}

double saved_by_pairs(const std::vector<Slot>& order, const StageTimes& times) {
  double sum = 0;
  for (std::size_t i = 0; i < order.size(); ++i)
    if (order[i].with_next) sum += times.saved(order[i], order[i + 1]);
  return sum;
}

}  // namespace chipmix::engine
