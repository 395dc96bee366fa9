// The ways to have the work done, side by side.
#pragma once

#include "report/page.hpp"
#include "scenario/procure.hpp"

namespace chipmix::report {

/// Rent only, buy only, best mix of both, no new devices: cost, cash, months and range of prices of each.
Table ways_table(const scenario::Scenario& scenario, const scenario::Procurement& result);

}  // namespace chipmix::report
