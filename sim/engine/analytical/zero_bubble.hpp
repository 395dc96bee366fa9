// A zero-bubble pipeline played: where do the passes for the weights go, and how long is a step?
#pragma once

#include <vector>

#include "engine/analytical/pipeline.hpp"

namespace chipmix::engine {

/// What a stage did.
struct StageSpan {
  double start = 0;       ///< of its first pass
  double end = 0;         ///< of its last pass
  int weight_passes = 0;  ///< W run
  int peak_held = 0;      ///< most activations: forwards whose W is not done
};

/// Plays forward (F), input (B) and weight (W) passes, b = B + W being a whole backward pass. F and B run in their
/// stage's order, as in 1F1B. Before one that has to wait longer than `least_gap` x W, pending W run until it is there
/// (the last may delay it); before an F that would exceed the activations the stage may hold, until there is room.
std::vector<StageSpan> play_zero_bubble(const plan::PipelineShape& shape,
                                        const std::vector<std::vector<plan::Slot>>& orders,
                                        const std::vector<StageTimes>& stages, double least_gap);

/// The passes of each stage, F, B and W, in the order in which the best least gap (below) runs them.
std::vector<std::vector<plan::Slot>> zero_bubble_order(const plan::PipelineShape& shape,
                                                       const std::vector<StageTimes>& stages);

/// Seconds of each stage in a step.
std::vector<double> lengths(const std::vector<StageSpan>& spans);

/// The same in a run of many steps: no stage waits for the others before its optimizer step (arXiv:2401.10241,
/// section 4), so each counts from its own first pass. The least gap is the best of 0, 1/2 and 1 (a gap that holds all
/// of W) for the stage that takes longest, as the paper searches its schedules (section 3.1).
std::vector<double> zero_bubble_ends(const plan::PipelineShape& shape,
                                     const std::vector<std::vector<plan::Slot>>& orders,
                                     const std::vector<StageTimes>& stages);

}  // namespace chipmix::engine
