// Events one after the other: when is every task of a list done?
#pragma once

#include <vector>

#include "engine/event/task_list.hpp"

namespace chipmix::engine {

/// A task starts when all it waits for are done. Computation takes its seconds; a flow takes its latency and then its
/// max-min fair share of its links (max_min.hpp), which changes whenever a flow beside it starts or ends:
///   amount = ∫ rate dt.
/// Deterministic, without global state. Throws std::logic_error when tasks wait for one another in a circle.
std::vector<Span> play_events(const TaskList& list);

}  // namespace chipmix::engine
