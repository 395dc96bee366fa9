// Shell scripts that launch a training run: which words reach the program, and where each was written.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "interop/shell_words.hpp"
#include "io/value.hpp"

namespace chipmix::interop {

struct Script {
  std::vector<Word> arguments;  ///< of the launch, its launcher and the program's file included
  Variables variables;
};

/// Follows assignments, arrays and joined lines from top to bottom. The launch is the command that has a flag for which
/// `is_flag` holds; without one, lines of arguments, or else the arrays and texts that hold some. Conditions and loops
/// are not decided: what they set is marked (Word::condition). Faults: a second launch, a launch inside a condition,
/// none at all. Throws InputError where the text is not a script.
Script read_script(const std::string& file, std::string_view text, const std::function<bool(std::string_view)>& is_flag,
                   io::Diagnostics& diagnostics);

}  // namespace chipmix::interop
