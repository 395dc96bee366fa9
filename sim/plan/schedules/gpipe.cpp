#include "plan/schedules/orders.hpp"

namespace chipmix::plan {

std::vector<Slot> gpipe(const PipelineShape& shape, int /*stage*/) {
  std::vector<Slot> slots;
  slots.reserve(2 * shape.micro_batches);
  for (int n = 0; n < shape.micro_batches; ++n) slots.push_back({Direction::forward, 0, n});
  for (int n = shape.micro_batches; n-- > 0;) slots.push_back({Direction::backward, 0, n});
  return slots;
}

int gpipe_held(const PipelineShape& shape, int /*stage*/) { return shape.micro_batches; }

}  // namespace chipmix::plan
