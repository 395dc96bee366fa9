// Which plans a search looks at.
#pragma once

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
  std::vector<plan::ScheduleKind> schedule;  ///< 1F1B goes with one chunk a stage, interleaved with several
  std::vector<bool> sequence_parallel;       ///< tried with tensor parallelism
  double headroom = default_headroom;
};

/// Empty lists filled in: tensor: divisors of the node's ranks; context: powers of two that leave at least 1,024 tokens
/// a rank; expert: divisors of the expert count; pipeline: divisors of the ranks, up to the layers; interleave: 1, 2,
/// 3, 4, 6, 8; head layers: 0 and the FLOPs of head and prediction layers over a layer's; micro-batch: 1 to 8 and 16;
/// every recompute and ZeRO setting; the schedules that every stack has, 1F1B and interleaved; sequence parallelism on.
SearchSpace fill_defaults(SearchSpace space, const workload::TrainingJob& job, const hardware::NodeGroup& group);

/// Every legal plan of the space, in a fixed order; those that differ in recompute and ZeRO alone stand together.
std::vector<plan::UniformPlan> candidates(const SearchSpace& space, const workload::TrainingJob& job,
                                          const hardware::NodeGroup& group);

}  // namespace chipmix::planner
