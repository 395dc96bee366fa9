// The referee: the same tasks played by SimGrid (simgrid.org), a library with another solver and another event loop.
#pragma once

#include <string>
#include <vector>

#include "engine/event/task_list.hpp"

namespace chipmix::engine {

/// The program that plays: where the build put it, or beside the running one once installed. It may be missing.
std::string simgrid_program();

/// As play_events, by the program in main.cpp beside this: SimGrid takes one simulation a process, and ends its process
/// on a fault. Throws std::runtime_error with what that program wrote when it gives no answer. Safe to call from
/// several threads.
std::vector<Span> play_simgrid(const TaskList& list);

}  // namespace chipmix::engine
