#include "cli/completion.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chipmix::cli {
namespace {

/// The frame of the bash script: {0} program, {1} all commands, {2} one case per command with its options and
/// positional choices, {3} one case per option with its values. bash-completion's own library is not needed. Bash
/// breaks --name=value at the equal sign.
constexpr const char* bash_frame = R"(# Completion of {0} for bash. Use: source <({0} completion bash)
_{0}_ids() {{ {0} "$1" --format csv 2> /dev/null | sed -n '2,$s/,.*//p'; }}
_{0}() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} command= words= i
  [[ $word == = ]] && word=
  [[ $before == = ]] && before=${{COMP_WORDS[COMP_CWORD-2]}}
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

std::vector<OptionSpec> options_of(const CommandSpec& command) {
  std::vector<OptionSpec> all = command.options;
  for (const auto& shared : common_options(command)) all.push_back(shared);
  return all;
}

std::string ids_in_bash(const ProgramSpec& program, const std::string& ids) {
  return fmt::format("$(_{}_ids {})", program.name, ids);
}

std::string bash_words(const ProgramSpec& program, const CommandSpec& command) {
  std::vector<std::string> words;
  for (const auto& positional : command.positionals) {
    words.insert(words.end(), positional.choices.begin(), positional.choices.end());
    if (!positional.ids.empty()) words.push_back(ids_in_bash(program, positional.ids));
  }
  for (const auto& option : options_of(command)) words.push_back(option.name);
  return fmt::format("{}", fmt::join(words, " "));
}

std::string bash_case(const ProgramSpec& program, const std::string& pattern, const OptionSpec& option) {
  if (option.value.empty()) return "";
  std::string offer = "-f";
  if (!option.choices.empty()) offer = fmt::format("-W '{}'", fmt::join(option.choices, " "));
  if (!option.ids.empty()) offer = fmt::format("-W \"{}\"", ids_in_bash(program, option.ids));
  return fmt::format("    {}) mapfile -t COMPREPLY < <(compgen {} -- \"$word\"); return ;;\n", pattern, offer);
}

std::string bash(const ProgramSpec& program) {
  std::string commands = "help", words, values;
  for (const auto& option : common_options()) {
    values += bash_case(program, fmt::format("*' {}'", option.name), option);
    if (option.letter) values += bash_case(program, fmt::format("*' -{}'", option.letter), option);
  }
  for (const auto& command : program.commands) {
    commands += ' ' + command.name;
    words += fmt::format("    {}) words=\"{}\" ;;\n", command.name, bash_words(program, command));
    for (const auto& option : command.options)
      values += bash_case(program, fmt::format("'{} {}'", command.name, option.name), option);
  }
  words += fmt::format("    help) words='{}' ;;\n", commands);
  return fmt::format(fmt::runtime(bash_frame), program.name, commands, words, values);
}

/// {0} program, {1} commands with their summaries, {2} one case per command with its arguments. Works as a file
/// _program in $fpath and sourced.
constexpr const char* zsh_frame = R"zsh(#compdef {0}
# Completion of {0} for zsh. Use: source <({0} completion zsh), or save it as _{0} in a folder of $fpath
_{0}_ids() {{
  local -a ids
  ids=(${{(f)"$({0} $1 --format csv 2> /dev/null | sed -n '2,$s/,.*//p')"}})
  compadd -a ids
}}
_{0}() {{
  local curcontext=$curcontext state line
  local -a commands
  commands=(
{1}  )
  _arguments -C '1:command:->command' '*::argument:->argument' && return
  if [[ $state == command ]]; then
    _describe command commands
    return
  fi
  case $line[1] in
{2}    help) _arguments '1:command:->command' && return; _describe command commands ;;
  esac
}}
if [[ $funcstack[1] == _{0} ]]; then _{0} "$@"; else compdef _{0} {0}; fi
)zsh";

/// Text between single quotes of a shell, with what zsh's _arguments reads as marks escaped.
std::string quoted(const std::string& text, const std::string& marks = "") {
  std::string out = "'";
  for (const char c : text) {
    if (marks.find(c) != std::string::npos) out += '\\';
    out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return out + "'";
}

std::string zsh_values(const ProgramSpec& program, const std::vector<std::string>& choices, const std::string& ids) {
  if (!choices.empty()) return fmt::format("({})", fmt::join(choices, " "));
  return ids.empty() ? "_files" : fmt::format(" _{}_ids {}", program.name, ids);  // a space: called as it stands
}

std::string zsh_option(const ProgramSpec& program, const OptionSpec& option) {
  const std::string help = quoted(option.help, ":[]\\");
  std::string tail = "[" + help.substr(1, help.size() - 2) + "]";
  if (!option.value.empty())
    tail += fmt::format(":{}:{}", option.value, zsh_values(program, option.choices, option.ids));
  const std::string repeat = option.repeatable ? "*" : "";
  const std::string equals = option.value.empty() ? "" : "=";
  std::string lines = fmt::format("        '{}{}{}{}' \\\n", repeat, option.name, equals, tail);
  if (option.letter)
    lines += fmt::format("        '-{}{}{}' \\\n", option.letter, option.value.empty() ? "" : "+", tail);
  return lines;
}

std::string zsh(const ProgramSpec& program) {
  std::string commands, cases;
  for (const auto& command : program.commands) {
    commands += fmt::format("    {}\n", quoted(command.name + ":" + command.summary));
    std::string arguments;
    for (const auto& option : options_of(command)) arguments += zsh_option(program, option);
    int place = 0;
    for (const auto& positional : command.positionals) {
      const std::string which = positional.repeatable ? "*" : std::to_string(++place);
      arguments += fmt::format("        '{}:{}{}:{}' \\\n", which, positional.required ? "" : ":", positional.name,
                               zsh_values(program, positional.choices, positional.ids));
    }
    cases += fmt::format("    {}) _arguments -s \\\n{} ;;\n", command.name, arguments.substr(0, arguments.size() - 3));
  }
  return fmt::format(fmt::runtime(zsh_frame), program.name, commands, cases);
}

std::string fish_offer(const ProgramSpec& program, const std::vector<std::string>& choices, const std::string& ids) {
  if (!choices.empty()) return fmt::format(" -a '{}'", fmt::join(choices, " "));
  return ids.empty() ? "" : fmt::format(" -a '(__{}_ids {})'", program.name, ids);
}

std::string fish_option(const ProgramSpec& program, const std::string& when, const OptionSpec& option) {
  std::string line = fmt::format("complete -c {} -n {} -l {}", program.name, when, option.name.substr(2));
  if (option.letter) line += fmt::format(" -s {}", option.letter);
  const std::string offer = fish_offer(program, option.choices, option.ids);
  if (!option.value.empty()) line += offer.empty() ? " -r -F" : " -x" + offer;
  return line + " -d " + quoted(option.help, "\\") + "\n";
}

std::string fish(const ProgramSpec& program) {
  const std::string& name = program.name;
  std::string commands = "help";
  for (const auto& command : program.commands) commands += " " + command.name;
  std::string text = fmt::format(
      "# Completion of {0} for fish. Use: {0} completion fish | source\n"
      "function __{0}_ids; {0} $argv[1] --format csv 2> /dev/null | sed -n '2,$s/,.*//p'; end\n"
      "complete -c {0} -f\n"
      "complete -c {0} -n __fish_use_subcommand -a help -d 'the help of a command'\n"
      "complete -c {0} -n '__fish_seen_subcommand_from help' -a '{1}'\n",
      name, commands);
  for (const auto& command : program.commands) {
    const std::string when = fmt::format("'__fish_seen_subcommand_from {}'", command.name);
    text += fmt::format("complete -c {} -n __fish_use_subcommand -a {} -d {}\n", name, command.name,
                        quoted(command.summary, "\\"));
    for (const auto& positional : command.positionals) {
      const std::string offer = fish_offer(program, positional.choices, positional.ids);
      text += fmt::format("complete -c {} -n {}{}\n", name, when, offer.empty() ? " -F" : offer);
    }
    for (const auto& option : options_of(command)) text += fish_option(program, when, option);
  }
  return text;
}

}  // namespace

const std::vector<std::string>& completion_shells() {
  static const std::vector<std::string> shells = {"bash", "zsh", "fish"};
  return shells;
}

std::string completion(const ProgramSpec& program, const std::string& shell) {
  const auto& shells = completion_shells();
  if (std::find(shells.begin(), shells.end(), shell) == shells.end())
    throw UsageError(fmt::format("no completion for '{}'; one of: {}", shell, fmt::join(shells, ", ")), "completion");
  return shell == "bash" ? bash(program) : shell == "zsh" ? zsh(program) : fish(program);
}

}  // namespace chipmix::cli
