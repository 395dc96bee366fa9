// The ways to train one model on several islands.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "estimate/estimate.hpp"
#include "plan/job_plan.hpp"
#include "planner/mix/lane_search.hpp"

namespace chipmix::planner {

enum class Way {
  pipeline,  ///< one pipeline, its stages on all islands
  data,      ///< each island a pipeline of its own with its share of the batch; gradients added up in every step
  both,      ///< some islands (or parts of one) share a pipeline, others have their own
  islands,   ///< as data, but weights are brought together only now and then
  campaign,  ///< one island after another, each alone: not planned as one job
};
inline constexpr std::array all_ways = {Way::pipeline, Way::data, Way::both, Way::islands, Way::campaign};
const char* name(Way way);

struct WayResult {
  std::optional<plan::JobPlan> plan;
  double step_time = 0;                                                   ///< seconds
  std::string reason;                                                     ///< why there is no plan
  estimate::Constraint constraint = estimate::Constraint::nothing_found;  ///< of the reason
  double bound = 0;          ///< no plan of this way is faster; equals the step time unless stopped
  bool complete = true;      ///< false: stopped before that was shown
  long long considered = 0;  ///< shapes within reach of the best
  long long evaluated = 0;   ///< of these, shapes laid out and played
};

/// Devices of each node group that a lane has; islands it does not stand on have none.
using LaneDevices = std::vector<int>;

/// Plans one job on the islands of one cluster. Shares of the batch are tried in steps of a quantum, all of them that
/// their bounds do not rule out: lane l takes no less than s_l / r_l seconds, r_l the rate that none of its plans
/// exceeds, and the step no less than the longest of these and the exchange between islands.
class MixPlanner {
 public:
  MixPlanner(const workload::TrainingJob& job, const hardware::Cluster& cluster, const SearchSpace& space,
             int sync_interval);

  /// Any way but a campaign, which is one run after another, each `alone`.
  WayResult plan(Way way, const SearchLimits& effort);
  /// The whole job on one island, the others idle.
  WayResult alone(int island, const SearchLimits& effort);

 private:
  WayResult lanes(const std::vector<LaneDevices>& lanes, int sync_interval, const SearchLimits& effort,
                  double cutoff = std::numeric_limits<double>::infinity());
  std::vector<std::vector<LaneDevices>> groupings() const;

  workload::TrainingJob job_;
  hardware::Cluster cluster_;
  SearchSpace space_;
  int sync_interval_;
};

/// Sequences in one step of shares: the divisor of the batch with the most factors of two that leaves at least 24
/// shares, and the largest of these; 1 where there is none.
int share_quantum(int global_batch);

}  // namespace chipmix::planner
