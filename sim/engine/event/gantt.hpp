// A played step as lines of text.
#pragma once

#include <string>

#include "engine/event/event_engine.hpp"

namespace chipmix::engine {

/// A line for each stage of the first class of replicas, `columns` characters for the step. A character shows what
/// most of its time goes to: a forward pass as the last digit of its micro-batch, a backward pass as that digit's
/// letter (A for 0), 'w' a pass for weights, '=' the reduction of gradients when no pass runs, '.' nothing. Where a
/// pass takes less than a column, 'f' and 'b' stand for forward and backward passes.
std::string gantt(const PlayedStep& step, int columns);

}  // namespace chipmix::engine
