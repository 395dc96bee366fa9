// The best plan for one job on one kind of chip: every legal combination, pruned only by what cannot win.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/accounts.hpp"
#include "planner/space.hpp"

namespace chipmix::planner {

struct Found {
  plan::UniformPlan plan;
  double step_time = 0;      ///< seconds
  engine::Times times = {};  ///< the same by account
};

struct SearchResult {
  std::vector<Found> best;   ///< fastest first; ties by plan order
  long long considered = 0;  ///< legal plans
  long long fitting = 0;     ///< of these, plans that fit in memory
  long long evaluated = 0;   ///< of these, plans played to the end
  double seconds = 0;
  std::string nearest_miss;  ///< when nothing fits: the plan with the smallest shortfall, in words
  bool complete = true;      ///< false: stopped before the end; then `considered` alone is whole
  double bound = 0;          ///< seconds: no plan of the space that fits is faster; the best plan's when complete

  /// Share of the best plan's time that a plan not yet looked at may save at most.
  double gap() const { return best.empty() ? 0 : 1 - bound / best.front().step_time; }
};

/// How far a search is.
struct SearchProgress {
  double share = 0;  ///< of the work done, 0 to 1
  double best = 0;   ///< seconds of the best plan yet; 0: none yet
  double bound = 0;  ///< as in SearchResult
};

/// Told how far the search is: from any thread, one at a time.
using Progress = std::function<void(const SearchProgress&)>;
/// Asked whether to stop: from any thread. Once true it stays true.
using Stop = std::function<bool()>;

/// How to search.
struct SearchLimits {
  int keep = 1;           ///< plans in the result
  bool diverse = false;   ///< no two of them with the same tensor, pipeline, context and expert degrees
  long long layouts = 0;  ///< of a pipeline over several islands: search ends after playing so many; 0: when it is done
  int jobs = 1;           ///< threads; the result is the same for any number
  Progress progress = {};
  Stop stop = {};
};

/// The `keep` fastest plans. Exact: a plan is dropped only if it does not fit or if its bound (engine::lower_bound) is
/// above the keep-th best time found. For more than one global batch see Searcher.
SearchResult search(const SearchSpace& space, const workload::TrainingJob& job, const hardware::Cluster& cluster,
                    const SearchLimits& effort);
SearchResult search(const SearchSpace& space, const workload::TrainingJob& job, const hardware::Cluster& cluster,
                    int keep);

}  // namespace chipmix::planner
