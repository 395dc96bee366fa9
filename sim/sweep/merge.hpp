// Files of shards put together: the file that one sweep would have written.
#pragma once

#include <string>
#include <vector>

#include "sweep/row_file.hpp"

namespace chipmix::sweep {

struct Merged {
  std::string text;
  std::size_t rows = 0;
  std::vector<std::size_t> missing;  ///< points before the last one that no file holds; the first few
  std::vector<std::string> torn;     ///< files whose last line was cut off, and left out
};

/// Rows in the order of their points, each once. All files have the same format and columns. Throws FileError where
/// files are of different sweeps, or say different things of the same point.
Merged merge(const std::vector<std::string>& paths, LineFormat format);

}  // namespace chipmix::sweep
