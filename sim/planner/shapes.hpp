// Plans of a search but for their settings: recompute and ZeRO, which no rule speaks of.
#pragma once

#include <cstddef>
#include <vector>

#include "planner/space.hpp"

namespace chipmix::planner {

/// Every legal one, in a fixed order: those made of the same blocks stand together.
std::vector<plan::UniformPlan> shapes(const SearchSpace& space, const workload::TrainingJob& job,
                                      const hardware::NodeGroup& group);

/// A plan of the i-th pair of the space's settings: recompute in each ZeRO.
plan::UniformPlan with_settings(plan::UniformPlan shape, const SearchSpace& space, std::size_t i);

}  // namespace chipmix::planner
