// A CSV text row by row, with the place of every fault.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "io/value.hpp"

namespace chipmix::prices {

/// Fields may stand in double quotes, where two of them mean one and commas and line breaks are text. Empty lines are
/// passed over. The texts must outlive it.
class Csv {
 public:
  /// Reads the header.
  Csv(const std::string& file, const std::string& text);

  const std::vector<std::string>& columns() const { return columns_; }
  bool has(const std::string& column) const { return index(column) < columns_.size(); }
  /// To the next row; false at the end. A row with too few or too many fields is a fault and passed over.
  bool next();
  /// Of this row; empty where the column is not there.
  std::string text(const std::string& column) const;
  bool given(const std::string& column) const { return !text(column).empty(); }

  void fault(const std::string& column, std::string message, std::string hint = "");
  void fault_of_column(const std::string& column, std::string message, std::string hint = "");
  void fault_of_header(std::string message, std::string hint = "");
  void throw_if_any() const { diagnostics_.throw_if_any(); }

 private:
  struct Field {
    std::string text;
    std::size_t offset = 0;
  };
  std::vector<Field> read_row();
  void fault_at(std::size_t offset, std::string message, std::string hint);
  std::size_t index(const std::string& column) const;

  const std::string& file_;
  const std::string& text_;
  std::size_t at_ = 0;
  std::vector<std::string> columns_;
  std::vector<Field> header_, row_;
  io::Diagnostics diagnostics_;
};

}  // namespace chipmix::prices
