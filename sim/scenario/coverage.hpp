// Whether an answer leans on figures beyond what they were fitted to.
#pragma once

#include <vector>

#include "laws/coverage.hpp"
#include "scenario/answer.hpp"

namespace chipmix::scenario {

/// Of all runs of an answer on its own cluster; empty where its devices have no measured range, or none is left.
std::vector<laws::Beyond> beyond_measured(const Scenario& scenario, const OptionAnswer& answer);

}  // namespace chipmix::scenario
