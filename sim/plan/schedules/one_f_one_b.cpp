#include <algorithm>

#include "plan/schedule.hpp"

namespace chipmix::plan {

std::vector<Slot> one_f_one_b(const PipelineShape& shape, int stage) {
  const int total = shape.micro_batches;
  const int warm_up = std::min(shape.stages - 1 - stage, total);
  std::vector<Slot> slots;
  slots.reserve(2 * total);
  for (int forward = 0, backward = 0; backward < total;) {
    if (forward < total && forward - backward <= warm_up)
      slots.push_back({Direction::forward, 0, forward++});
    else
      slots.push_back({Direction::backward, 0, backward++});
  }
  return slots;
}

}  // namespace chipmix::plan
