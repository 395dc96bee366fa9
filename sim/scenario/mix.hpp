// A mix answered: every way to use its islands, side by side.
#pragma once

#include "scenario/answer.hpp"

namespace chipmix::scenario {

/// The cheapest of the ways that use all islands at once, or the fastest where a price is missing; a campaign only
/// where no other way runs. All of them, and each island alone, are in `ways`.
OptionAnswer answer_mix(const Scenario& scenario, const Option& option, const Settings& settings);

}  // namespace chipmix::scenario
