#include "cli/show.hpp"

#include <algorithm>

#include "cli/output.hpp"

namespace chipmix::cli {
namespace {

report::Dress dress(Format format) {
  switch (format) {
    case Format::table:
      return report::Dress::text;
    case Format::json:
      return report::Dress::json;
    case Format::csv:
      return report::Dress::csv;
    case Format::markdown:
      return report::Dress::markdown;
  }
  return report::Dress::text;
}

/// Text for a terminal fits its width; text for a file or a pipe is not squeezed.
report::TextStyle style(const Invocation& invocation) {
  const bool terminal = !invocation.output && stdout_is_terminal();
  return {static_cast<std::size_t>(terminal ? std::max(60, stdout_columns()) : 180), terminal && stdout_takes_style()};
}

}  // namespace

void show(const report::Page& page, const Invocation& invocation) {
  const Format format = invocation.format.value_or(Format::table);
  std::string text = report::render(page, dress(format), style(invocation));
  if (format == Format::table && !invocation.output && stdout_is_terminal())
    text += report::render_charts(page, style(invocation));
  write_result(text, invocation.output);
}

}  // namespace chipmix::cli
