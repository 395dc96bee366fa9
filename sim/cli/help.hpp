// The help texts, written from the command table.
#pragma once

#include <string>

#include "cli/options.hpp"

namespace chipmix::cli {

/// All commands and the common options.
std::string help(const ProgramSpec& program);

/// One command: how to call it, its positionals and options, the common options.
std::string help(const ProgramSpec& program, const CommandSpec& command);

/// "compare SCENARIO [options]"
std::string usage(const CommandSpec& command);

}  // namespace chipmix::cli
