// Shell scripts that launch a training run: which words reach the program, and where each was written.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "interop/shell_words.hpp"
#include "io/value.hpp"

namespace chipmix::interop {

/// What is asked of a script.
struct ShellCall {
  std::string file;
  std::string_view text;
  std::function<bool(std::string_view)> is_flag;  ///< whether a word is an argument of the framework
  std::map<std::string, std::string> given{};     ///< variables and "1", "2", ... that the caller sets
  /// The text of a file beside the script; nothing if there is none.
  std::function<std::optional<std::string>(const std::string&)> beside{};
};

struct Script {
  /// Every command that has a flag of the framework, launcher and program included, in the order in which bash comes to
  /// them; without one, lines of arguments, or else the arrays and texts that hold some.
  std::vector<std::vector<Word>> launches;
  Variables variables;
  std::map<std::string, std::string> documents{};  ///< files that the script writes from lines of its own, by name
  std::set<std::string> used{};                    ///< names of ShellCall::given that the script reads
};

/// Runs the script as bash would, without its commands: assignments, arrays, conditions, loops, cases, functions, files
/// that it sources. A condition that hangs on a command's output is taken both ways, and what it sets is marked
/// (Word::condition). Throws InputError where the text is not a script.
Script read_script(const ShellCall& call);

}  // namespace chipmix::interop
