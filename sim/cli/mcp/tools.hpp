// Commands as tools of an agent: their JSON Schema from the table of commands, and words from a tool's arguments.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/options.hpp"

namespace chipmix::cli::mcp {

/// What is wrong with a tool's arguments: each with the JSON pointer of the argument.
struct ArgumentFault {
  std::string pointer, message;
};

/// Where tools may write: nothing, or files of one folder.
using Folder = std::optional<std::filesystem::path>;

/// The commands that are tools.
const CommandSpec* tool_named(const std::string& name);

/// "tools" of tools/list. Options that write files are left out where there is no folder.
nlohmann::ordered_json tool_list(const Folder& folder);

/// The words of a call, behind the command's name; faults instead where arguments are unknown, missing or of the wrong
/// kind, or a file's name leads out of the folder.
struct Words {
  std::vector<std::string> words;
  std::vector<ArgumentFault> faults;
};
Words words_of(const CommandSpec& tool, const nlohmann::ordered_json& arguments, const Folder& folder);

}  // namespace chipmix::cli::mcp
