// Small questions, and the answer that trying every plan gives.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "../../support/machines.hpp"
#include "../../support/models.hpp"
#include "../../support/plans.hpp"
#include "engine/analytical/analytical.hpp"
#include "laws/memory.hpp"
#include "planner/search.hpp"

namespace chipmix::planner {

struct Case {
  std::string name;
  workload::TrainingJob job;
  hardware::Cluster cluster;
};

inline hardware::Cluster with_memory(const std::string& device, int devices, double gibibytes) {
  auto group = support::machine(device, devices);
  group.device.memory.value = Bytes{gibibytes * bytes_per_gib};
  return support::cluster(group);
}

/// Small questions of different kinds; memory is scarce enough in some to rule out most plans.
inline std::vector<Case> cases() {
  return {
      {"dense", support::job(support::dense(), 2048, 32), support::h100s(8)},
      {"dense, two servers, little memory", support::job(support::dense(), 4096, 32),
       with_memory("h100-sxm5-80gb", 16, 7)},
      {"mixture", support::job(support::mixture(16), 2048, 32), support::h100s(16)},
      {"mixture, mesh, little memory", support::job(support::mixture(), 2048, 64), with_memory("ascend-910b2", 16, 8)},
      {"latent, two ranks a package", support::job(support::latent(6), 2048, 48),
       support::cluster(support::machine("ascend-910c", 16))},
      {"gpt", support::job(support::gpt(4, 2048, 16), 1024, 24),
       support::cluster(support::machine("a100-sxm4-40gb", 8))}};
}

/// All values the search may use, far beyond what can be legal in these cases.
inline support::Grid everything() {
  support::Grid grid;
  grid.tensor = grid.expert = grid.pipeline = {};
  for (int i = 1; i <= 32; ++i) {
    grid.tensor.push_back(i);
    grid.expert.push_back(i);
    grid.pipeline.push_back(i);
  }
  grid.context = {1, 2, 4};
  grid.interleave = {1, 2, 3, 4, 6, 8};
  grid.micro_batch = {1, 2, 3, 4, 5, 6, 7, 8, 16};
  return grid;
}

inline bool in_reach(const plan::UniformPlan& plan, const Case& c) {
  const auto& group = c.cluster.groups.front();
  return plan.degrees.tensor <= group.ranks_per_node() && group.ranks_per_node() % plan.degrees.tensor == 0 &&
         (plan.degrees.context == 1 || c.job.sequence_length / plan.degrees.context >= 1024);
}

inline bool fits(const plan::Program& program, const hardware::NodeGroup& group, double headroom) {
  const Bytes room = group.device.memory.value / group.device.ranks * (1 - headroom);
  for (std::size_t stage = 0; stage < program.stages.size(); ++stage)
    if (laws::stage_peak(program, static_cast<int>(stage), group) > room) return false;
  return true;
}

struct Everything {
  std::vector<Found> fitting;  ///< fastest first
  std::size_t legal = 0;
};

/// Evaluates every legal plan that fits, one by one. `space`: schedules and sequence parallelism beyond the usual.
inline Everything brute_force(const Case& c, const SearchSpace& space = {}) {
  Everything all;
  plan::Lowering lowering(c.job);
  engine::AnalyticalEngine engine(c.cluster);
  support::Grid grid = everything();
  grid.head_layers = fill_defaults({}, c.job, c.cluster.groups.front()).head_layers;
  for (plan::ScheduleKind kind : space.schedule)
    if (plan::is_chosen(kind)) grid.schedules.push_back(kind);
  if (!space.sequence_parallel.empty()) grid.sequence_parallel = space.sequence_parallel;
  for (const auto& plan : support::legal_plans(grid, c.job, c.cluster.groups.front())) {
    if (!in_reach(plan, c)) continue;
    ++all.legal;
    const plan::Program program = lowering.lower(support::laid_out(plan, c.job, c.cluster), c.cluster);
    if (fits(program, c.cluster.groups.front(), default_headroom))
      all.fitting.push_back({plan, engine.step_times(program).total()});
  }
  std::sort(all.fitting.begin(), all.fitting.end(), [](const Found& a, const Found& b) {
    return a.step_time != b.step_time ? a.step_time < b.step_time : a.plan < b.plan;
  });
  return all;
}

}  // namespace chipmix::planner
