// An engine turns a Program into an Estimate. Engines share the program, the cluster and the laws; they differ only in
// when tasks run.
#pragma once

#include <optional>
#include <vector>

#include "estimate/estimate.hpp"
#include "hardware/cluster.hpp"
#include "plan/program.hpp"

namespace chipmix::engine {

class Engine {
 public:
  virtual ~Engine() = default;
  /// Time and memory of one step. Infeasible, with the shortfall, when a stage does not fit.
  virtual estimate::Outcome estimate(const plan::Program& program) = 0;
};

/// Infeasible with the worst stage's shortfall in GiB, if any stage of the program exceeds its device's memory.
std::optional<estimate::Infeasible> memory_shortfall(const plan::Program& program, const hardware::Cluster& cluster);

/// Memory ledgers of all stages.
std::vector<estimate::StageMemory> memory_of(const plan::Program& program, const hardware::Cluster& cluster);

}  // namespace chipmix::engine
