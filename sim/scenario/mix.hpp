// A mix answered: every way to use its islands, side by side.
#pragma once

#include "scenario/answer.hpp"

namespace chipmix::scenario {

/// The cheapest of the ways that use all islands, with the others, and each island alone, in `ways`. Where a price is
/// missing the fastest.
OptionAnswer answer_mix(const Scenario& scenario, const Option& option, const Settings& settings);

}  // namespace chipmix::scenario
