// Shell completion, written from the command table.
#pragma once

#include <string>
#include <vector>

#include "cli/options.hpp"

namespace chipmix::cli {

/// The shells there is a completion for.
const std::vector<std::string>& completion_shells();

/// A script to be sourced by the shell: completes commands, options and values from fixed lists, else file names.
/// Throws UsageError for a shell that is not in completion_shells().
std::string completion(const ProgramSpec& program, const std::string& shell);

}  // namespace chipmix::cli
