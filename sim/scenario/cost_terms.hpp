// An option's cost as a sum of parts, each with what it is uncertain by.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "scenario/answer.hpp"
#include "uncertainty/draws.hpp"

namespace chipmix::scenario {

/// Hourly prices of every run's devices, each with its range; the rest of its cost follows its time alone. In the
/// scenario's currency. `answer` has a price.
uncertainty::Sum cost_terms(const Scenario& scenario, const OptionAnswer& answer);

/// The prices of devices in a sum, by the causes they move with.
std::set<std::string> prices_in(const uncertainty::Sum& sum);

/// What of a sum goes up with these prices.
double priced_part(const uncertainty::Sum& sum, const std::set<std::string>& prices);

/// What of an option's cost is the hourly price of one kind of device, rented or owned.
double priced_part(const Scenario& scenario, const OptionAnswer& answer, const std::string& device);

}  // namespace chipmix::scenario
