// The fastest pipeline over several islands.
#pragma once

#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "planner/mix/lane_layout.hpp"

namespace chipmix::planner {

struct LanePlan {
  plan::ParallelPlan plan;
  double step_time = 0;  ///< seconds, nothing exchanged with other lanes
};

struct LaneResult {
  std::vector<LanePlan> best;  ///< fastest first
  long long considered = 0;    ///< shapes within reach of the best
  long long evaluated = 0;     ///< of these, shapes laid out and played
  double bound = 0;            ///< no plan of the space is faster
  bool complete = true;        ///< false: stopped before the bound met the best
  std::string nearest_miss;    ///< when nothing fits: what memory holds, or the plan with the smallest shortfall
};

/// Searches all orders of the islands, and for each every legal degree, micro-batch, interleaving, recomputation and
/// ZeRO setting of the space, with the data degree common to all stages; each shape is laid out by the partitioner, and
/// evenly, and the faster counts. Exact within the space: a shape is left out only when its bound (lane_bound.hpp) is
/// above the best played; bounds are worked off from below, in rounds of a fixed size, so that the answer does not
/// depend on the number of threads.
class LaneSearch {
 public:
  /// `islands`: node groups of the cluster that the pipeline stands on; it uses all of their ranks.
  LaneSearch(const workload::TrainingJob& job, const hardware::Cluster& cluster, std::vector<int> islands,
             const SearchSpace& space, int ranks_beside, double outer_bytes);
  ~LaneSearch();
  LaneSearch(LaneSearch&&) noexcept;

  /// The best plans for a step of `batch` sequences; those that take `cutoff` seconds or more are not looked for.
  LaneResult search(int batch, const SearchLimits& effort, double cutoff = std::numeric_limits<double>::infinity());

  /// Sequences a second that no plan exceeds, whatever the batch.
  double best_rate();
  /// Sequences that the lane can take at a time.
  std::vector<int> quanta();
  /// Whether the islands can stand in a row with a link between all neighbours.
  bool has_order() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// The space a pipeline over several islands is searched in where lists are empty: as fill_defaults, but micro-batches
/// of 1, 2, 4 and 8, interleaving of 1, 2 and 4 chunks, ZeRO-1.
SearchSpace fill_lane_defaults(SearchSpace space);

}  // namespace chipmix::planner
