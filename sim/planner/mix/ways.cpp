#include "planner/mix/ways.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "planner/mix/shares.hpp"

namespace chipmix::planner {

const char* name(Way way) {
  switch (way) {
    case Way::pipeline:
      return "pipeline";
    case Way::data:
      return "data";
    case Way::both:
      return "both";
    case Way::islands:
      return "islands";
    case Way::campaign:
      return "campaign";
  }
  throw std::logic_error("unknown way");
}

int share_quantum(int global_batch) {
  constexpr int least_shares = 24;
  int best = 1;
  for (int divisor = 1; divisor <= global_batch / least_shares; ++divisor) {
    if (global_batch % divisor != 0) continue;
    const auto twos = [](int n) { return std::countr_zero(static_cast<unsigned>(n)); };
    if (twos(divisor) >= twos(best)) best = divisor;
  }
  return best;
}

MixPlanner::MixPlanner(const workload::TrainingJob& job, const hardware::Cluster& cluster, const SearchSpace& space,
                       int sync_interval)
    : job_(job), cluster_(cluster), space_(space), sync_interval_(sync_interval) {}

namespace {

LaneDevices all_of(const hardware::Cluster& cluster) {
  LaneDevices devices;
  for (const hardware::NodeGroup& group : cluster.groups) devices.push_back(group.devices);
  return devices;
}

LaneDevices only(const hardware::Cluster& cluster, const std::vector<int>& islands) {
  LaneDevices devices(cluster.groups.size(), 0);
  for (int island : islands) devices[island] = cluster.groups[island].devices;
  return devices;
}

std::vector<LaneDevices> one_each(const hardware::Cluster& cluster) {
  std::vector<LaneDevices> lanes;
  for (int island = 0; island < static_cast<int>(cluster.groups.size()); ++island)
    lanes.push_back(only(cluster, {island}));
  return lanes;
}

/// Divisions of islands 0 ... count - 1 into sets (restricted growth strings).
void for_each_division(int count, std::vector<int>& set_of, const std::function<void(int sets)>& visit) {
  const int sets = set_of.empty() ? 0 : *std::max_element(set_of.begin(), set_of.end()) + 1;
  if (static_cast<int>(set_of.size()) == count) return visit(sets);
  for (int set = 0; set <= sets; ++set) {
    set_of.push_back(set);
    for_each_division(count, set_of, visit);
    set_of.pop_back();
  }
}

/// The fastest of several results, with the counts of all.
WayResult fastest(const std::vector<WayResult>& results) {
  WayResult best;
  best.reason = "no island can be divided into whole servers";
  for (const WayResult& one : results)
    if (one.plan && (!best.plan || one.step_time < best.step_time))
      best = one;
    else if (!best.plan)
      best.reason = one.reason, best.constraint = one.constraint;
  best.considered = best.evaluated = 0;
  best.complete = true;
  for (const WayResult& one : results) {
    best.considered += one.considered;
    best.evaluated += one.evaluated;
    best.complete = best.complete && one.complete;
    if (!one.complete) best.bound = std::min(best.bound, one.bound);
  }
  return best;
}

}  // namespace

/// Of three islands and more: every division into several pipelines, one of them over several islands. Of two: a
/// quarter, half or three quarters of one island on their own, the rest in a pipeline with the other.
std::vector<std::vector<LaneDevices>> MixPlanner::groupings() const {
  std::vector<std::vector<LaneDevices>> list;
  const int count = static_cast<int>(cluster_.groups.size());
  if (count > 2) {
    std::vector<int> set_of;
    for_each_division(count, set_of, [&](int sets) {
      if (sets == 1 || sets == count) return;
      std::vector<LaneDevices> lanes(sets, LaneDevices(count, 0));
      for (int island = 0; island < count; ++island) lanes[set_of[island]][island] = cluster_.groups[island].devices;
      list.push_back(std::move(lanes));
    });
    return list;
  }
  constexpr int quarters = 4;
  for (int island = 0; island < count; ++island)
    for (int apart = 1; apart < quarters; ++apart) {
      const hardware::NodeGroup& group = cluster_.groups[island];
      if (group.devices % (quarters * group.node.devices) != 0) continue;
      LaneDevices alone(count, 0), together = all_of(cluster_);
      alone[island] = group.devices / quarters * apart;
      together[island] -= alone[island];
      list.push_back({alone, together});
    }
  return list;
}

WayResult MixPlanner::plan(Way way, const SearchLimits& effort) {
  switch (way) {
    case Way::pipeline:
      return lanes({all_of(cluster_)}, 1, effort);
    case Way::data:
      return lanes(one_each(cluster_), 1, effort);
    case Way::islands:
      return lanes(one_each(cluster_), sync_interval_, effort);
    case Way::both: {
      std::vector<WayResult> results;
      double cutoff = std::numeric_limits<double>::infinity();
      for (const std::vector<LaneDevices>& grouping : groupings()) {
        results.push_back(lanes(grouping, 1, effort, cutoff));
        if (results.back().plan) cutoff = results.back().step_time;
      }
      return fastest(results);
    }
    case Way::campaign:
      throw std::logic_error("a campaign is not one job");
  }
  throw std::logic_error("unknown way");
}

WayResult MixPlanner::alone(int island, const SearchLimits& effort) {
  return lanes({only(cluster_, {island})}, 1, effort);
}

WayResult MixPlanner::lanes(const std::vector<LaneDevices>& lanes, int sync_interval, const SearchLimits& effort,
                            double cutoff) {
  return SharedBatch(job_, cluster_, space_, lanes, sync_interval).plan(effort, cutoff);
}

}  // namespace chipmix::planner
