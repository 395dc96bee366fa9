// A procurement as JSON: the problem in plain numbers, and its answer.
#pragma once

#include <string>

#include "scenario/risk.hpp"

namespace chipmix::report {

std::string procure_json(const scenario::Scenario& scenario, const scenario::Procurement& result,
                         const std::optional<scenario::Risk>& risk);

}  // namespace chipmix::report
