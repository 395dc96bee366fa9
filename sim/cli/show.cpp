#include "cli/show.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "cli/output.hpp"

namespace chipmix::cli {
namespace {

report::OutputFormat dress(Format format) {
  switch (format) {
    case Format::table:
      return report::OutputFormat::text;
    case Format::json:
      return report::OutputFormat::json;
    case Format::csv:
      return report::OutputFormat::csv;
    case Format::markdown:
      return report::OutputFormat::markdown;
  }
  return report::OutputFormat::text;
}

/// What the ending of a file's name says: nothing where it has none that is known.
std::optional<Format> format_of(const std::string& path) {
  static const std::map<std::string, Format> endings = {
      {".json", Format::json}, {".csv", Format::csv}, {".md", Format::markdown}, {".markdown", Format::markdown}};
  const auto found = endings.find(std::filesystem::path(path).extension().string());
  return found == endings.end() ? std::nullopt : std::optional(found->second);
}

/// Text for a terminal fits its width; text for a file or a pipe is not squeezed.
report::TextStyle style(const Invocation& invocation) {
  const bool terminal = !invocation.output && stdout_is_terminal();
  return {static_cast<std::size_t>(terminal ? std::max(60, stdout_columns()) : 180), terminal && stdout_takes_style()};
}

}  // namespace

Format shown_as(const Invocation& invocation) {
  if (invocation.format) return *invocation.format;
  if (!invocation.output) return Format::table;
  const std::string end = std::filesystem::path(*invocation.output).extension().string();
  if (end == ".html" || end == ".pdf" || end == ".xlsx")
    throw UsageError(
        fmt::format("{0} is written by 'chipmix report SCENARIO -o F{0}', and by ask, compare and procure; "
                    "here -o takes .json, .csv, .md or .txt",
                    end),
        invocation.command);
  return format_of(*invocation.output).value_or(Format::table);
}

void show(const report::Page& page, const Invocation& invocation) {
  const Format format = shown_as(invocation);
  std::string text = report::render(page, dress(format), style(invocation));
  if (format == Format::table && !invocation.output && stdout_is_terminal())
    text += report::render_charts(page, style(invocation));
  write_result(text, invocation.output);
}

}  // namespace chipmix::cli
