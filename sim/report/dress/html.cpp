#include <fmt/format.h>

#include "report/chart/canvas.hpp"
#include "report/dress/assets.hpp"
#include "report/report.hpp"

namespace chipmix::report {
namespace {

/// What a machine sorts by: numbers alone.
std::string sort_value(const Cell& cell) {
  const double* number = std::get_if<double>(&cell.value);
  return number ? fmt::format(" data-v=\"{}\"", exact(*number)) : "";
}

const char* side(const Column& column) { return column.align == Align::right ? " class=\"number\"" : ""; }

std::string cell_html(const Column& column, const Cell& cell) {
  constexpr std::size_t long_words = 24;
  const bool is_long = column.align == Align::left && cell.text.size() > long_words;
  return fmt::format("<td{}{}>{}</td>", is_long ? " class=\"words\"" : side(column), sort_value(cell),
                     escaped(cell.text));
}

std::string table_html(const Table& whole, const std::string& name) {
  const Table table = without(whole, machine_only);
  std::string out = fmt::format(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table><thead><tr>", escaped(name));
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

std::string titled_table(const Table& table, const std::string& section) {
  if (table.rows.empty()) return {};
  const std::string head = table.title.empty() ? "" : "<h3>" + escaped(table.title) + "</h3>\n";
  return head + table_html(table, table.title.empty() ? section : table.title);
}

std::string figure_html(const Figure& figure) {
  return fmt::format(
      "<figure><figcaption><strong>{0}</strong>{1}</figcaption>\n"
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Chart: {0}\">{2}</div>\n"
      "<details><summary>Data</summary>{3}</details></figure>\n",
      escaped(figure.title), escaped(figure.caption), figure.svg, table_html(figure.data, "Data: " + figure.title));
}

std::string anchor(std::size_t section) { return fmt::format("s{}", section + 1); }

std::string section_html(const Section& section, std::size_t number) {
  std::string out = fmt::format("<section id=\"{}\"><h2>{}</h2>\n", anchor(number), escaped(section.title));
  for (const std::string& words : section.words) out += "<p>" + escaped(words) + "</p>\n";
  for (const Table& table : section.first) out += titled_table(table, section.title);
  for (const Figure& figure : section.figures) out += figure_html(figure);
  for (const Table& table : section.tables) out += titled_table(table, section.title);
  return out + "</section>\n";
}

}  // namespace

std::string html(const Report& report) {
  std::string out = fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{0}</title>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
      "script-src 'sha256-{1}'\">\n<style>{2}</style></head><body><header><h1>{0}</h1>\n",
      escaped(report.title), page_script_digest, page_style);
  if (!report.lead.empty()) out += "<p class=\"lead\">" + escaped(report.lead) + "</p>\n";
  out += "</header><nav aria-label=\"Sections\"><ul>\n";
  for (std::size_t i = 0; i < report.sections.size(); ++i)
    out += fmt::format("<li><a href=\"#{}\">{}</a></li>\n", anchor(i), escaped(report.sections[i].title));
  out += "</ul></nav><main>\n";
  for (std::size_t i = 0; i < report.sections.size(); ++i) out += section_html(report.sections[i], i);
  return out + fmt::format("</main><script>{}</script></body></html>\n", page_script);
}

void add(Section& section, Figure figure) {
  if (!figure.svg.empty() && !figure.data.rows.empty()) section.figures.push_back(std::move(figure));
}

}  // namespace chipmix::report
