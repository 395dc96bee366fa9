#include "report/html.hpp"

#include <fmt/format.h>

#include "report/svg.hpp"

namespace chipmix::report {
namespace {

constexpr const char* style = R"(
:root { color-scheme: light dark; --ink: #1a1a1a; --paper: #ffffff; --soft: #5a5a5a; --rule: #d0d0d0; --band: #f4f6f8; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ececec; --paper: #16181b; --soft: #b0b0b0; --rule: #3a3f45; --band: #1f2328; }
}
body { margin: 0 auto; max-width: 70rem; padding: 1.5rem; color: var(--ink); background: var(--paper);
  font: 16px/1.5 system-ui, "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.25; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
.lead { font-size: 1.1rem; border-left: .3rem solid #0072b2; padding-left: 1rem; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .6rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--rule); }
th { font-weight: 600; } tbody tr:nth-child(even) { background: var(--band); } .number { text-align: right; }
figure { margin: 1.5rem 0; } figcaption { color: var(--soft); } svg { width: 100%; height: auto; max-width: 760px; }
svg text { font: 13px system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif; fill: var(--ink); }
svg .axis { stroke: var(--ink); stroke-width: 1.2; }
@page { margin: 15mm; }
@media print { body { max-width: none; padding: 0; font-size: 11pt; color: #000; background: #fff; }
  figure, tr { break-inside: avoid; } h2 { break-after: avoid; }
  .scroll { overflow: visible; } table { font-size: 8pt; } }
)";

std::string table_html(const Table& table) {
  std::string out = table.title.empty() ? "" : "<h2>" + escaped(table.title) + "</h2>\n";
  out += "<div class=\"scroll\" tabindex=\"0\"><table><thead><tr>";
  const auto side = [](const Column& column) { return column.align == Align::right ? " class=\"number\"" : ""; };
  for (const Column& column : table.columns)
    if (column.drop != machine_only)
      out += fmt::format("<th scope=\"col\"{}>{}</th>", side(column), escaped(column.header));
  out += "</tr></thead><tbody>\n";
  for (const auto& row : table.rows) {
    out += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i)
      if (table.columns[i].drop != machine_only)
        out += fmt::format("<td{}>{}</td>", side(table.columns[i]), escaped(row[i].text));
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

}  // namespace

std::string html(const Page& page, const std::vector<Figure>& figures) {
  std::string out = fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{0}</title>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
      "<style>{1}</style></head><body><main>\n<h1>{0}</h1>\n",
      escaped(page.title), style);
  if (!page.remarks.empty()) out += "<p class=\"lead\">" + escaped(page.remarks.front()) + "</p>\n";
  for (const Figure& figure : figures)
    if (!figure.svg.empty())
      out += "<figure>" + figure.svg + "<figcaption>" + escaped(figure.caption) + "</figcaption></figure>\n";
  for (const Table& table : page.tables)
    if (!table.rows.empty()) out += table_html(table);
  for (std::size_t i = 1; i < page.remarks.size(); ++i) out += "<p>" + escaped(page.remarks[i]) + "</p>\n";
  return out + "</main></body></html>\n";
}

}  // namespace chipmix::report
