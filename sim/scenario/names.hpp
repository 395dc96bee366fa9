// Names of a scenario that is faulty otherwise, too: are the devices, links and models it asks for known?
#pragma once

#include "io/value.hpp"
#include "scenario/library.hpp"

namespace chipmix::scenario {

/// Reports every unknown name, whatever else is wrong around it, so that a user sees all faults at once. A scenario
/// whose shape is right is resolved instead (resolve.cpp), which says the same.
void check_names(const io::Value& root, Library& library);

}  // namespace chipmix::scenario
