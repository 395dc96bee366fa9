#include "plan/schedule.hpp"

#include <algorithm>

namespace chipmix::plan {

std::vector<Slot> schedule(const PipelineShape& shape, int stage) {
  return shape.interleave > 1 ? interleaved(shape, stage) : one_f_one_b(shape, stage);
}

int peak_in_flight(const std::vector<Slot>& slots) {
  int held = 0, peak = 0;
  for (const Slot& slot : slots) {
    held += slot.direction == Direction::forward ? 1 : -1;
    peak = std::max(peak, held);
  }
  return peak;
}

int peak_in_flight(const PipelineShape& shape, int stage) {
  if (shape.interleave == 1) return std::min(shape.micro_batches, shape.stages - stage);
  const int warm_up = 2 * (shape.stages - 1 - stage) + (shape.interleave - 1) * shape.stages;
  return std::min(shape.micro_batches * shape.interleave, warm_up + 1);
}

}  // namespace chipmix::plan
