#include <fmt/format.h>

#include "report/chart/canvas.hpp"
#include "report/report.hpp"

namespace chipmix::report {
namespace {

/// Text that Markdown does not take for marks of its own, nor a reader's browser for HTML.
std::string plain(const std::string& text) {
  std::string safe;
  for (char c : text) {
    if (std::string("\\`*_[]#|~").find(c) != std::string::npos) safe += '\\';
    if (c == '<')
      safe += "&lt;";
    else if (c == '&')
      safe += "&amp;";
    else
      safe += c == '\n' ? ' ' : c;
  }
  return safe;
}

std::string figure_text(const Figure& figure) {
  return fmt::format("<details><summary>{}</summary>\n\n{}\n\n{}\n</details>\n\n", escaped(figure.title),
                     plain(figure.caption), to_markdown(figure.data));
}

std::string section_text(const Section& section) {
  std::string out = "## " + plain(section.title) + "\n\n";
  for (const std::string& words : section.words) out += plain(words) + "\n\n";
  for (const Table& table : section.first)
    if (!table.rows.empty()) out += to_markdown(table) + "\n";
  for (const Figure& figure : section.figures) out += figure_text(figure);
  for (const Table& table : section.tables)
    if (!table.rows.empty()) out += to_markdown(table) + "\n";
  return out;
}

}  // namespace

std::string markdown(const Report& report) {
  std::string out = "# " + plain(report.title) + "\n\n";
  if (!report.lead.empty()) out += "**" + plain(report.lead) + "**\n\n";
  for (const Section& section : report.sections) out += section_text(section);
  return out;
}

}  // namespace chipmix::report
