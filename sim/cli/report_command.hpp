// Reports that commands write where --output names one.
#pragma once

#include "cli/commands.hpp"
#include "cli/question.hpp"

namespace chipmix::cli {

/// The kind of report that --output names by its ending, of those that the command writes; none: it writes none, and
/// --author and --language are refused.
std::optional<std::string> report_kind(const Invocation& invocation, const std::vector<std::string>& kinds);

Exit write_report(Question& question, const std::string& kind, const Invocation& invocation);

}  // namespace chipmix::cli
