// How the chance of being cheapest falls with the price of an option's devices.
#pragma once

#include <vector>

#include "scenario/answer.hpp"

namespace chipmix::scenario {

/// For each factor on the prices of the devices of one option: the share of possible worlds (as in `judge`) in which it
/// is cheaper than each other option with a price; what others pay for the same devices moves along. Empty where there
/// is no other.
std::vector<double> chance_by_price(const Comparison& comparison, const Scenario& scenario, const OptionAnswer& answer,
                                    const std::vector<double>& factors);

}  // namespace chipmix::scenario
