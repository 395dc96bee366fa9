#include "scenario/mix_worth.hpp"

#include <algorithm>

#include "base/parallel.hpp"
#include "scenario/parts.hpp"

namespace chipmix::scenario {
namespace {

using MixWay = planner::Way;

class Others {
 public:
  Others(const workload::TrainingJob& job, const Option& option, const planner::SearchLimits& effort)
      : job_(job), option_(option), effort_(effort) {}

  /// Tokens per second the same way with another number of one island's devices; 0 where nothing fits.
  double rate_with(const OptionAnswer& chosen, int island, int devices) const {
    hardware::Cluster cluster = *option_.cluster;
    cluster.groups[island].devices = devices;
    MixWay way = MixWay::pipeline;
    for (MixWay one : planner::all_ways)
      if (chosen.way == planner::name(one)) way = one;
    const auto found = planner_of(cluster).plan(way, effort_);
    return rate_of(found, cluster);
  }

  /// The other islands, alone or in the faster of one pipeline and shares.
  double rate_without(int gone) const {
    hardware::Cluster cluster = *option_.cluster;
    cluster.groups.erase(cluster.groups.begin() + gone);
    std::erase_if(cluster.links, [&](const auto& link) { return link.one == gone || link.other == gone; });
    for (hardware::IslandLink& link : cluster.links) link.one -= link.one > gone, link.other -= link.other > gone;
    double rate = 0;
    const auto take = [&](const planner::WayResult& found) { rate = std::max(rate, rate_of(found, cluster)); };
    if (cluster.groups.size() == 1) {
      take(planner_of(cluster).alone(0, effort_));
      return rate;
    }
    take(planner_of(cluster).plan(MixWay::data, effort_));
    take(planner_of(cluster).plan(MixWay::pipeline, effort_));
    return rate;
  }

 private:
  /// Interrupted as the mix is: fewer devices fail less often.
  double rate_of(const planner::WayResult& found, const hardware::Cluster& cluster) const {
    if (!found.plan) return 0;
    const double rate = job_.tokens_per_step() / found.step_time;
    return option_.reliability ? rate * interruptions(*option_.reliability, *found.plan, job_, cluster).goodput()
                               : rate;
  }

  planner::MixPlanner planner_of(const hardware::Cluster& cluster) const {
    return {job_, cluster, option_.space, option_.mix->sync_interval};
  }

  const workload::TrainingJob& job_;
  const Option& option_;
  const planner::SearchLimits& effort_;
};

}  // namespace

std::vector<ChipWorth> chip_worth(const workload::TrainingJob& job, const Option& option, const OptionAnswer& chosen,
                                  const std::vector<OptionAnswer>& alone, const planner::SearchLimits& effort,
                                  int jobs) {
  const Others others(job, option, effort);
  const hardware::Cluster& cluster = *option.cluster;
  std::vector<ChipWorth> list(cluster.groups.size());
  // Of a plan's rate in a real run; interruptions that the option states are in each rate.
  double kept = chosen.best_duration / chosen.duration;
  if (option.reliability && chosen.runs.size() == 1) kept *= chosen.runs.front().interruptions->factor();
  parallel_for(2 * static_cast<int>(list.size()), jobs, [&](int i) {
    const int island = i / 2;
    const hardware::NodeGroup& group = cluster.groups[island];
    ChipWorth& one = list[island];
    if (i % 2 == 0) {
      one.island = group.name;
      one.devices = group.devices;
      if (alone[island].feasible()) one.alone = alone[island].tokens_per_s / group.devices;
      one.average = (chosen.tokens_per_s - kept * others.rate_without(island)) / group.devices;
      return;
    }
    one.fewer = group.devices / 2 / group.node.devices * group.node.devices;
    if (one.fewer == 0) return;
    const double fewer = others.rate_with(chosen, island, group.devices - one.fewer);
    one.marginal = (chosen.tokens_per_s - kept * fewer) / one.fewer;
  });
  return list;
}

}  // namespace chipmix::scenario
