// The best plans seen so far.
#pragma once

#include <limits>
#include <vector>

#include "planner/search.hpp"

namespace chipmix::planner {

/// Keeps the `keep` fastest, ties by plan order; when diverse, the fastest of each set of tensor, pipeline, context and
/// expert degrees. What is kept does not depend on the order of the insertions.
class BestList {
 public:
  BestList(int keep, bool diverse) : keep_(keep), diverse_(diverse) {}

  void insert(const Found& found);

  /// Slower plans than this are not kept.
  double limit() const {
    const bool full = static_cast<int>(list_.size()) >= keep_;
    return full ? list_.back().step_time : std::numeric_limits<double>::infinity();
  }
  const std::vector<Found>& list() const { return list_; }

 private:
  int keep_;
  bool diverse_;
  std::vector<Found> list_;
};

}  // namespace chipmix::planner
