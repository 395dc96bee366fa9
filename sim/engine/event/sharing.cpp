#include "engine/event/sharing.hpp"

#include <algorithm>

namespace chipmix::engine {

Sharing::Sharing(std::vector<double> capacities, std::size_t most_flows)
    : capacities_(std::move(capacities)),
      place_(most_flows, nowhere),
      on_link_(capacities_.size()),
      seen_link_(capacities_.size(), 0),
      max_min_(capacities_) {}

void Sharing::set_out(std::uint32_t flow, double amount, const int* links, int count, double now) {
  place_[flow] = static_cast<std::uint32_t>(moving_.size());
  moving_.push_back({flow, amount, 0, now, links, count});
  for (int i = 0; i < count; ++i) {
    on_link_[links[i]].push_back(flow);
    changed_.push_back(links[i]);
  }
}

void Sharing::arrive(std::uint32_t flow) {
  const Moving& own = moving(flow);
  for (int i = 0; i < own.count; ++i) {
    auto& flows = on_link_[own.links[i]];
    *std::find(flows.begin(), flows.end(), flow) = flows.back();
    flows.pop_back();
    changed_.push_back(own.links[i]);
  }
  const std::uint32_t place = place_[flow];
  moving_[place] = moving_.back();
  place_[moving_[place].flow] = place;
  moving_.pop_back();
  place_[flow] = nowhere;
}

void Sharing::change(int link, double capacity) {
  capacities_[link] = capacity;
  changed_.push_back(link);
}

const std::vector<Sharing::Ending>& Sharing::share_again(double now) {
  endings_.clear();
  if (changed_.empty()) return endings_;
  ++stamp_;
  for (int link : changed_)
    if (seen_link_[link] != stamp_ && !on_link_[link].empty() && !is_alone(link, now)) {
      gather(link);
      max_min_.solve(group_);
      for (std::size_t i = 0; i < group_.flows.size(); ++i) set_rate(flows_[i], group_.flows[i].rate, now);
    }
  changed_.clear();
  return endings_;
}

/// Whether the flow on a link shares none of its links; it gets its rate at once.
bool Sharing::is_alone(int link, double now) {
  const std::uint32_t flow = on_link_[link].front();
  const Moving& own = moving(flow);
  bool alone = true;
  double rate = capacities_[link];
  for (int i = 0; i < own.count; ++i) {
    alone = alone && on_link_[own.links[i]].size() == 1;
    rate = std::min(rate, capacities_[own.links[i]]);
  }
  if (!alone) return false;
  for (int i = 0; i < own.count; ++i) seen_link_[own.links[i]] = stamp_;
  set_rate(flow, rate, now);
  return true;
}

/// All flows that share links with those on `link`, directly or through others.
void Sharing::gather(int link) {
  group_.flows.clear();
  group_.links.assign(1, link);
  flows_.clear();
  seen_link_[link] = stamp_;
  if (in_group_.size() < place_.size()) in_group_.assign(place_.size(), 0);
  for (std::size_t next = 0; next < group_.links.size(); ++next)
    for (std::uint32_t flow : on_link_[group_.links[next]]) {
      if (in_group_[flow] == stamp_) continue;
      in_group_[flow] = stamp_;
      flows_.push_back(flow);
      const Moving& own = moving(flow);
      group_.flows.push_back({own.links, own.count, 0});
      for (int i = 0; i < own.count; ++i) {
        const int other = own.links[i];
        if (seen_link_[other] == stamp_) continue;
        seen_link_[other] = stamp_;
        group_.links.push_back(other);
      }
    }
}

void Sharing::set_rate(std::uint32_t flow, double rate, double now) {
  Moving& own = moving_[place_[flow]];
  if (own.rate == rate) return;
  own.left = std::max(0.0, own.left - own.rate * (now - own.since));
  own.since = now;
  own.rate = rate;
  endings_.push_back({flow, rate > 0 ? now + own.left / rate : 0, !(rate > 0)});
}

}  // namespace chipmix::engine
