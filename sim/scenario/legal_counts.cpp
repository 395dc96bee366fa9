#include "scenario/legal_counts.hpp"

namespace chipmix::scenario {
namespace {

constexpr int most_steps = 64;  // of servers or devices, either way

/// Only what decides whether there is a legal plan at all: recompute, ZeRO and the like do not.
planner::SearchSpace outline(planner::SearchSpace space) {
  const auto one = [](auto& values, auto value) { values = {values.empty() ? value : values.front()}; };
  one(space.recompute, plan::Recompute::none);
  one(space.zero, plan::Zero::optimizer);
  one(space.head_layers, 0);
  if (space.micro_batch.empty()) space.micro_batch = {1};
  if (space.interleave.empty()) space.interleave = {1};
  return space;
}

}  // namespace

bool has_legal_plan(planner::SearchSpace space, const workload::TrainingJob& job, const hardware::NodeGroup& group) {
  return !planner::candidates(planner::fill_defaults(outline(std::move(space)), job, group), job, group).empty();
}

std::vector<int> nearest_legal_counts(const planner::SearchSpace& space, const workload::TrainingJob& job,
                                      hardware::NodeGroup group) {
  const int asked = group.devices, step = asked < group.node.devices ? 1 : group.node.devices;
  const auto first = [&](int count, int change) -> int {
    for (int steps = 0; steps < most_steps && count >= step; ++steps, count += change) {
      group.devices = count;
      if (has_legal_plan(space, job, group)) return count;
    }
    return 0;
  };
  std::vector<int> found;
  const int below = (asked - 1) / step * step;
  for (const auto& [count, change] :
       {std::pair(below, -step), std::pair(below + step == asked ? asked + step : below + step, step)})
    if (const int legal = first(count, change); legal > 0) found.push_back(legal);
  return found;
}

}  // namespace chipmix::scenario
