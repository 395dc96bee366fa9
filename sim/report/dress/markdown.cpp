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

std::string section_text(const Section& section, const char* level) {
  std::string out = fmt::format("{} {}\n\n", level, plain(section.title));
  for (const std::string& words : section.words) out += plain(words) + "\n\n";
  for (const Table& table : section.first)
    if (!table.rows.empty()) out += to_markdown(table) + "\n";
  for (const Figure& figure : section.figures) out += figure_text(figure);
  for (const Table& table : section.tables)
    if (!table.rows.empty()) out += to_markdown(table) + "\n";
  return out;
}

std::string lines(const std::string& title, const std::vector<std::string>& list) {
  if (list.empty()) return {};
  std::string out = "**" + plain(title) + "**\n\n";
  for (const std::string& line : list) out += "- " + plain(line) + "\n";
  return out + "\n";
}

std::string front_text(const Report& report, const Say& say) {
  const FrontPage& front = report.front;
  const Imprint& by = report.imprint;
  std::string out =
      plain(fmt::format("{} · {} · chipmix {} · {}", by.day, by.author.empty() ? say(Text::not_named) : by.author,
                        by.version, by.fingerprint)) +
      "\n\n" + plain(front.question) + "\n\n**" + plain(front.answer) + "**\n\n" +
      (front.firmness.empty() ? "" : plain(front.firmness) + "\n\n");
  Table figures;
  std::vector<Cell> values, notes;
  for (const Headline& one : front.headlines) {
    figures.columns.push_back({one.name});
    values.emplace_back(one.value), notes.emplace_back(one.note);
  }
  if (!figures.columns.empty()) {
    figures.add(std::move(values)), figures.add(std::move(notes));
    out += to_markdown(figures) + "\n";
  }
  for (const std::string& line : front.basis) out += plain(line) + "\n";
  if (!front.basis.empty()) out += "\n";
  if (!front.options.data.rows.empty()) out += figure_text(front.options);
  return out + lines(say(Text::what_would_change), front.risks) + lines(say(Text::what_is_asked), front.asked);
}

}  // namespace

std::string markdown(const Report& report) {
  const Say say(report.language);
  std::string out = "# " + plain(report.title) + "\n\n" + front_text(report, say);
  for (const Section& section : report.chapters) out += section_text(section, "##");
  out += fmt::format("<details><summary>{}</summary>\n\n", escaped(say(Text::appendix)));
  for (const Section& section : report.appendix) out += section_text(section, "##");
  return out + "</details>\n";
}

}  // namespace chipmix::report
