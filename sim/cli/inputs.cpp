#include "cli/inputs.hpp"

#include "cli/commands.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

namespace chipmix::cli {
namespace {

bool is_written(const std::string& command, const std::string& option) {
  for (const CommandSpec& spec : program().commands)
    for (const OptionSpec& own : spec.options)
      if (spec.name == command && own.name == option) return own.writes;
  return false;
}

bool is_same_file(const std::string& one, const std::string& other) {
  std::error_code none;
  return std::filesystem::is_regular_file(one, none) && std::filesystem::equivalent(one, other, none);
}

}  // namespace

void spare_inputs(const Invocation& invocation) {
  std::vector<std::string> read = invocation.positionals;
  std::vector<std::pair<std::string, std::string>> outputs;
  if (invocation.output) outputs.emplace_back("--output", *invocation.output);
  for (const auto& [option, values] : invocation.options)
    for (const std::string& value : values)
      if (is_written(invocation.command, option))
        outputs.emplace_back(option, value);
      else
        read.push_back(value);
  for (const auto& [option, file] : outputs)
    for (const std::string& input : read)
      if (is_same_file(input, file))
        throw UsageError(fmt::format("{} would overwrite the input '{}'", option, input), invocation.command);
}

}  // namespace chipmix::cli
