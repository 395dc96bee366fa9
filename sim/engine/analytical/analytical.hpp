// The analytical engine: block times by law, remembered; the schedule played by recurrence.
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "engine/analytical/block_cost.hpp"
#include "engine/analytical/pipeline.hpp"
#include "engine/analytical/stage_work.hpp"
#include "engine/engine.hpp"

namespace chipmix::engine {

/// A program before settings. Equal neighbouring stages are costed once.
struct ProgramWork {
  std::vector<StageWork> kinds;
  std::vector<int> first_stage;  ///< of each kind: it stands for the stages from there to the next kind's first
  plan::PipelineShape shape;
  double waiting = 0;  ///< for the slowest rank, as a share of the passes
};

/// Seconds that no order of the passes can beat; see bound.cpp.
double lower_bound(const ProgramWork& work, const StageSettings& settings);

/// Not thread-safe: one per thread.
class AnalyticalEngine final : public Engine {
 public:
  explicit AnalyticalEngine(hardware::Cluster cluster);

  estimate::Outcome estimate(const plan::Program& program) override;

  /// Seconds of one step by account, memory not looked at.
  Times step_times(const plan::Program& program);
  double lower_bound(const plan::Program& program);

  /// The same in two steps, for those who ask about many settings of one program. The engine must outlive the work.
  ProgramWork work(const plan::Program& program);
  Times step_times(const ProgramWork& work, const StageSettings& settings);

  const hardware::Cluster& cluster() const { return cluster_; }

 private:
  const BlockCost& cost(const std::shared_ptr<const plan::BlockTasks>& block, int node_group, double stall);
  ChunkTimes chunk_times(const plan::ChunkProgram& chunk, int node_group, double recompute_share, double stall);
  StageWork stage_work(const plan::Program& program, int stage);

  struct Remembered {
    std::shared_ptr<const plan::BlockTasks> block;  ///< keeps the key's address alive
    BlockCost cost;
  };
  hardware::Cluster cluster_;
  std::vector<Machine> machines_;
  std::vector<std::unordered_map<const plan::BlockTasks*, Remembered>>
      costs_;  ///< per node group, without and with a stall
  PipelinePlayer player_;
};

}  // namespace chipmix::engine
