#include <algorithm>

#include "plan/schedules/orders.hpp"

namespace chipmix::plan {
namespace {

/// The n-th pass of one direction: micro-batches in groups of P, each group through all chunks.
Slot nth(const PipelineShape& shape, int n, Direction direction) {
  const int group = shape.stages * shape.interleave;
  const int chunk = n % group / shape.stages;
  const int micro_batch = n / group * shape.stages + n % shape.stages;
  return {direction, direction == Direction::forward ? chunk : shape.interleave - 1 - chunk, micro_batch};
}

}  // namespace

std::vector<Slot> interleaved(const PipelineShape& shape, int stage) {
  const int total = shape.micro_batches * shape.interleave;
  const int warm_up = std::min(2 * (shape.stages - 1 - stage) + (shape.interleave - 1) * shape.stages, total);
  std::vector<Slot> slots;
  slots.reserve(2 * total);
  for (int forward = 0, backward = 0; backward < total;) {
    if (forward < total && forward - backward <= warm_up)
      slots.push_back(nth(shape, forward++, Direction::forward));
    else
      slots.push_back(nth(shape, backward++, Direction::backward));
  }
  return slots;
}

int interleaved_held(const PipelineShape& shape, int stage) {
  const int warm_up = 2 * (shape.stages - 1 - stage) + (shape.interleave - 1) * shape.stages;
  return std::min(shape.micro_batches * shape.interleave, warm_up + 1);
}

/// Forwards go P micro-batches at a time through chunk after chunk.
std::vector<int> interleaved_chunks(const PipelineShape& shape, int stage) {
  const int held = interleaved_held(shape, stage), group = shape.stages * shape.interleave;
  std::vector<int> counts(shape.interleave);
  for (int chunk = 0; chunk < shape.interleave; ++chunk)
    counts[chunk] = held / group * shape.stages + std::clamp(held % group - chunk * shape.stages, 0, shape.stages);
  return counts;
}

}  // namespace chipmix::plan
