// What a table of measurements does not say by itself.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace chipmix::calibration {

using Named = std::vector<std::pair<std::string, std::string>>;

struct TableOptions {
  std::optional<std::string> header{};  ///< names of the columns, between commas, of a table that has no header
  Named columns{};                      ///< column -> what it is: a column of docs/measurements.md, or "ignore"
  Named rows{};                         ///< column -> values that are kept: "fp8,bf16", "16:4096", or another column
  Named values{};                       ///< column of docs/measurements.md -> its value in every row

  bool empty() const { return !header && columns.empty() && rows.empty() && values.empty(); }
};

}  // namespace chipmix::calibration
