#include "planner/mix/refusal.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chipmix::planner {
namespace {

bool can_share_from(int batch, const std::vector<LaneSteps>& lanes, std::size_t lane) {
  const bool is_last = lane + 1 == lanes.size();
  for (int quantum : lanes[lane].quanta) {
    if (is_last && batch >= quantum && batch % quantum == 0) return true;
    for (int share = quantum; !is_last && share < batch; share += quantum)
      if (can_share_from(batch - share, lanes, lane + 1)) return true;
  }
  return false;
}

/// The first batch from `batch` on, in steps of `by`, that can be shared; 0 where there is none near.
int nearest(int batch, int by, const std::vector<LaneSteps>& lanes) {
  int reach = 0;
  for (const LaneSteps& lane : lanes)
    if (!lane.quanta.empty()) reach += 2 * *std::max_element(lane.quanta.begin(), lane.quanta.end());
  for (int step = 0; step <= reach && batch > 0; ++step, batch += by)
    if (can_share(batch, lanes)) return batch;
  return 0;
}

}  // namespace

bool can_share(int batch, const std::vector<LaneSteps>& lanes) { return can_share_from(batch, lanes, 0); }

std::string no_share(int batch, const std::vector<LaneSteps>& lanes) {
  std::string text = fmt::format("{} sequences a step cannot be divided:", batch);
  for (const LaneSteps& lane : lanes)
    text += fmt::format("{} '{}' takes multiples of {}", &lane == &lanes.front() ? "" : ",", lane.name,
                        fmt::join(lane.quanta, ", "));
  const int less = nearest(batch, -1, lanes), more = nearest(batch, 1, lanes);
  if (less > 0 && more > 0)
    return text + fmt::format("; the nearest global batches that can be are {} and {}", less, more);
  if (less > 0 || more > 0) return text + fmt::format("; the nearest global batch that can be is {}", less + more);
  return text;
}

std::string unjoined(const hardware::Cluster& cluster, const std::vector<int>& islands) {
  std::string pairs;
  for (std::size_t i = 0; i < islands.size(); ++i)
    for (std::size_t k = i + 1; k < islands.size(); ++k)
      if (islands[i] != islands[k] && !cluster.between(islands[i], islands[k]))
        pairs += fmt::format("{}'{}' and '{}'", pairs.empty() ? "" : ", ", cluster.groups[islands[i]].name,
                             cluster.groups[islands[k]].name);
  return fmt::format("islands that have to exchange data are not joined: {}; add what joins them to \"links\"", pairs);
}

std::string lane_name(const hardware::Cluster& cluster, const std::vector<int>& islands) {
  std::string text;
  for (int island : islands) text += (text.empty() ? "" : " + ") + cluster.groups[island].name;
  return text;
}

}  // namespace chipmix::planner
