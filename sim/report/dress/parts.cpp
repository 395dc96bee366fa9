#include "report/dress/parts.hpp"

#include <fmt/format.h>

#include "report/chart/canvas.hpp"

namespace chipmix::report {
namespace {

/// What a machine sorts by: numbers alone.
std::string sort_value(const Cell& cell) {
  const double* number = std::get_if<double>(&cell.value);
  return number ? fmt::format(" data-v=\"{}\"", exact(*number)) : "";
}

const char* side(const Column& column) { return column.align == Align::right ? " class=\"number\"" : ""; }

/// With the head of its column, which a phone shows before it.
std::string cell_html(const Column& column, const Cell& cell) {
  constexpr std::size_t long_words = 24;
  const bool is_long = column.align == Align::left && cell.text.size() > long_words;
  return fmt::format("<td{}{} data-h=\"{}\">{}</td>", is_long ? " class=\"words\"" : side(column), sort_value(cell),
                     escaped(column.header), escaped(cell.text));
}

std::string titled_table(const Table& table, const std::string& section, int level) {
  if (table.rows.empty()) return {};
  const std::string& title = table.title;
  const std::string head = title.empty() ? "" : fmt::format("<h{0}>{1}</h{0}>\n", level, escaped(title));
  return "<div class=\"table\">" + head + table_html(table, title.empty() ? section : title) + "</div>\n";
}

}  // namespace

std::string table_html(const Table& whole, const std::string& name) {
  constexpr std::size_t wide = 9;  // columns that become cards on a phone
  const Table table = without(whole, machine_only);
  std::string out =
      fmt::format("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table{}><thead><tr>",
                  escaped(name), table.columns.size() <= wide ? " class=\"cards\"" : "");
  for (const Column& column : table.columns)
    out += fmt::format("<th scope=\"col\"{}>{}</th>", side(column), escaped(column.header));
  out += "</tr></thead><tbody>\n";
  for (const auto& row : table.rows) {
    out += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) out += cell_html(table.columns[i], row[i]);
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

std::string figure_html(const Figure& figure, const Say& say) {
  return fmt::format(
      "<figure><figcaption><strong>{0}</strong>{1}</figcaption>\n<div class=\"chart\">{2}</div>\n"
      "<details><summary>{3}</summary>{4}</details></figure>\n",
      escaped(figure.title), escaped(figure.caption), figure.svg, escaped(say(Text::data)),
      table_html(figure.data, say(Text::data_of, {figure.title})));
}

std::string section_html(const Section& section, const std::string& id, const Say& say, int level) {
  std::string out = fmt::format("<section id=\"{0}\"><h{1}>{2}</h{1}>\n", id, level, escaped(section.title));
  for (const std::string& words : section.words) out += "<p>" + escaped(words) + "</p>\n";
  for (const Table& table : section.first) out += titled_table(table, section.title, level + 1);
  for (const Figure& figure : section.figures) out += figure_html(figure, say);
  for (const Table& table : section.tables) out += titled_table(table, section.title, level + 1);
  return out + "</section>\n";
}

}  // namespace chipmix::report
