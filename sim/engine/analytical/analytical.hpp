// The analytical engine: block times by law, remembered; the schedule played by recurrence.
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "engine/analytical/block_cost.hpp"
#include "engine/analytical/pipeline.hpp"
#include "engine/engine.hpp"

namespace chipmix::engine {

/// Not thread-safe: one per thread.
class AnalyticalEngine final : public Engine {
 public:
  explicit AnalyticalEngine(hardware::Cluster cluster);

  estimate::Outcome estimate(const plan::Program& program) override;

  /// Seconds of one step by account, memory not looked at.
  Times step_times(const plan::Program& program);
  /// A bound that no schedule can beat: the busiest stage's work plus the step's own tasks.
  double lower_bound(const plan::Program& program);

  const hardware::Cluster& cluster() const { return cluster_; }

 private:
  struct StageCost {
    StageTimes times;
    Times micro_batch;  ///< forward and backward of all chunks, by account
    Times step;         ///< once per step
    double busy() const { return micro_batch.total(); }
  };
  const BlockCost& cost(const std::shared_ptr<const plan::BlockTasks>& block, int node_group);
  StageCost stage_cost(const plan::Program& program, int stage);
  const std::vector<StageCost>& stage_costs(const plan::Program& program);

  struct Remembered {
    std::shared_ptr<const plan::BlockTasks> block;  ///< keeps the key's address alive
    BlockCost cost;
  };
  hardware::Cluster cluster_;
  std::vector<Machine> machines_;
  std::vector<std::unordered_map<const plan::BlockTasks*, Remembered>> costs_;  ///< per node group
  std::vector<StageCost> stage_costs_;
  PipelinePlayer player_;
};

}  // namespace chipmix::engine
