// Results never replace what they were made of.
#pragma once

#include "cli/options.hpp"

namespace chipmix::cli {

/// Throws UsageError where an option that names a file to write names one of the files that are read.
void spare_inputs(const Invocation& invocation);

}  // namespace chipmix::cli
