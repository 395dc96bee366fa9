// Task lists and answers as bytes between two programs of one build on one machine.
#pragma once

#include <cstdio>
#include <vector>

#include "engine/event/task_list.hpp"

namespace chipmix::engine {

void write_tasks(std::FILE* file, const TaskList& list);
/// Throws std::runtime_error when the bytes end too early, as all of these do.
TaskList read_tasks(std::FILE* file);

void write_spans(std::FILE* file, const std::vector<Span>& spans);
std::vector<Span> read_spans(std::FILE* file);

}  // namespace chipmix::engine
