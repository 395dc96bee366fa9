// Which tasks of a played step its length hangs on.
#pragma once

#include <vector>

#include "engine/event/task_list.hpp"

namespace chipmix::engine {

/// The tasks of one chain from a task that waits for none to the one that is done last: before each stands the task
/// that it waited for longest. In the order in which they run; empty for an empty list.
std::vector<int> critical_path(const TaskList& list, const std::vector<Span>& spans);

}  // namespace chipmix::engine
