// The command table as a manual: a man page and a page of Markdown.
#pragma once

#include <string>

#include "cli/options.hpp"

namespace chipmix::cli {

/// A man page, section 1, in roff with the macros of man(7).
std::string manual_roff(const ProgramSpec& program);

/// The same in Markdown.
std::string manual_markdown(const ProgramSpec& program);

}  // namespace chipmix::cli
