// How sure the order of options is, and what would change it.
#pragma once

#include "report/table.hpp"
#include "scenario/answer.hpp"

namespace chipmix::report {

/// A row for each option with a price; without rows where there are not two of them.
Table surety_table(const scenario::Scenario& scenario, const scenario::Comparison& comparison);

/// One sentence: at which price, or which share of its peak, the cheapest option is no longer that. Empty if neither
/// is.
std::string change_remark(const scenario::Scenario& scenario, const scenario::Comparison& comparison);

}  // namespace chipmix::report
