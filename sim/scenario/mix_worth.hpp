// What a chip of each kind adds to a mix.
#pragma once

#include <vector>

#include "planner/mix/ways.hpp"
#include "scenario/answer.hpp"
#include "scenario/scenario.hpp"

namespace chipmix::scenario {

/// One entry for each island of a mix, from searches of the mix without it and with half of it, the way `chosen` is
/// used. `alone`: the answer of each island by itself.
std::vector<ChipWorth> chip_worth(const workload::TrainingJob& job, const Option& option, const OptionAnswer& chosen,
                                  const std::vector<OptionAnswer>& alone, const planner::SearchLimits& effort,
                                  int jobs);

}  // namespace chipmix::scenario
