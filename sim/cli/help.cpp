#include "cli/help.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chipmix::cli {
namespace {

using Line = std::pair<std::string, std::string>;  // term, explanation

constexpr std::size_t page = 100;       // columns of a help page
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

std::string list(const std::string& title, const std::vector<Line>& lines) {
  if (lines.empty()) return "";
  std::size_t width = 0;
  for (const auto& [term, text] : lines)
    if (term.size() <= term_limit) width = std::max(width, term.size());
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

std::string with_choices(const std::string& text, const std::vector<std::string>& choices) {
  return choices.empty() ? text : fmt::format("{} ({})", text, fmt::join(choices, ", "));
}

Line line_of(const OptionSpec& option) {
  std::string term = option.letter ? fmt::format("-{}, {}", option.letter, option.name) : "    " + option.name;
  if (!option.value.empty()) term += " " + option.value;
  std::string text = with_choices(option.help, option.choices);
  if (option.repeatable) text += "; may be repeated";
  if (option.required) text += "; required";
  return {term, text};
}

std::vector<Line> lines_of(const std::vector<OptionSpec>& options) {
  std::vector<Line> lines;
  for (const auto& option : options) lines.push_back(line_of(option));
  return lines;
}

}  // namespace

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
  std::vector<Line> commands;
  for (const auto& command : program.commands) commands.emplace_back(command.name, command.summary);
  commands.emplace_back("help [COMMAND]", "This text, or the help of one command");
  return fmt::format("{}: {}\n\nusage: {} COMMAND [arguments] [options]\n", program.name, program.summary,
                     program.name) +
         list("commands", commands) + list("options of every command", lines_of(common_options()));
}

std::string help(const ProgramSpec& program, const CommandSpec& command) {
  std::vector<Line> positionals;
  for (const auto& positional : command.positionals)
    positionals.emplace_back(positional.name, with_choices(positional.help, positional.choices));
  return fmt::format("{}\n\nusage: {} {}\n", command.summary, program.name, usage(command)) +
         list("arguments", positionals) + list("options", lines_of(command.options)) +
         list("options of every command", lines_of(common_options()));
}

}  // namespace chipmix::cli
