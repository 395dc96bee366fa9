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

/// All micro-batches of one kind of stage, by account; what pairs of passes save is taken off the exchange of experts.
Times all_passes(const ProgramWork& work, std::size_t kind, const StageSettings& settings);

/// All micro-batches of the busiest stage, by account.
Times busiest_stage(const ProgramWork& work, const StageSettings& settings);

/// What is done once per step, of the stage that takes longest. Gradients are reduced by each stage when its own passes
/// end, e_p, so that of the reductions r_p what is left after the last pass counts:  max (e_p + r_p) - max e_p.
Times once_per_step(const ProgramWork& work, const StageSettings& settings, const std::vector<double>& ends);
/// The least of it, whenever stages end.
Times least_once_per_step(const ProgramWork& work, const StageSettings& settings);

}  // namespace chipmix::engine
