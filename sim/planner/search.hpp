// The best plan for one job on one kind of chip: every legal combination, pruned only by what cannot win.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "hardware/cluster.hpp"
#include "plan/plan.hpp"
#include "workload/job.hpp"

namespace chipmix::planner {

/// Share of memory a found plan leaves free by default, for what the memory law does not know: fragmentation beyond
/// the stack's usual slack, peaks inside kernels.
inline constexpr double default_headroom = 0.05;

/// Values a search may use. An empty list means every legal value within the default reach (see `fill_defaults`).
struct SearchSpace {
  std::vector<int> tensor, context, expert, pipeline, interleave, micro_batch;
  std::vector<int> head_layers;  ///< tried with more than one stage; see plan::UniformPlan
  std::vector<plan::Recompute> recompute;
  std::vector<plan::Zero> zero;
  double headroom = default_headroom;
};

/// Empty lists filled in: tensor: divisors of the node's ranks; context: powers of two that leave at least 1,024 tokens
/// a rank; expert: divisors of the expert count; pipeline: divisors of the ranks, up to the layers; interleave: 1, 2,
/// 3, 4, 6, 8; head layers: 0 and the FLOPs of head and prediction layers over a layer's; micro-batch: 1 to 8 and 16;
/// every recompute and ZeRO setting.
SearchSpace fill_defaults(SearchSpace space, const workload::TrainingJob& job, const hardware::NodeGroup& group);

/// Every legal plan of the space, in a fixed order.
std::vector<plan::UniformPlan> candidates(const SearchSpace& space, const workload::TrainingJob& job,
                                          const hardware::NodeGroup& group);

struct Found {
  plan::UniformPlan plan;
  double step_time = 0;  ///< seconds
};

struct SearchResult {
  std::vector<Found> best;   ///< fastest first; ties by plan order
  long long considered = 0;  ///< legal plans
  long long fitting = 0;     ///< of these, plans that fit in memory
  long long evaluated = 0;   ///< of these, plans played to the end
  double seconds = 0;
  std::string nearest_miss;  ///< when nothing fits: the plan with the smallest shortfall, in words
};

/// Told the share of the work done, 0 to 1.
using Progress = std::function<void(double)>;

/// The `keep` fastest plans. Exact: a plan is dropped only if it does not fit or if its bound (busiest stage plus step
/// work) is above the keep-th best time found.
SearchResult search(const SearchSpace& space, const workload::TrainingJob& job, const hardware::Cluster& cluster,
                    int keep, const Progress& progress = {});

}  // namespace chipmix::planner
