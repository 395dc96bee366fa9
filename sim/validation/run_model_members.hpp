// The members of a record that describe its model; steps and whole runs have the same.
#pragma once

#include <deque>

#include "validation/published_run.hpp"
#include "validation/run_members.hpp"

namespace chipmix::validation {

/// `parts` keeps the objects inside, so that members nobody asked for can be reported.
RunModel read_model(const Members& model, std::deque<Members>& parts);

}  // namespace chipmix::validation
