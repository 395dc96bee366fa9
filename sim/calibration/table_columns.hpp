// What the columns of a table are, and in which unit: told by their names, by the whole header of a known publisher, or
// by the user.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/dtype.hpp"
#include "calibration/table_options.hpp"
#include "calibration/text_file.hpp"

namespace chipmix::calibration {

struct Column {
  std::string name;     ///< as the table has it
  std::string meaning;  ///< a column of docs/measurements.md, "time" or "rate"; empty: not read
  double unit = 0;      ///< of a time, s, or of a rate, FLOP/s; 0: stands in each cell
};

/// The publishers whose tables are known by their header.
enum class Publisher { none, aiconfigurator, blas_bench };

struct Header {
  std::vector<Column> columns;
  Publisher publisher = Publisher::none;
};

/// Reads the names; a column that cannot be told, or whose unit cannot, is a fault in `text`.
Header read_header(const std::vector<Field>& names, const TableOptions& options, TextFile& text);

/// A cell of a column whose header has no unit: "0.19ms", "1358 TFLOPS". Nothing where no unit follows the number.
struct Quantity {
  double value = 0, unit = 0;
};
std::optional<Quantity> time_in(std::string_view cell);
std::optional<Quantity> rate_in(std::string_view cell);

/// Number formats in the words of frameworks and libraries: "bfloat16", "f16_r", "fp8_block", ...
std::optional<Dtype> dtype_in_words(std::string_view words);

/// Names that a column may be given.
const std::vector<std::string>& column_names();

}  // namespace chipmix::calibration
