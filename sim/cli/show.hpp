// From a page to the place the user asked for, in the dress they asked for.
#pragma once

#include "cli/options.hpp"
#include "report/page.hpp"

namespace chipmix::cli {

/// As --format says, else as the ending of --output, else a table. Throws UsageError where only `report` writes such a
/// file: ask before a long search.
Format shown_as(const Invocation& invocation);

/// Writes the page to stdout or --output in that format. Throws FileError.
void show(const report::Page& page, const Invocation& invocation);

}  // namespace chipmix::cli
