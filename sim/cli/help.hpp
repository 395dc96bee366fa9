// The help texts, written from the command table.
#pragma once

#include <string>

#include "cli/options.hpp"

namespace chipmix::cli {

/// All commands by group, the shared options and the exit codes.
std::string help(const ProgramSpec& program);

/// One command: how to call it, examples, its positionals and options, the shared options that act in it.
std::string help(const ProgramSpec& program, const CommandSpec& command);

/// "compare SCENARIO [options]"
std::string usage(const CommandSpec& command);

/// "-o, --output FILE", and what help says of it: choices, where its values are listed, whether it must be given.
std::string term(const OptionSpec& option);
std::string explanation(const OptionSpec& option);
std::string explanation(const PositionalSpec& positional);

}  // namespace chipmix::cli
