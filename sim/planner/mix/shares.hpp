// One batch shared by several pipelines: who takes how much of it?
#pragma once

#include <limits>
#include <map>

#include "planner/mix/ways.hpp"

namespace chipmix::planner {

class SharedBatch {
 public:
  SharedBatch(const workload::TrainingJob& job, const hardware::Cluster& cluster, const SearchSpace& space,
              const std::vector<LaneDevices>& lanes, int sync_interval);

  /// Plans that take `cutoff` seconds or more are not looked for.
  WayResult plan(const SearchLimits& effort, double cutoff = std::numeric_limits<double>::infinity());

 private:
  struct Lane {
    hardware::Cluster cluster;  ///< with the devices of the lane
    LaneSearch search;
    double rate = 0;  ///< sequences a second that it cannot exceed
    std::vector<int> islands;
    std::map<int, LaneResult> answers{};  ///< by sequences
  };
  using Shares = std::vector<int>;  ///< sequences of each lane

  /// Seconds a step that the exchange between lanes takes at least; nothing where islands are not joined.
  std::optional<double> least_sync() const;
  std::vector<Shares> all_shares() const;
  double bound(const Shares& shares) const;
  /// The step with these shares, or nothing where a lane has no plan for its own.
  std::optional<plan::JobPlan> join(const Shares& shares, const SearchLimits& effort, double cutoff);
  double step_time(const plan::JobPlan& plan);
  void settle(const Shares& shares, WayResult& result, const SearchLimits& effort);
  /// Why there is no plan.
  void refuse(WayResult& result);

  workload::TrainingJob job_;
  hardware::Cluster cluster_;
  int sync_interval_;
  std::vector<Lane> lanes_;
  plan::Lowering lowering_;
  engine::AnalyticalEngine engine_;
  double cutoff_ = 0;
  double sync_ = 0;  ///< of least_sync
};

}  // namespace chipmix::planner
