// The ways to have the work done, side by side.
#pragma once

#include "report/page.hpp"
#include "scenario/procure.hpp"

namespace chipmix::report {

/// Rent all, buy all, the best of both, as today: cost, cash, months and range of prices of each.
Table ways_table(const scenario::Scenario& scenario, const scenario::Procurement& result);

}  // namespace chipmix::report
