// From a page to the place the user asked for, in the dress they asked for.
#pragma once

#include "cli/options.hpp"
#include "report/page.hpp"

namespace chipmix::cli {

/// Writes the page to stdout or --output as --format says (a table if it says nothing). Throws FileError.
void show(const report::Page& page, const Invocation& invocation);

}  // namespace chipmix::cli
