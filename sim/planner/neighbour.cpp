#include "planner/neighbour.hpp"

#include "plan/legal.hpp"
#include "planner/evaluator.hpp"

namespace chipmix::planner {

Neighbour look_at(const plan::UniformPlan& plan, double headroom, const workload::TrainingJob& job,
                  const hardware::Cluster& cluster) {
  const hardware::NodeGroup& group = cluster.groups.front();
  Neighbour neighbour{plan, plan::faults(plan, job, group), {}, {}, {}};
  neighbour.room = group.device.memory.value / group.device.ranks * (1 - headroom);
  if (!neighbour.is_legal()) return neighbour;
  Evaluator evaluator(job, cluster);
  evaluator.take(plan, job.global_batch);
  neighbour.peak = evaluator.peak();
  neighbour.times = evaluator.times();
  return neighbour;
}

}  // namespace chipmix::planner
