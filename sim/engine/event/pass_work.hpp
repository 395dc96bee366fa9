// What a pass of one rank does: for the slices of a timeline.
#pragma once

#include <map>
#include <string>
#include <tuple>

#include "hardware/cluster.hpp"
#include "plan/program.hpp"

namespace chipmix::engine {

/// Work of one micro-batch in one chunk of a stage, in one direction; what full recomputation runs again is not in it.
struct PassWork {
  double flops = 0;              ///< on the matrix units
  double moved = 0;              ///< bytes of memory: every operand once
  double exchanged = 0;          ///< bytes handed to collectives
  double kernels = 0;            ///< tasks that compute
  bool is_memory_bound = false;  ///< tasks for which bytes over bandwidth exceed FLOPs over peak take more of such time
  std::string largest;           ///< the shape of most FLOPs: "8192 x 4096 x 14336 bf16, 32 times"
};

/// By stage, chunk and direction.
using PassWorks = std::map<std::tuple<int, int, plan::Direction>, PassWork>;
PassWorks pass_works(const plan::Program& program, const hardware::Cluster& cluster);

}  // namespace chipmix::engine
