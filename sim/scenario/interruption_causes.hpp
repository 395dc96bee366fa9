// How sure is what interruptions take? Each figure of reliability at the ends of its range, one at a time.
#pragma once

#include <functional>
#include <vector>

#include "goodput/goodput.hpp"
#include "uncertainty/draws.hpp"

namespace chipmix::scenario {

/// Factors on a run's time, one for each figure with a range that matters. `factor_of`: how much longer than its steps
/// a run takes with other figures.
std::vector<uncertainty::Factor> interruption_causes(
    const goodput::Reliability& reliability, const std::function<double(const goodput::Reliability&)>& factor_of);

}  // namespace chipmix::scenario
