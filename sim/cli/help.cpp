#include "cli/help.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace chipmix::cli {
namespace {

using Line = std::pair<std::string, std::string>;  // term, explanation

constexpr std::size_t page = 80;        // columns of a help page
constexpr std::size_t term_limit = 28;  // longer terms have a line of their own

/// The words of `text` in lines of at most `width` bytes (help texts are ASCII).
std::vector<std::string> fill(const std::string& text, std::size_t width) {
  std::vector<std::string> lines{""};
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string word = text.substr(begin, end - begin);
    std::string& line = lines.back();
    if (line.empty())
      line = word;
    else if (line.size() + 1 + word.size() <= width)
      line += " " + word;
    else
      lines.push_back(word);
    begin = end + 1;
  }
  return lines;
}

std::size_t width_of(const std::vector<Line>& lines) {
  std::size_t width = 0;
  for (const auto& [term, text] : lines)
    if (term.size() <= term_limit) width = std::max(width, term.size());
  return width;
}

std::size_t width_of(const std::map<std::string, std::vector<Line>>& lists) {
  std::size_t width = 0;
  for (const auto& [title, lines] : lists) width = std::max(width, width_of(lines));
  return width;
}

/// `width`: of the terms, for lists that stand below one another.
std::string list(const std::string& title, const std::vector<Line>& lines, std::size_t width = 0) {
  if (lines.empty()) return "";
  width = std::max(width, width_of(lines));
  std::string out = "\n" + title + ":\n";
  for (const auto& [term, text] : lines) {
    out += fmt::format("  {:<{}}", term, width);
    if (term.size() > width) out += fmt::format("\n  {:<{}}", "", width);
    const auto filled = fill(text, page - width - 4);
    for (std::size_t i = 0; i < filled.size(); ++i)
      out += i == 0 ? "  " + filled[i] + "\n" : fmt::format("{:<{}}{}\n", "", width + 4, filled[i]);
  }
  return out;
}

Line line_of(const OptionSpec& option) { return {term(option), explanation(option)}; }

const Example* first_example(const ProgramSpec& program) {
  for (const auto& command : program.commands)
    if (!command.examples.empty()) return &command.examples.front();
  return nullptr;
}

std::vector<Line> lines_of(const std::vector<OptionSpec>& options) {
  std::vector<Line> lines;
  for (const auto& option : options) lines.push_back(line_of(option));
  return lines;
}

std::string with_choices(const std::string& text, const std::vector<std::string>& choices) {
  return choices.empty() ? text : fmt::format("{} ({})", text, fmt::join(choices, ", "));
}

}  // namespace

std::string term(const OptionSpec& option) {
  const std::string name = option.letter ? fmt::format("-{}, {}", option.letter, option.name) : "    " + option.name;
  return option.value.empty() ? name : name + " " + option.value;
}

std::string explanation(const OptionSpec& option) {
  std::string text = with_choices(option.help, option.choices);
  if (!option.ids.empty()) text += fmt::format("; 'chipmix {}' lists them", option.ids);
  if (option.repeatable) text += "; may be repeated";
  if (option.required) text += "; required";
  return text;
}

std::string explanation(const PositionalSpec& positional) { return with_choices(positional.help, positional.choices); }

std::string usage(const CommandSpec& command) {
  std::string text = command.name;
  for (const auto& positional : command.positionals) {
    const std::string word = positional.name + (positional.repeatable ? "..." : "");
    text += positional.required ? " " + word : " [" + word + "]";
  }
  for (const auto& option : command.options)
    if (option.required) text += " " + option.name + " " + option.value;
  return text + " [options]";
}

std::string help(const ProgramSpec& program) {
  std::vector<std::string> groups;
  std::map<std::string, std::vector<Line>> commands;
  for (const auto& command : program.commands) {
    const std::string group = command.group.empty() ? "commands" : command.group;
    if (commands[group].empty()) groups.push_back(group);
    commands[group].emplace_back(command.name, command.summary);
  }
  commands[groups.back()].emplace_back("help [COMMAND]", "show this text, or the help of one command with examples");
  std::string text =
      fmt::format("{}: {}\n\nusage: {} COMMAND [arguments] [options]\n", program.name, program.summary, program.name);
  for (const auto& group : groups) text += list(group, commands[group], width_of(commands));
  if (const auto first = first_example(program)) text += fmt::format("\nfirst steps:\n  {}\n", first->line);
  return text + list("shared options", lines_of(common_options())) + list("exit codes", program.endings);
}

std::string help(const ProgramSpec& program, const CommandSpec& command) {
  std::vector<Line> positionals;
  for (const auto& positional : command.positionals) positionals.emplace_back(positional.name, explanation(positional));
  std::string text = fmt::format("{}\n\nusage: {} {}\n", command.summary, program.name, usage(command));
  if (!command.examples.empty()) text += "\nexamples:\n";
  for (const auto& example : command.examples) text += fmt::format("  # {}\n  {}\n", example.says, example.line);
  return text + list("arguments", positionals) + list("options", lines_of(command.options)) +
         list("shared options", lines_of(common_options(command)));
}

}  // namespace chipmix::cli
