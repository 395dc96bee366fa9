#include "plan/schedule.hpp"

namespace chipmix::plan {

std::vector<Slot> gpipe(const PipelineShape& shape) {
  std::vector<Slot> slots;
  slots.reserve(2 * shape.micro_batches);
  for (int n = 0; n < shape.micro_batches; ++n) slots.push_back({Direction::forward, 0, n});
  for (int n = shape.micro_batches; n-- > 0;) slots.push_back({Direction::backward, 0, n});
  return slots;
}

}  // namespace chipmix::plan
