// What 'ask' and 'new' share.
#pragma once

#include <optional>
#include <string>

#include "cli/commands.hpp"
#include "scenario/ask.hpp"

namespace chipmix::cli {

/// Answers a question in words; `save`: file for the scenario that is made of it. Throws InputError and FileError.
Exit answer_asked(const scenario::Asked& asked, scenario::Library library, const std::optional<std::string>& save,
                  const Invocation& invocation);

}  // namespace chipmix::cli
