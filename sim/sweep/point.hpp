// A point of a sweep: what it changes in the scenario. Grids of points, in a fixed order.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "io/document.hpp"

namespace chipmix::sweep {

/// Paths into the scenario, each with its value as JSON.
using Point = io::Changes;

/// A path and the values it takes, each as JSON.
struct Axis {
  std::string path;
  std::vector<std::string> values;
};

/// Reads "PATH=V1,V2,..." or "PATH=FROM:TO:COUNT", the latter with a unit after it if the values have one
/// ("options.a.rent.value=1:3:5 USD/h"): COUNT values evenly spaced, both ends among them. Commas inside brackets or
/// quotes belong to a value. Throws std::invalid_argument that says what is wrong.
Axis read_axis(const std::string& text);

/// Every combination of the axes' values; the last axis changes fastest.
class Grid {
 public:
  /// Throws std::invalid_argument if there are too many points to count.
  explicit Grid(std::vector<Axis> axes);

  const std::vector<Axis>& axes() const { return axes_; }
  std::size_t size() const { return size_; }
  Point point(std::size_t index) const;

 private:
  std::vector<Axis> axes_;
  std::size_t size_ = 1;
};

/// Part `index` of `count` (from 1): every count-th point, so that parts take about as long as one another.
struct Shard {
  std::size_t index = 1, count = 1;
};

/// Reads "I/N". Throws std::invalid_argument.
Shard read_shard(const std::string& text);

}  // namespace chipmix::sweep
