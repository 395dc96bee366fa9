#include <algorithm>

#include "plan/schedules/orders.hpp"

namespace chipmix::plan {

std::vector<Slot> zb_h1(const PipelineShape& shape, int stage) {
  return alternating(shape.micro_batches, std::min(shape.stages - 1 - stage, shape.micro_batches));
}

int zb_h1_held(const PipelineShape& shape, int /*stage*/) { return std::min(shape.micro_batches, shape.stages); }

}  // namespace chipmix::plan
