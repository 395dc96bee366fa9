// How many lots of a kind a problem can have.
#pragma once

#include "procurement/problem.hpp"

namespace chipmix::procurement {

/// Lots that can be bought and rented, of any number of devices.
int buyable(const Kind& kind);
int rentable(const Kind& kind);
/// Lots that are there before.
int fleet_lots(const Kind& kind);
/// Lots of the order that have arrived by a month.
int ordered_lots(const Problem& problem, std::size_t kind, int month);
/// Lots of a kind that are of use, and those of them that are there before or can be bought.
int most_lots(const Problem& problem, std::size_t kind);
int bought_lots(const Problem& problem, std::size_t kind);
/// Whether supply and power allow a cluster at all.
bool can_be_had(const Problem& problem, const Column& column);

}  // namespace chipmix::procurement
