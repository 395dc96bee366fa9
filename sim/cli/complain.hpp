// What goes wrong, told on stderr.
#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "cli/exit_codes.hpp"

namespace chipmix::cli {

/// A line for stderr, with nothing in it that steers a terminal. A stderr that is closed or full takes nothing.
void say(const std::string& text);

/// Writes the text to stderr, with a line end if it has none, and gives the ending back.
Exit complain(Exit ending, const std::string& text);

/// Every fault of an input, each with its place: Exit::input.
Exit complain(const InputError& error);

/// The same of faults found beside an answer, in the order of the text; without any, Exit::answer and not a word.
Exit complain(const std::vector<Diagnostic>& faults);

/// What was passed over, each with its place; no fault.
void remark(const std::vector<Diagnostic>& passed_over);

}  // namespace chipmix::cli
