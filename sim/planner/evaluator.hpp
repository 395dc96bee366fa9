// One plan after another on one cluster: does it fit, how fast can it be at best, how fast is it?
#pragma once

#include <optional>
#include <vector>

#include "engine/analytical/analytical.hpp"
#include "plan/lower.hpp"
#include "planner/outline.hpp"

namespace chipmix::planner {

/// Remembers the tasks and costs of blocks, whatever the global batch. Not thread-safe: one per thread.
class Evaluator {
 public:
  /// The job's global batch is not used.
  Evaluator(const workload::TrainingJob& job, const hardware::Cluster& cluster);

  /// What follows is about this plan. Neighbouring plans often differ in recompute and ZeRO alone: their tasks are
  /// lowered once, and costed once where somebody asks for time.
  void take(const plan::UniformPlan& plan, int global_batch);

  /// Of equal neighbouring stages the first holds the most micro-batches, so only that one is looked at.
  bool fits(Bytes capacity) const;
  /// Peak memory of the fullest rank.
  Bytes peak() const;
  /// Seconds that no schedule of the plan can beat.
  double bound();
  engine::Times times();

  /// Of plans that are made of the same blocks as this one. `has_alone`: some of them have one stage.
  UnitTimes unit_times(const plan::UniformPlan& plan, bool has_alone);
  OutlineFacts outline_facts() const;

  /// Seconds of a step that no plan can beat: the model's FLOPs at the peak rate of all ranks.
  double floor(int global_batch) const;

  const hardware::NodeGroup& group() const { return engine_.cluster().groups.front(); }
  const workload::TrainingJob& job() const { return lowering_.job(); }

 private:
  engine::StageSettings settings() const { return {program_.recompute, program_.zero}; }
  const engine::ProgramWork& work();

  plan::Lowering lowering_;
  engine::AnalyticalEngine engine_;
  std::optional<plan::UniformPlan> shape_;  ///< of program_ and work_, without recompute and ZeRO
  int global_batch_ = 0;
  plan::Program program_;
  std::vector<int> first_stages_;  ///< of program_; ranks of the stages from one to the next are equal
  std::optional<engine::ProgramWork> work_;
};

}  // namespace chipmix::planner
