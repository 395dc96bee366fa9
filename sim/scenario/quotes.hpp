// What the rows of a bill are priced by: the quotes behind prices, and the figures that may be otherwise.
#pragma once

#include <memory>

#include "economics/bill.hpp"
#include "scenario/scenario.hpp"
#include "uncertainty/draws.hpp"

namespace chipmix::scenario {

/// Of rented devices: the quote behind their rent, without what a commitment takes off it.
economics::Quote rent_quote(const Option& option, int group);

/// Of owned devices. How the owner pays and runs what is bought (life, use, cost of money, worth at the end, network,
/// place) is one cause for all options.
economics::Quote own_quote(const Scenario& scenario, const Option& option, int group);

/// Of electricity: tariff, load, PUE.
economics::Quote energy_quote(const Scenario& scenario, const Option& option, int group);

/// How an owned group's hourly cost follows from its quote's figures in a possible world.
std::shared_ptr<const uncertainty::Law> own_law(const Scenario& scenario, const Option& option, int group,
                                                const economics::Quote& quote);

}  // namespace chipmix::scenario
