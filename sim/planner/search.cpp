#include "planner/search.hpp"

#include "planner/searcher.hpp"

namespace chipmix::planner {

SearchResult search(const SearchSpace& space, const workload::TrainingJob& job, const hardware::Cluster& cluster,
                    const SearchLimits& effort) {
  return Searcher(space, job, cluster).search(job.global_batch, effort);
}

SearchResult search(const SearchSpace& space, const workload::TrainingJob& job, const hardware::Cluster& cluster,
                    int keep) {
  SearchLimits effort;
  effort.keep = keep;
  return search(space, job, cluster, effort);
}

}  // namespace chipmix::planner
