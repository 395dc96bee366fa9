// A purchase over the ranges of its prices.
#pragma once

#include "scenario/procure.hpp"

namespace chipmix::scenario {

/// Every price is off by a factor of its range, in 10,000 possible worlds; the decision stays as it is.
PriceInterval price_interval(const Scenario& scenario, const procurement::Problem& problem,
                             const procurement::Decision& decision);

}  // namespace chipmix::scenario
