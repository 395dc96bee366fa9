// How well the figures behind an answer are known.
#pragma once

#include "base/sourced.hpp"
#include "hardware/cluster.hpp"

namespace chipmix::engine {

/// The weakest grade among the figures that decide most of a step's time: peak rate, GEMM and memory efficiency,
/// memory size and bandwidth, and the two links.
Evidence evidence(const hardware::NodeGroup& group, Dtype dtype);

}  // namespace chipmix::engine
