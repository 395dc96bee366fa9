#include <algorithm>

#include "plan/schedule.hpp"

namespace chipmix::plan {

double dualpipe_bubble(const PipelineShape& shape, double forward, double backward, double weight) {
  const double together = forward + backward;
  return std::max(0.0, (shape.stages / 2.0 - 1) * (together + backward - 3 * weight));
}

int dualpipe_held(const PipelineShape& shape, int stage) {
  return std::min((shape.micro_batches + 1) / 2, shape.stages - stage);
}

}  // namespace chipmix::plan
