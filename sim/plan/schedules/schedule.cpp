#include "plan/schedule.hpp"

#include <algorithm>
#include <stdexcept>

namespace chipmix::plan {

std::vector<Slot> schedule(const PipelineShape& shape, int stage) {
  if (shape.kind == ScheduleKind::zb_v) return zb_v(shape, stage);
  if (shape.interleave > 1) return interleaved(shape, stage);
  switch (shape.kind) {
    case ScheduleKind::gpipe:
      return gpipe(shape);
    case ScheduleKind::zb_h1:
      return zb_h1(shape, stage);
    case ScheduleKind::zb_h2:
      return zb_h2(shape, stage);
    case ScheduleKind::dualpipe:
      throw std::logic_error("DualPipe has no order of passes, only a bubble");
    default:
      return one_f_one_b(shape, stage);
  }
}

int peak_in_flight(const std::vector<Slot>& slots) {
  int held = 0, peak = 0;
  for (const Slot& slot : slots) {
    held += slot.direction == Direction::forward ? 1 : -1;
    peak = std::max(peak, held);
  }
  return peak;
}

namespace {

int held_of_one_chunk(const PipelineShape& shape, int stage) {
  switch (shape.kind) {
    case ScheduleKind::gpipe:
      return shape.micro_batches;
    case ScheduleKind::zb_h1:
      return zb_h1_held(shape);
    case ScheduleKind::zb_h2:
      return zb_h2_held(shape);
    case ScheduleKind::dualpipe:
      return dualpipe_held(shape, stage) + dualpipe_held(shape, dualpipe_mirror(shape, stage));
    default:
      return std::min(shape.micro_batches, shape.stages - stage);
  }
}

}  // namespace

int peak_in_flight(const PipelineShape& shape, int stage) {
  if (shape.kind == ScheduleKind::zb_v) return zb_v_held(shape);
  if (shape.interleave == 1) return held_of_one_chunk(shape, stage);
  const int warm_up = 2 * (shape.stages - 1 - stage) + (shape.interleave - 1) * shape.stages;
  return std::min(shape.micro_batches * shape.interleave, warm_up + 1);
}

std::vector<int> chunks_in_flight(const PipelineShape& shape, int stage) {
  if (shape.kind == ScheduleKind::dualpipe) return {dualpipe_held(shape, stage)};
  if (shape.kind == ScheduleKind::zb_v)
    return {std::min(shape.micro_batches, 2 * shape.stages - 1 - stage), std::min(shape.micro_batches, stage + 1)};
  const int held = peak_in_flight(shape, stage);
  if (shape.interleave == 1) return {held};
  std::vector<int> counts(shape.interleave);  // forwards go P micro-batches at a time through chunk after chunk
  const int group = shape.stages * shape.interleave;
  for (int chunk = 0; chunk < shape.interleave; ++chunk)
    counts[chunk] = held / group * shape.stages + std::clamp(held % group - chunk * shape.stages, 0, shape.stages);
  return counts;
}

}  // namespace chipmix::plan
