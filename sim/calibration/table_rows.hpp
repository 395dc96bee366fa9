// The rows of a table, one after the other, with their cells by meaning.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "calibration/table_columns.hpp"

namespace chipmix::calibration {

/// One row. A cell that is empty is not there.
struct Cells {
  std::size_t offset = 0;
  Publisher publisher = Publisher::none;
  std::map<std::string, Field> by_meaning{};
  const std::vector<Column>* columns = nullptr;

  bool has(const std::string& meaning) const;
  const Field& at(const std::string& meaning) const { return by_meaning.at(meaning); }
  std::string_view text(const std::string& meaning) const;
  std::size_t place(const std::string& meaning) const;  ///< the row's own where there is no such cell
  double unit(const std::string& meaning) const;
  const std::string& name(const std::string& meaning) const;  ///< of the column, in the table
};

/// Finds the header, then gives the rows that options.rows keep. Faults go to `text`, which must outlive it.
class Rows {
 public:
  Rows(TextFile& text, const TableOptions& options);

  std::optional<Cells> next();
  std::size_t seen() const { return seen_; }  ///< rows, those not kept included
  Publisher publisher() const { return header_.publisher; }

 private:
  bool is_kept(const std::vector<Field>& list);
  bool is_header(const Line& line) const;
  void take_header(const std::vector<Field>& names);
  std::optional<Cells> row(const Line& line);
  std::vector<Field> split(const Line& line) const;

  TextFile& text_;
  const TableOptions& options_;
  std::vector<Line> lines_;
  std::size_t next_ = 0, seen_ = 0;
  char separator_ = ',';
  bool is_log_ = false;  ///< tables among other lines, each with its header
  Header header_;
};

/// Whether a text is a table, by its first lines or by a header of a bench among them.
bool is_table(std::string_view text);

}  // namespace chipmix::calibration
