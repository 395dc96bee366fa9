// Tables for a terminal: columns aligned, long text wrapped, a rule under the header and no boxes.
#include <algorithm>

#include "base/utf8.hpp"
#include "report/table.hpp"

namespace chipmix::report {
namespace {

constexpr std::size_t gap = 2;         // cells between columns
constexpr std::size_t narrowest = 12;  // a wrapped column keeps at least this many cells

using Row = std::vector<std::string>;

/// Printable lines of a field: control characters would steer the terminal or upset the columns.
std::string clean(const std::string& text) {
  std::string out;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string line = printable(std::string_view(text).substr(begin, end - begin));
    std::replace(line.begin(), line.end(), '\t', ' ');
    if (begin > 0) out += '\n';
    out += line;
    begin = end + 1;
  }
  return out;
}

std::vector<Row> fields(const Table& table) {
  std::vector<Row> all(1);
  for (const auto& column : table.columns) all.front().push_back(clean(column.header));
  for (const auto& row : table.rows) {
    all.emplace_back();
    for (const auto& cell : row) all.back().push_back(clean(cell.text));
  }
  return all;
}

std::size_t widest_line(const std::string& text) {
  std::size_t width = 0;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    width = std::max(width, display_width(std::string_view(text).substr(begin, end - begin)));
    begin = end + 1;
  }
  return width;
}

/// Narrows the widest left-aligned columns, one cell at a time, until the table fits or all are narrow.
void fit(std::vector<std::size_t>& widths, const Table& table, std::size_t limit) {
  std::size_t total = gap * (widths.empty() ? 0 : widths.size() - 1);
  for (const std::size_t width : widths) total += width;
  while (total > limit) {
    std::size_t widest = widths.size();
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const bool wraps = table.columns[i].align == Align::left && widths[i] > narrowest;
      if (wraps && (widest == widths.size() || widths[i] > widths[widest])) widest = i;
    }
    if (widest == widths.size()) return;
    --widths[widest];
    --total;
  }
}

std::vector<std::size_t> column_widths(const std::vector<Row>& rows, const Table& table, std::size_t limit) {
  std::vector<std::size_t> widths(table.columns.size(), 1);
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], widest_line(row[i]));
  fit(widths, table, limit);
  return widths;
}

/// One row as lines of text, without spaces at their ends.
std::string laid_out(const Row& row, const Table& table, const std::vector<std::size_t>& widths) {
  std::vector<std::vector<std::string>> wrapped;
  std::size_t height = 1;
  for (std::size_t i = 0; i < row.size(); ++i) {
    wrapped.push_back(wrap(row[i], widths[i]));
    height = std::max(height, wrapped.back().size());
  }
  std::string out;
  for (std::size_t k = 0; k < height; ++k) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string text = k < wrapped[i].size() ? wrapped[i][k] : "";
      if (i > 0) line.append(gap, ' ');
      line += pad(text, widths[i], table.columns[i].align);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + '\n';
  }
  return out;
}

std::string rule(const std::vector<std::size_t>& widths) {
  std::string out;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    if (i > 0) out += std::string(gap, ' ');
    for (std::size_t k = 0; k < widths[i]; ++k) out += "─";
  }
  return out + '\n';
}

/// Each line made bold by itself, so that a pager that shows single lines shows them right (ECMA-48, SGR 1 and 0).
std::string bold(const std::string& lines) {
  std::string out;
  for (std::size_t begin = 0; begin < lines.size();) {
    const std::size_t end = lines.find('\n', begin);
    out.append("\x1b[1m").append(lines, begin, end - begin).append("\x1b[0m\n");
    begin = end + 1;
  }
  return out;
}

}  // namespace

std::string to_text(const Table& table, const TextStyle& style) {
  const auto rows = fields(table);
  const auto widths = column_widths(rows, table, style.width);
  std::string out = table.title.empty() ? "" : clean(table.title) + "\n\n";
  const std::string header = laid_out(rows.front(), table, widths);
  out += style.bold_header ? bold(header) : header;
  out += rule(widths);
  for (std::size_t i = 1; i < rows.size(); ++i) out += laid_out(rows[i], table, widths);
  return out;
}

}  // namespace chipmix::report
