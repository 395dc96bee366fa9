#include <algorithm>

#include "plan/schedules/orders.hpp"

namespace chipmix::plan {

std::vector<Slot> zb_h2(const PipelineShape& shape, int stage) {
  return alternating(shape.micro_batches, std::min(2 * (shape.stages - 1 - stage), shape.micro_batches));
}

int zb_h2_held(const PipelineShape& shape, int /*stage*/) {
  return std::min(shape.micro_batches, 2 * shape.stages - 1);
}

}  // namespace chipmix::plan
