// A report's parts that are written in English for other commands, too, in the report's language.
#pragma once

#include <set>
#include <string>

#include "report/report.hpp"

namespace chipmix::report {

/// `names`: words that a scenario gives, which stay as they are.
void translate(Section& section, const Say& say, const std::set<std::string>& names);

}  // namespace chipmix::report
