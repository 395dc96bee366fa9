// A pipeline whose order says all, played: split backward passes, and passes that run together.
#pragma once

#include "engine/analytical/zero_bubble.hpp"

namespace chipmix::engine {

/// When each stage starts and ends. A pass starts when its stage is free and its input has arrived; two that run
/// together start when both have, and end together after  F + B - saved  (StageTimes::saved).
std::vector<StageSpan> play_written(const plan::PipelineShape& shape,
                                    const std::vector<std::vector<plan::Slot>>& orders,
                                    const std::vector<StageTimes>& stages);

/// Seconds that a stage's pairs save in a step.
double saved_by_pairs(const std::vector<plan::Slot>& order, const StageTimes& times);

}  // namespace chipmix::engine
