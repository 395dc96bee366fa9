// A procurement as JSON: the problem in plain numbers, and its answer.
#pragma once

#include <string>

#include "scenario/procure.hpp"

namespace chipmix::report {

std::string procure_json(const scenario::Scenario& scenario, const scenario::Procurement& result);

}  // namespace chipmix::report
