#include "cli/inputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace chipmix::cli {
namespace {

/// Options whose value is a file that is written.
constexpr std::array<std::string_view, 3> written = {"--save", "--plot", "--timeline"};

bool is_written(std::string_view option) { return std::find(written.begin(), written.end(), option) != written.end(); }

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
      if (is_written(option))
        outputs.emplace_back(option, value);
      else
        read.push_back(value);
  for (const auto& [option, file] : outputs)
    for (const std::string& input : read)
      if (is_same_file(input, file))
        throw UsageError(fmt::format("{} would replace '{}', which is read", option, input), invocation.command);
}

}  // namespace chipmix::cli
