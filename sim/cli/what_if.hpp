// What goes wrong in a step, said on the command line.
#pragma once

#include "cli/options.hpp"
#include "scenario/scenario.hpp"

namespace chipmix::cli {

/// --slow stage=2:1.5, into the option. UsageError where the words say something else.
void take_slow_stages(const Invocation& invocation, scenario::Option& option);

/// --seeds N; 0 without it.
int seeds_of(const Invocation& invocation);

}  // namespace chipmix::cli
