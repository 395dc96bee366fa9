#include <algorithm>

#include "plan/schedules/orders.hpp"

namespace chipmix::plan {

std::vector<Slot> alternating(int micro_batches, int warm_up) {
  const int total = micro_batches;
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

std::vector<Slot> one_f_one_b(const PipelineShape& shape, int stage) {
  return alternating(shape.micro_batches, std::min(shape.stages - 1 - stage, shape.micro_batches));
}

int one_f_one_b_held(const PipelineShape& shape, int stage) {
  return std::min(shape.micro_batches, shape.stages - stage);
}

}  // namespace chipmix::plan
