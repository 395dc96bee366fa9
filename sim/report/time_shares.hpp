// A step's time in a few shares that fit on a line.
#pragma once

#include <array>

#include "estimate/estimate.hpp"

namespace chipmix::report {

inline constexpr std::array share_names = {"matrix",    "attention", "memory bound", "exposed comm.",
                                           "recompute", "bubble",    "host and step"};

/// Shares of the step time in the order of `share_names`; they add to 1.
std::array<double, share_names.size()> time_shares(const estimate::Estimate& estimate);

/// Peak memory over capacity of the fullest stage.
double fullest_rank(const estimate::Estimate& estimate);

}  // namespace chipmix::report
