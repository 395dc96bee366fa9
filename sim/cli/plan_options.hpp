// What the options of `plan` and `explain` say.
#pragma once

#include "cli/options.hpp"
#include "planner/objective.hpp"
#include "scenario/scenario.hpp"

namespace chipmix::cli {

/// --top.
int top(const Invocation& invocation);

/// --time-limit in seconds; none: no limit.
std::optional<double> time_limit(const Invocation& invocation);

/// --objective, --deadline and --budget, in seconds and the scenario's currency. Throws UsageError, also where the
/// option has no rent, or the scenario no electricity, for what is asked.
planner::Constraints constraints(const Invocation& invocation, const scenario::Scenario& scenario,
                                 const scenario::Option& option);

}  // namespace chipmix::cli
