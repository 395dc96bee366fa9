#include "cli/completion.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chipmix::cli {
namespace {

/// The frame of the bash script: {0} program, {1} all commands, {2} one case per command with its options and
/// positional choices, {3} one case per option with its values. bash-completion's own library is not needed.
constexpr const char* bash_frame = R"(# Completion of {0} for bash. Use: source <({0} completion bash)
_{0}() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} command= words= i
  for ((i = 1; i < COMP_CWORD; i++)); do
    [[ ${{COMP_WORDS[i]}} != -* ]] && {{ command=${{COMP_WORDS[i]}}; break; }}
  done
  case "$command $before" in
{3}  esac
  case $command in
    '') words='{1}' ;;
{2}  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
  [[ $word == -* || -z $command || $command == help ]] && return 0
  mapfile -t -O "${{#COMPREPLY[@]}}" COMPREPLY < <(compgen -f -- "$word")
  return 0
}}
complete -o filenames -F _{0} {0}
)";

std::vector<std::string> words_of(const CommandSpec& command) {
  std::vector<std::string> words;
  for (const auto& positional : command.positionals)
    words.insert(words.end(), positional.choices.begin(), positional.choices.end());
  for (const auto& option : command.options) words.push_back(option.name);
  for (const auto& option : common_options()) words.push_back(option.name);
  return words;
}

std::string value_case(const std::string& pattern, const OptionSpec& option) {
  if (option.value.empty()) return "";
  if (option.choices.empty())
    return fmt::format("    {}) mapfile -t COMPREPLY < <(compgen -f -- \"$word\"); return ;;\n", pattern);
  return fmt::format("    {}) mapfile -t COMPREPLY < <(compgen -W '{}' -- \"$word\"); return ;;\n", pattern,
                     fmt::join(option.choices, " "));
}

std::string bash(const ProgramSpec& program) {
  std::string commands = "help";
  std::string words;
  std::string values;
  for (const auto& option : common_options()) values += value_case(fmt::format("*' {}'", option.name), option);
  for (const auto& command : program.commands) {
    commands += ' ' + command.name;
    words += fmt::format("    {}) words='{}' ;;\n", command.name, fmt::join(words_of(command), " "));
    for (const auto& option : command.options)
      values += value_case(fmt::format("'{} {}'", command.name, option.name), option);
  }
  words += fmt::format("    help) words='{}' ;;\n", commands);
  return fmt::format(fmt::runtime(bash_frame), program.name, commands, words, values);
}

}  // namespace

const std::vector<std::string>& completion_shells() {
  static const std::vector<std::string> shells = {"bash"};
  return shells;
}

std::string completion(const ProgramSpec& program, const std::string& shell) {
  const auto& shells = completion_shells();
  if (std::find(shells.begin(), shells.end(), shell) == shells.end())
    throw UsageError(fmt::format("no completion for '{}'; one of: {}", shell, fmt::join(shells, ", ")), "completion");
  return bash(program);
}

}  // namespace chipmix::cli
