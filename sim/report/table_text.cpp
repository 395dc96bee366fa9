// Tables for a terminal: columns aligned, long text wrapped, a rule under the header and no boxes.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "base/utf8.hpp"
#include "report/table.hpp"

namespace chipmix::report {
namespace {

constexpr std::size_t gap = 2;           // cells between columns
constexpr std::size_t comfortable = 32;  // text this wide is read easily on several lines

constexpr std::size_t narrowest = 20;  // a page that holds a field and its name

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

std::size_t widest_word(const std::string& text) {
  std::size_t width = 0;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find_first_of(" \n", begin), text.size());
    width = std::max(width, display_width(std::string_view(text).substr(begin, end - begin)));
    begin = end + 1;
  }
  return width;
}

/// How wide each column wants to be, and how narrow it can be: numbers stay whole and their headers keep whole words.
struct Widths {
  std::vector<std::size_t> wanted;
  std::vector<std::size_t> least;
};

Widths measure(const std::vector<Row>& rows, const Table& table) {
  Widths widths;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    std::size_t wanted = std::max<std::size_t>(1, widest_line(rows[0][i]));
    std::size_t number = std::max<std::size_t>(1, widest_word(rows[0][i]));
    for (std::size_t k = 1; k < rows.size(); ++k) {
      wanted = std::max(wanted, widest_line(rows[k][i]));
      number = std::max(number, widest_line(rows[k][i]));
    }
    widths.wanted.push_back(wanted);
    widths.least.push_back(table.columns[i].align == Align::right ? number : std::min(wanted, table.columns[i].least));
  }
  return widths;
}

std::size_t total(const std::vector<std::size_t>& widths) {
  return std::accumulate(widths.begin(), widths.end(), gap * (widths.empty() ? 0 : widths.size() - 1));
}

/// Narrows the widest columns of one alignment, one cell at a time, until the table fits or they are down to `floor`
/// cells or as narrow as they can be.
void narrow(Widths& widths, const Table& table, Align align, std::size_t limit, std::size_t floor = 0) {
  for (std::size_t surplus = total(widths.wanted); surplus > limit; --surplus) {
    std::size_t widest = widths.wanted.size();
    for (std::size_t i = 0; i < widths.wanted.size(); ++i) {
      const bool wraps = table.columns[i].align == align && widths.wanted[i] > std::max(widths.least[i], floor);
      if (wraps && (widest == widths.wanted.size() || widths.wanted[i] > widths.wanted[widest])) widest = i;
    }
    if (widest == widths.wanted.size()) return;
    --widths.wanted[widest];
  }
}

std::vector<std::size_t> column_widths(const std::vector<Row>& rows, const Table& table, std::size_t limit) {
  Widths widths = measure(rows, table);
  narrow(widths, table, Align::left, limit, comfortable);
  narrow(widths, table, Align::right, limit);
  narrow(widths, table, Align::left, limit);
  return widths.wanted;
}

/// The columns that there is room for.
Table shown(const Table& table, std::size_t limit) {
  Table rest = without(table, machine_only);
  for (;;) {
    int last = 0;
    for (const Column& column : rest.columns) last = std::max(last, column.drop);
    if (last == 0 || total(measure(fields(rest), rest).least) <= limit) return rest;
    rest = without(rest, last);
  }
}

/// What a reader of a narrow page does not see, in words.
std::string left_out(const Table& whole, const Table& rest, std::size_t width) {
  std::vector<std::string> names;
  for (std::size_t i = 0, k = 0; i < whole.columns.size(); ++i) {
    if (k < rest.columns.size() && whole.columns[i].header == rest.columns[k].header)
      ++k;
    else if (whole.columns[i].drop != machine_only)
      names.push_back(clean(whole.columns[i].header));
  }
  if (names.empty()) return "";
  const std::string text =
      fmt::format("(no room at {} columns for: {}; a wider terminal, -o F.csv or -o F.json shows {})", width,
                  fmt::join(names, ", "), names.size() == 1 ? "it" : "them");
  return fmt::format("{}\n", fmt::join(wrap(text, width), "\n"));
}

/// For a page on which the columns do not fit side by side: a line for every field.
std::string as_records(const std::vector<Row>& rows, std::size_t width) {
  std::string out;
  std::size_t term = 0;
  for (const std::string& header : rows.front()) term = std::max(term, display_width(header));
  term = std::min(term, width / 2);
  for (std::size_t k = 1; k < rows.size(); ++k) {
    if (k > 1) out += '\n';
    for (std::size_t i = 0; i < rows[k].size(); ++i) {
      const auto header = wrap(rows[0][i], term), text = wrap(rows[k][i], width - term - gap);
      for (std::size_t line = 0; line < std::max(header.size(), text.size()); ++line) {
        std::string one = pad(line < header.size() ? header[line] : "", term, Align::left) + std::string(gap, ' ') +
                          (line < text.size() ? text[line] : "");
        one.erase(one.find_last_not_of(' ') + 1);
        out += one + '\n';
      }
    }
  }
  return out;
}

/// One row as lines of text, without spaces at their ends; `low`: short fields stand at the bottom, as headers do.
std::string laid_out(const Row& row, const Table& table, const std::vector<std::size_t>& widths, bool low = false) {
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
      const std::size_t above = low ? height - wrapped[i].size() : 0;
      const std::string text = k >= above && k - above < wrapped[i].size() ? wrapped[i][k - above] : "";
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

std::string to_text(const Table& whole, const TextStyle& style) {
  const Table table = shown(whole, style.width);
  const auto rows = fields(table);
  const auto widths = column_widths(rows, table, style.width);
  std::string out = table.title.empty() ? "" : clean(table.title) + "\n\n";
  if (total(widths) > style.width && style.width >= narrowest) {
    const Table all = without(whole, machine_only);
    return out + as_records(fields(all), style.width);
  }
  const std::string header = laid_out(rows.front(), table, widths, true);
  out += style.bold_header ? bold(header) : header;
  out += rule(widths);
  for (std::size_t i = 1; i < rows.size(); ++i) out += laid_out(rows[i], table, widths);
  return out + left_out(whole, table, style.width);
}

}  // namespace chipmix::report
