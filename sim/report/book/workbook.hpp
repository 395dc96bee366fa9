// A spreadsheet before it is a file: sheets of cells that are text, a number or a formula with its value.
#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

namespace chipmix::report::book {

/// A live formula, without "=", and the value that we calculated: spreadsheets show it until they recalculate.
struct Formula {
  std::string text;
  std::variant<double, std::string> value;
};

enum class Style {
  plain,
  title,
  heading,
  header,
  input,  ///< a number that people may change
  total,
  note,
  paragraph,  ///< text across all columns of the sheet
};

/// How numbers are written, in the codes of spreadsheets.
namespace number {
inline constexpr const char* general = "General";
inline constexpr const char* count = "#,##0";
inline constexpr const char* decimal = "#,##0.0";
inline constexpr const char* cents = "#,##0.00";
inline constexpr const char* price = "#,##0.0000";
inline constexpr const char* share = "0.0%";
inline constexpr const char* change = "+0.0%;-0.0%;0.0%";
}  // namespace number

using Content = std::variant<std::monostate, std::string, double, Formula>;

struct Cell {
  Content content{};
  std::string format = number::general;
  Style style = Style::plain;

  Cell() = default;
  Cell(std::string text, Style how = Style::plain) : content(std::move(text)), style(how) {}
  Cell(const char* text, Style how = Style::plain) : Cell(std::string(text), how) {}
  Cell(double value, std::string how, Style look = Style::plain)
      : content(value), format(std::move(how)), style(look) {}
  Cell(Formula formula, std::string how, Style look = Style::plain)
      : content(std::move(formula)), format(std::move(how)), style(look) {}
};

using Row = std::vector<Cell>;

/// A chart of columns of its own sheet, drawn by the spreadsheet: it follows the cells.
struct Chart {
  enum class Kind { bar, column, line };
  struct Series {
    std::string name;
    std::size_t column = 0;
  };

  Kind kind = Kind::bar;
  std::string title;
  std::string axis;                 ///< of the values, with its unit
  std::size_t names = 0;            ///< column of the categories
  std::size_t first = 0, last = 0;  ///< rows, both with data
  std::vector<Series> series{};
  std::size_t row = 0, column = 0;  ///< cell at its upper left corner
};

struct Sheet {
  std::string name;
  std::vector<double> widths{};  ///< of columns, in characters
  std::size_t frozen_rows = 0;   ///< at the top, they stay and are printed on every page
  std::size_t frozen_columns = 0;
  std::vector<Row> rows{};
  std::vector<Chart> charts{};
};

/// A word for one cell, to be used in formulas.
struct DefinedName {
  std::string name;
  std::string sheet;
  std::size_t row = 0, column = 0;
};

struct Workbook {
  std::string title;
  std::vector<Sheet> sheets{};
  std::vector<DefinedName> names{};
};

/// "C7", from 0: of row 6 and column 2.
std::string place(std::size_t row, std::size_t column);

/// A number's own format: grouped, with the decimals it needs, at most six.
std::string format_of(double value);

/// A number as a formula writes it; all digits.
std::string literal(double value);

/// A row of column headers.
Row header(const std::vector<std::string>& texts);

}  // namespace chipmix::report::book
