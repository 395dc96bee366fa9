// The work of all stages of a pipeline, before anybody says when its passes run.
#pragma once

#include "engine/analytical/stage_work.hpp"

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

/// Seconds of every stage's passes.
std::vector<StageTimes> passes(const ProgramWork& work, const StageSettings& settings);

/// All micro-batches of the busiest stage, by account.
Times busiest_stage(const ProgramWork& work, const StageSettings& settings);

/// What is done once per step, of the stage that takes longest.
Times longest_step_work(const ProgramWork& work, const StageSettings& settings);

}  // namespace chipmix::engine
