// Which plans mean anything for a model, a batch and a cluster.
#pragma once

#include <string>
#include <vector>

#include "hardware/cluster.hpp"
#include "plan/plan.hpp"
#include "workload/job.hpp"

namespace chipmix::plan {

/// Everything that forbids the plan on a node group, in words with the numbers in conflict. Empty: the plan is legal
/// (which does not say that it fits in memory).
std::vector<std::string> faults(const UniformPlan& plan, const workload::TrainingJob& job,
                                const hardware::NodeGroup& group);

/// The same question without words, for searches.
bool is_legal(const UniformPlan& plan, const workload::TrainingJob& job, const hardware::NodeGroup& group);

}  // namespace chipmix::plan
