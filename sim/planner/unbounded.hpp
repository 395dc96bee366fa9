// A bound that nothing reaches.
#pragma once

#include <limits>

namespace chipmix::planner {

inline constexpr double unbounded = std::numeric_limits<double>::infinity();

}  // namespace chipmix::planner
