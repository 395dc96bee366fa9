// Figures of the normal distribution.
#pragma once

namespace chipmix {

/// Standard deviations from the median to P10 and to P90.
inline constexpr double z90 = 1.2815515655446004;

}  // namespace chipmix
