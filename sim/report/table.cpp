#include "report/table.hpp"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

#include "report/number.hpp"

namespace chipmix::report {
namespace {

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80); }

/// Lower case, "/" as "per", "%" as "percent", anything else that is no letter or digit as one underscore.
std::string snake(const std::string& text) {
  std::string out;
  auto separate = [&] {
    if (!out.empty() && out.back() != '_') out += '_';
  };
  for (char c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '/' || c == '%') {
      separate();
      out += c == '/' ? "per_" : "percent_";
    } else if (is_word(c)) {
      out += c;
    } else {
      separate();
    }
  }
  if (!out.empty() && out.back() == '_') out.pop_back();
  return out;
}

}  // namespace

Cell::Cell(double number, std::string words)
    : text(words.empty() ? significant(number, 4) : std::move(words)), value(number) {}

Cell Cell::from(bool truth) {
  Cell cell(truth ? "yes" : "no");
  cell.value = truth;
  return cell;
}

/// Counts are shown in full: 12,288, not 12,290.
Cell Cell::from_whole(double number) { return {number, std::abs(number) < 1e15 ? grouped(number) : ""}; }

Column droppable(Column column, int drop) {
  column.drop = drop;
  return column;
}

Table without(const Table& table, int limit) {
  Table rest{table.title, {}, std::vector<std::vector<Cell>>(table.rows.size())};
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].drop >= limit) continue;
    rest.columns.push_back(table.columns[i]);
    for (std::size_t k = 0; k < table.rows.size(); ++k) rest.rows[k].push_back(table.rows[k][i]);
  }
  return rest;
}

Column numeric(std::string header, std::string unit, std::string key) {
  return {std::move(header), std::move(unit), Align::right, std::move(key)};
}

std::string machine_name(const Column& column) {
  if (!column.key.empty()) return column.key;
  const std::string name = snake(column.header);
  const std::string unit = snake(column.unit);
  return name.empty() || unit.empty() ? name + unit : name + '_' + unit;
}

void Table::add(std::vector<Cell> row) {
  if (row.size() != columns.size())
    throw std::logic_error(fmt::format("a row of {} cells in a table of {} columns", row.size(), columns.size()));
  rows.push_back(std::move(row));
}

}  // namespace chipmix::report
