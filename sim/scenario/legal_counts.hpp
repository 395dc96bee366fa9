// Numbers of devices that some plan divides.
#pragma once

#include <vector>

#include "hardware/cluster.hpp"
#include "planner/space.hpp"

namespace chipmix::scenario {

/// Whether any plan of the space is legal for the job on the group, memory not looked at.
bool has_legal_plan(planner::SearchSpace space, const workload::TrainingJob& job, const hardware::NodeGroup& group);

/// The nearest numbers of devices below and above the group's that have a legal plan, in whole servers (in devices, of
/// less than one); fewer, or none, where there are none near.
std::vector<int> nearest_legal_counts(const planner::SearchSpace& space, const workload::TrainingJob& job,
                                      hardware::NodeGroup group);

}  // namespace chipmix::scenario
