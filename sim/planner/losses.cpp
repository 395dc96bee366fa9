#include "planner/losses.hpp"

#include <algorithm>
#include <cmath>

namespace chipmix::planner {

std::vector<Loss> losses(const engine::Times& plan, const engine::Times& best) {
  std::vector<Loss> list;
  for (int i = 0; i < engine::spent_count; ++i) {
    const double more = plan.seconds[i] - best.seconds[i];
    if (more != 0) list.push_back({static_cast<engine::Spent>(i), more / best.total()});
  }
  std::stable_sort(list.begin(), list.end(),
                   [](const Loss& a, const Loss& b) { return std::abs(a.share) > std::abs(b.share); });
  return list;
}

}  // namespace chipmix::planner
