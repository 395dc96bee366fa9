// Why one plan that was asked about is not the best.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/accounts.hpp"
#include "planner/space.hpp"

namespace chipmix::planner {

/// A plan looked at by itself. It may break rules, then the rest is not known; or not fit.
struct Neighbour {
  plan::UniformPlan plan;
  std::vector<std::string> faults;  ///< rules it breaks; see plan::faults
  Bytes peak;                       ///< of the fullest rank
  Bytes room;                       ///< of a rank, without the headroom
  engine::Times times;              ///< of a step, seconds

  bool is_legal() const { return faults.empty(); }
  bool fits() const { return peak <= room; }
};

Neighbour look_at(const plan::UniformPlan& plan, double headroom, const workload::TrainingJob& job,
                  const hardware::Cluster& cluster);

}  // namespace chipmix::planner
