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

std::vector<int> chunks_in_flight(const PipelineShape& shape, int stage) {
  const int held = peak_in_flight(shape, stage);
  if (shape.interleave == 1) return {held};
  std::vector<int> counts(shape.interleave);  // forwards go P micro-batches at a time through chunk after chunk
  const int group = shape.stages * shape.interleave;
  for (int chunk = 0; chunk < shape.interleave; ++chunk)
    counts[chunk] = held / group * shape.stages + std::clamp(held % group - chunk * shape.stages, 0, shape.stages);
  return counts;
}

}  // namespace chipmix::plan
