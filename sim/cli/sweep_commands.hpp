// Many points of a scenario: sweep, and merge for what several machines swept.
#pragma once

#include "cli/exit_codes.hpp"
#include "cli/options.hpp"

namespace chipmix::cli {

Exit run_sweep(const Invocation& invocation);
Exit run_merge(const Invocation& invocation);

}  // namespace chipmix::cli
