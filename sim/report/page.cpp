#include "report/page.hpp"

#include <nlohmann/json.hpp>

#include "base/utf8.hpp"

namespace chipmix::report {
namespace {

void add_sentences(const std::vector<std::string>& sentences, std::size_t width, std::string& out) {
  for (const std::string& sentence : sentences) {
    out += "\n";
    for (const std::string& line : wrap(printable_lines(sentence), width)) out += line + "\n";
  }
}

/// Tables without rows are for machines only: people read the remarks instead.
std::string text(const Page& page, const TextStyle& style) {
  std::string out;
  for (const std::string& line : wrap(printable_lines(page.title), style.width)) out += line + "\n";
  add_sentences(page.lead, style.width, out);
  for (const Table& table : page.tables)
    if (!table.rows.empty()) out += "\n" + to_text(table, style);
  add_sentences(page.remarks, style.width, out);
  if (!page.drawing.empty()) out += "\n" + page.drawing;
  return out;
}

std::string markdown_page(const Page& page) {
  std::string out = "# " + markdown_text(page.title) + "\n";
  for (const std::string& sentence : page.lead) out += "\n" + markdown_text(sentence) + "\n";
  for (const Table& table : page.tables)
    if (!table.rows.empty()) out += "\n" + to_markdown(table);
  for (const std::string& remark : page.remarks) out += "\n" + markdown_text(remark) + "\n";
  if (!page.drawing.empty()) out += "\n```\n" + page.drawing + "```\n";
  return out;
}

}  // namespace

Page table_page(std::string title, Table table) {
  const nlohmann::ordered_json json = {{"schema_version", 1}, {title, to_json(table)}};
  return {std::move(title), {std::move(table)}, {}, json.dump(2)};
}

std::string render(const Page& page, OutputFormat dress, const TextStyle& style) {
  switch (dress) {
    case OutputFormat::text:
      return text(page, style);
    case OutputFormat::markdown:
      return markdown_page(page);
    case OutputFormat::csv:
      return page.tables.empty() ? "" : to_csv(page.tables.front());
    case OutputFormat::json:
      return page.json + "\n";
  }
  return {};
}

std::string render_charts(const Page& page, const TextStyle& style) {
  std::string out;
  for (const Page::Chart& chart : page.charts)
    if (const std::string bars = text_bars(chart.title, chart.bars, style.width); !bars.empty()) out += "\n" + bars;
  return out;
}

}  // namespace chipmix::report
