// Every legal plan of a job on a cluster, by plain enumeration: the answer that cleverer walks must agree with.
#pragma once

#include <optional>
#include <vector>

#include "plan/legal.hpp"
#include "plan/lower.hpp"

namespace chipmix::support {

/// Values to try, one list for each dimension; data parallelism is what remains of the ranks.
struct Grid {
  std::vector<int> tensor = {1, 2, 4, 8};
  std::vector<int> context = {1, 2};
  std::vector<int> expert = {1, 2, 4, 8, 16};
  std::vector<int> pipeline = {1, 2, 4, 8};
  std::vector<int> interleave = {1, 2, 3, 4};
  std::vector<int> micro_batch = {1, 2, 4};
  std::vector<int> head_layers = {0};
  std::vector<std::optional<plan::ScheduleKind>> schedules = {std::nullopt};  ///< none: 1F1B or interleaved
  std::vector<bool> sequence_parallel = {true};                               ///< with tensor parallelism
};

/// Calls visit(plan) for each combination whose ranks are those of the group.
template <class Visit>
void for_each_plan(const Grid& grid, int ranks, Visit visit) {
  for (int t : grid.tensor)
    for (int c : grid.context)
      for (int p : grid.pipeline) {
        if (ranks % (t * c * p) != 0) continue;
        for (int e : grid.expert)
          for (int v : grid.interleave)
            for (int m : grid.micro_batch)
              for (int head : p > 1 ? grid.head_layers : std::vector<int>{0})
                for (const auto& schedule : grid.schedules)
                  for (bool sequence_parallel : t > 1 ? grid.sequence_parallel : std::vector<bool>{true})
                    for (plan::Recompute recompute : plan::all_recomputes)
                      for (plan::Zero zero : plan::all_zeros)
                        visit(plan::UniformPlan{{t, c, e, ranks / (t * c * p)},
                                                p,
                                                v,
                                                m,
                                                recompute,
                                                zero,
                                                sequence_parallel,
                                                head,
                                                schedule});
      }
}

inline std::vector<plan::UniformPlan> legal_plans(const Grid& grid, const workload::TrainingJob& job,
                                                  const hardware::NodeGroup& group) {
  std::vector<plan::UniformPlan> list;
  for_each_plan(grid, group.ranks(), [&](const plan::UniformPlan& plan) {
    if (plan::faults(plan, job, group).empty()) list.push_back(plan);
  });
  return list;
}

inline plan::ParallelPlan laid_out(const plan::UniformPlan& plan, const workload::TrainingJob& job,
                                   const hardware::Cluster& cluster) {
  return plan::lay_out(plan, job.model.layers, job.global_batch, 0, cluster.groups.front().device.ranks);
}

inline plan::Program lowered(const plan::UniformPlan& plan, const workload::TrainingJob& job,
                             const hardware::Cluster& cluster) {
  return plan::Lowering(job).lower(laid_out(plan, job, cluster), cluster);
}

}  // namespace chipmix::support
