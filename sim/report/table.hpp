// One table, four dresses: aligned text for a terminal, CSV, Markdown, and a JSON list of objects.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "report/width.hpp"

namespace chipmix::report {

/// What stands in one field: `text` for people, `value` for machines.
struct Cell {
  using Value = std::variant<std::monostate, std::string, double, bool>;

  Cell() = default;  ///< nothing known: "-" for people, empty in CSV, null in JSON
  Cell(std::string words) : text(words), value(std::move(words)) {}
  Cell(const char* words) : Cell(std::string(words)) {}
  /// A number and how people read it ("61.2 d"); without words it is shown with four significant digits, a whole one in
  /// full.
  Cell(double number, std::string words);
  template <class Number, class = std::enable_if_t<std::is_arithmetic_v<Number>>>
  Cell(Number number) : Cell(from(number)) {}

  std::string text = "-";
  Value value;

 private:
  static Cell from(bool truth);
  static Cell from(double number) { return {number, std::string()}; }
  template <class Integer>
  static Cell from(Integer number) {
    return from_whole(static_cast<double>(number));
  }
  static Cell from_whole(double number);
};

struct Column {
  std::string header;  ///< for people: "step time"
  std::string unit{};  ///< of the machine's value: "s", "tokens/s"; part of the machine's name
  Align align = Align::left;
  std::string key{};  ///< the machine's name, when it is not made from header and unit
  /// On a terminal too narrow for all columns those with the highest number go first; 0 stays.
  int drop = 0;
  std::size_t least = 12;  ///< cells that a left-aligned column keeps when it is wrapped
};

/// As Column::drop: in CSV and JSON only.
inline constexpr int machine_only = 1000;

/// A column of numbers: right-aligned.
Column numeric(std::string header, std::string unit = "", std::string key = "");

/// The column with another Column::drop.
Column droppable(Column column, int drop);

/// The name of a column in CSV and JSON: the key, or header and unit in snake case: "step_time_s", "energy_kwh",
/// "throughput_tokens_per_s", "share_percent".
std::string machine_name(const Column& column);

struct Table {
  std::string title{};
  std::vector<Column> columns{};
  std::vector<std::vector<Cell>> rows{};

  /// Throws std::logic_error unless there is one cell per column.
  void add(std::vector<Cell> row);
};

/// The table without the columns whose `drop` is `limit` or more.
Table without(const Table& table, int limit);

struct TextStyle {
  std::size_t width = 100;  ///< terminal cells
  bool bold_header = false;
};

/// Title, header, a rule, rows; columns two cells apart. To keep to the width, columns are dropped (Column::drop)
/// where no wrapping would do, long text is wrapped, then headers of numbers, then all text. Control characters are
/// shown as U+FFFD.
std::string to_text(const Table& table, const TextStyle& style = {});

/// GitHub-flavoured Markdown; pipes and backslashes escaped, line ends written as <br>.
std::string to_markdown(const Table& table);

/// RFC 4180 (fields quoted where needed), but lines end with LF. Numbers have all their digits.
std::string to_csv(const Table& table);

/// A list with one object per row, members in the order of the columns. Numbers that are not finite become null.
nlohmann::ordered_json to_json(const Table& table);

/// One CSV field, quoted if it has a comma, a quote or a line end.
std::string csv_field(const std::string& text);
/// Text that Markdown takes for no mark of a table, a link or HTML.
std::string markdown_text(const std::string& text);

/// The shortest decimal that reads back as the same double; "" if it is not finite.
std::string exact(double number);

}  // namespace chipmix::report
