// One sentence: what to take, what it saves, what comes second.
#pragma once

#include <string>

#include "scenario/answer.hpp"

namespace chipmix::scenario {

std::string recommend(const Scenario& scenario, const Comparison& comparison);

}  // namespace chipmix::scenario
