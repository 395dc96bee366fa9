// What goes wrong between parts of a scenario of which others cannot be read.
#pragma once

#include "io/value.hpp"

namespace chipmix::scenario {

/// A deadline before the start, an option's own rate that is of another job: said whatever else is wrong around it, so
/// that a user sees all faults at once. A scenario whose shape is right says the same when it is resolved.
void check_parts(const io::Value& root);

}  // namespace chipmix::scenario
