// Rows of a sweep as lines of text: CSV, or one JSON object a line. Both begin with the row's key and its point.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "sweep/point.hpp"
#include "sweep/row.hpp"

namespace chipmix::sweep {

enum class LineFormat { csv, jsonl };

/// By the end of a file's name, ".csv" or ".jsonl".
std::optional<LineFormat> line_format(const std::string& path);

class Lines {
 public:
  Lines(LineFormat format, std::vector<std::string> paths, std::vector<std::string> figures);

  LineFormat format() const { return format_; }
  /// key, point, the paths that vary, option, feasible, plan, figures, reason, error.
  const std::vector<std::string>& columns() const { return columns_; }
  /// First line of the file, with its end; "" where the format has none.
  std::string header() const;
  /// One line, with its end. Values stand under the paths that the point changes; others are left empty.
  /// Whether a line has a row's columns, with numbers where figures stand.
  bool holds(const std::string& line) const;
  std::string line(const std::string& key, std::size_t point, const Point& changes, const Row& row) const;

 private:
  std::string csv(const std::string& key, std::size_t point, const Point& changes, const Row& row) const;
  std::string json(const std::string& key, std::size_t point, const Point& changes, const Row& row) const;

  LineFormat format_;
  std::vector<std::string> paths_, figures_, columns_;
};

/// What every line says of itself.
struct Label {
  std::string key;
  std::size_t point = 0;
};
/// Nothing where the line is not one of Lines.
std::optional<Label> label_of(const std::string& line, LineFormat format);

/// Whether a line was written to its end: as many fields as the header's, every quote closed; of JSON an object.
bool is_whole(const std::string& line, const std::string& header, LineFormat format);

}  // namespace chipmix::sweep
