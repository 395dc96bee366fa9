// A plan of a whole job: one pipeline, or several that train one model together.
#pragma once

#include <string>
#include <vector>

#include "hardware/cluster.hpp"
#include "plan/lower.hpp"

namespace chipmix::plan {

/// Pipelines ("lanes") that share the global batch. Each may stand on other devices, be cut otherwise, and take its own
/// share: data-degree x micro-batches x micro-batch sequences. Their gradients are added up in every step, or each lane
/// trains alone and their weights are brought together every `sync_interval` steps (local SGD, arXiv:1805.09767;
/// DiLoCo, arXiv:2311.08105; EDiT, arXiv:2412.07210).
struct JobPlan {
  std::vector<ParallelPlan> lanes;
  int sync_interval = 1;  ///< 1: gradients are exchanged in every step

  bool is_local() const { return sync_interval > 1; }
  int ranks() const;
  /// Sequences of one step.
  long long sequences() const;
};

/// Sequences of one step that a lane takes.
long long sequences(const ParallelPlan& lane);

/// Node groups a lane stands on, in pipeline order, each run of stages once.
std::vector<int> islands(const ParallelPlan& lane);

/// The lanes in words, joined by " + "; islands are named where the cluster has several:
/// "h800 16 x (TP8 EP8) + 910b ...".
std::string to_text(const JobPlan& plan, const hardware::Cluster& cluster);

struct JobProgram {
  std::vector<Program> lanes;
  int sync_interval = 1;
  double parameters = 0;  ///< of the whole model
};

/// The lanes' programs; see Lowering::lower.
JobProgram lower(Lowering& lowering, const JobPlan& plan, const hardware::Cluster& cluster);

/// Why a job cannot run as planned: islands with nothing between them that exchange data, a batch that the lanes do not
/// add up to, more ranks on an island than it has, layers left out. Empty when it can.
std::vector<std::string> faults(const JobPlan& plan, const workload::TrainingJob& job,
                                const hardware::Cluster& cluster);

}  // namespace chipmix::plan
