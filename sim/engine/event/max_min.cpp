#include "engine/event/max_min.hpp"

#include <algorithm>

namespace chipmix::engine {

MaxMin::MaxMin(const std::vector<double>& capacities)
    : capacities_(capacities), left_(capacities.size()), open_(capacities.size()), flows_(capacities.size()) {}

void MaxMin::offer(int link) {
  if (open_[link] == 0) return;
  heap_.push_back({std::max(0.0, left_[link]) / open_[link], link});
  std::push_heap(heap_.begin(), heap_.end());
}

void MaxMin::fix(SharingGroup& group, int flow, double rate) {
  is_fixed_[flow] = 1;
  group.flows[flow].rate = rate;
  for (int i = 0; i < group.flows[flow].count; ++i) {
    const int link = group.flows[flow].links[i];
    left_[link] -= rate;
    --open_[link];
  }
}

void MaxMin::solve(SharingGroup& group) {
  for (int link : group.links) {
    left_[link] = capacities_[link];
    open_[link] = 0;
    flows_[link].clear();
  }
  is_fixed_.assign(group.flows.size(), 0);
  for (std::size_t flow = 0; flow < group.flows.size(); ++flow)
    for (int i = 0; i < group.flows[flow].count; ++i) {
      const int link = group.flows[flow].links[i];
      ++open_[link];
      flows_[link].push_back(static_cast<int>(flow));
    }
  heap_.clear();
  for (int link : group.links) offer(link);
  while (!heap_.empty()) {
    std::pop_heap(heap_.begin(), heap_.end());
    const Candidate next = heap_.back();
    heap_.pop_back();
    if (open_[next.link] == 0) continue;
    const double share = std::max(0.0, left_[next.link]) / open_[next.link];
    if (share > next.share) {  // its flows have left some of it to others since: their turn comes later
      offer(next.link);
      continue;
    }
    for (int flow : flows_[next.link])
      if (!is_fixed_[flow]) fix(group, flow, share);
  }
}

}  // namespace chipmix::engine
