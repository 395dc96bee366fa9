// A search that can be asked again for other batches of the same job.
#pragma once

#include <memory>
#include <vector>

#include "planner/evaluator.hpp"
#include "planner/search.hpp"

namespace chipmix::planner {

/// Keeps what was lowered and costed, one Evaluator per thread, from one search to the next. Not thread-safe itself.
class Searcher {
 public:
  /// Empty lists of the space are filled in. The job's global batch is not used.
  Searcher(const SearchSpace& space, const workload::TrainingJob& job, const hardware::Cluster& cluster);

  /// The best plans for `global_batch` sequences a step.
  SearchResult search(int global_batch, const SearchLimits& effort = {});
  /// The same plans sooner, for those who need not know how many fit: plans that time alone rules out are not looked
  /// at, and `fitting` and `evaluated` count what was.
  SearchResult fastest(int global_batch, const SearchLimits& effort = {});

 private:
  SearchResult run(int global_batch, const SearchLimits& effort, bool counts);

  workload::TrainingJob job_;
  hardware::Cluster cluster_;
  SearchSpace space_;
  std::vector<std::unique_ptr<Evaluator>> evaluators_;  ///< one per thread
};

}  // namespace chipmix::planner
