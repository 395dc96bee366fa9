// The analytical engine: block times by law, remembered; the schedule played by recurrence.
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "engine/analytical/block_cost.hpp"
#include "engine/analytical/pipeline.hpp"
#include "engine/analytical/program_work.hpp"
#include "engine/engine.hpp"
#include "plan/job_plan.hpp"

namespace chipmix::engine {

/// Expected excess of the slowest of n ranks whose times spread by σ around their mean, as a share of it: σ·√(2 ln n)
/// (largest of n normal variables, to leading order: Leadbetter et al., Extremes, Springer 1983, section 1.5).
double slowest_of(int ranks, double jitter);

/// Not thread-safe: one per thread.
class AnalyticalEngine final : public Engine {
 public:
  explicit AnalyticalEngine(hardware::Cluster cluster);

  estimate::Outcome estimate(const plan::Program& program) override;

  /// The same of several pipelines that train one model. Infeasible, too, when islands that exchange gradients are not
  /// joined.
  estimate::Outcome estimate(const plan::JobProgram& job);

  /// Seconds of one step by account, memory not looked at.
  Times step_times(const plan::Program& program);
  /// Of the slowest pipeline, and the exchange between islands (sync_time).
  Times step_times(const plan::JobProgram& job);
  /// Per step; see job.cpp. Nothing when islands that have to exchange are not joined.
  std::optional<double> sync_time(const plan::JobProgram& job) const;
  double lower_bound(const plan::Program& program);

  /// The same in two steps, for those who ask about many settings of one program. The engine must outlive the work.
  ProgramWork work(const plan::Program& program);
  Times step_times(const ProgramWork& work, const StageSettings& settings);

  /// One micro-batch through one block, as a stage with `tensor` ranks in a pipeline of several stages runs it.
  ChunkTimes block_times(const std::shared_ptr<const plan::BlockTasks>& block, int node_group, int tensor);
  /// Activations to the next stage, nothing hidden. To another island all replicas send at once, over shared links.
  Seconds send_time(const plan::StageProgram& from, const plan::StageProgram& to) const;

  const hardware::Cluster& cluster() const { return cluster_; }
  /// From here on for the same groups with other figures: less to build than another engine.
  void use(const hardware::Cluster& cluster);

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
  hardware::Cluster islands_;  ///< the cluster with its stacks' network rates, for what crosses between groups
  std::vector<std::unordered_map<const plan::BlockTasks*, Remembered>>
      costs_;  ///< per node group, without and with a stall
  PipelinePlayer player_;
};

}  // namespace chipmix::engine
