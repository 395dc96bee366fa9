#include "cli/manual.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "cli/help.hpp"

namespace chipmix::cli {
namespace {

const char* const about_output =
    "Results go to standard output, everything else to standard error. -o FILE writes the whole file or none; the "
    "ending of its name sets the format unless --format does.";

/// Text for roff: backslashes and hyphens escaped, a dot or quote at the beginning of a line made harmless.
std::string roff(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
  }
  return out.starts_with('.') || out.starts_with('\'') ? "\\&" + out : out;
}

/// An argument of a macro: one word.
std::string word(const std::string& text) {
  std::string out = roff(text);
  for (std::size_t at = 0; (at = out.find('"', at)) != std::string::npos; at += 4) out.replace(at, 1, "\\(dq");
  return '"' + out + '"';
}

std::string trimmed(const std::string& text) { return text.substr(std::min(text.find_first_not_of(' '), text.size())); }

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::string entry(const std::string& term_text, const std::string& text) {
  return fmt::format(".TP\n.B {}\n{}\n", word(term_text), roff(text));
}

std::string entries(const std::string& heading, const std::vector<Meaning>& meanings) {
  std::string out = meanings.empty() ? "" : fmt::format(".SH {}\n", heading);
  for (const auto& [name, text] : meanings) out += entry(name, text);
  return out;
}

std::string shared_names(const CommandSpec& command) {
  std::vector<std::string> names;
  for (const auto& option : common_options(command)) names.push_back(option.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string command_roff(const ProgramSpec& program, const CommandSpec& command) {
  std::string out = fmt::format(".SS {}\n{}.\n", word(program.name + " " + usage(command)), roff(command.summary));
  for (const auto& positional : command.positionals) out += entry(positional.name, explanation(positional));
  for (const auto& option : command.options) out += entry(trimmed(term(option)), explanation(option));
  out += fmt::format(".PP\nShared options: {}.\n", roff(shared_names(command)));
  for (const auto& example : command.examples)
    out += fmt::format(".PP\n{}:\n.PP\n.nf\n.RS\n{}\n.RE\n.fi\n", roff(example.says), roff(example.line));
  return out;
}

/// A cell of a table of Markdown.
std::string cell(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '|' ? std::string("\\|") : c == '<' ? std::string("\\<") : std::string(1, c);
  return out;
}

std::string row(const std::string& term_text, const std::string& text) {
  return fmt::format("| `{}` | {} |\n", cell(term_text), cell(text));
}

std::string table(const std::string& heads, const std::vector<Meaning>& rows) {
  std::string out = rows.empty() ? "" : fmt::format("\n| {} | |\n|---|---|\n", heads);
  for (const auto& [name, text] : rows) out += row(name, text);
  return out;
}

std::vector<Meaning> rows_of(const std::vector<OptionSpec>& options) {
  std::vector<Meaning> rows;
  for (const auto& option : options) rows.emplace_back(trimmed(term(option)), explanation(option));
  return rows;
}

std::string command_markdown(const ProgramSpec& program, const CommandSpec& command) {
  std::string out =
      fmt::format("\n### {}\n\n{}.\n\n    {} {}\n", command.name, command.summary, program.name, usage(command));
  std::vector<Meaning> rows;
  for (const auto& positional : command.positionals) rows.emplace_back(positional.name, explanation(positional));
  for (const auto& option : rows_of(command.options)) rows.push_back(option);
  out += table("argument or option", rows);
  out += fmt::format("\nShared options: `{}`.\n", shared_names(command));
  for (const auto& example : command.examples) out += fmt::format("\n{}:\n\n    {}\n", example.says, example.line);
  return out;
}

}  // namespace

std::string manual_roff(const ProgramSpec& program) {
  std::string out = fmt::format(".TH {} 1 \"\" {} {}\n.SH NAME\n{} \\- {}\n", upper(program.name),
                                word(program.name + " " + program.version), word("User commands"), program.name,
                                roff(program.summary));
  out += fmt::format(".SH SYNOPSIS\n.B {}\n.I COMMAND\n[arguments] [options]\n", program.name);
  out += fmt::format(".SH DESCRIPTION\n{}\n.SH COMMANDS\n", roff(about_output));
  for (const auto& command : program.commands) out += command_roff(program, command);
  out += ".SH SHARED OPTIONS\n";
  for (const auto& option : common_options()) out += entry(trimmed(term(option)), explanation(option));
  return out + entries("EXIT STATUS", program.endings) + entries("ENVIRONMENT", program.environment);
}

std::string manual_markdown(const ProgramSpec& program) {
  std::string out = fmt::format(
      "# Commands\n\nThis reference lists every command of {0} with its options, examples, exit codes and environment "
      "variables. `{0} man markdown` generates it from the table that also makes the help, the man page and the shell "
      "completions.\n\n{1}\n",
      program.name, about_output);
  std::string group;
  for (const auto& command : program.commands) {
    if (command.group != group) out += fmt::format("\n## {}\n", command.group);
    group = command.group;
    out += command_markdown(program, command);
  }
  out += "\n## Shared options\n" + table("option", rows_of(common_options()));
  out += "\n## Exit codes\n" + table("code", program.endings);
  return out + "\n## Environment\n" + table("variable", program.environment);
}

}  // namespace chipmix::cli
