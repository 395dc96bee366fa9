#include "engine/analytical/program_work.hpp"

#include <algorithm>

#include "engine/analytical/written.hpp"

namespace chipmix::engine {

std::vector<StageTimes> passes(const ProgramWork& work, const StageSettings& settings) {
  std::vector<StageTimes> list;
  for (std::size_t kind = 0; kind < work.kinds.size(); ++kind) {
    const int end = kind + 1 < work.kinds.size() ? work.first_stage[kind + 1] : work.shape.stages;
    list.insert(list.end(), end - work.first_stage[kind], pass_times(work.kinds[kind], settings));
  }
  return list;
}

/// Stages of one kind have the fewest pairs where the first of them stands.
Times all_passes(const ProgramWork& work, std::size_t kind, const StageSettings& settings) {
  const StageWork& stage = work.kinds[kind];
  Times times = micro_batch_times(stage, settings) * work.shape.micro_batches;
  if (!stage.runs_pairs) return times;
  const StageTimes passes = pass_times(stage, settings);
  const auto hides = [](const Pairing& chunk) { return chunk.forward_hides + chunk.backward_hides > 0; };
  if (std::any_of(passes.pairing.begin(), passes.pairing.end(), hides))
    times[Spent::expert_communication] -= saved_by_pairs(plan::schedule(work.shape, work.first_stage[kind]), passes);
  return times;
}

Times busiest_stage(const ProgramWork& work, const StageSettings& settings) {
  Times busiest = all_passes(work, 0, settings);
  for (std::size_t kind = 1; kind < work.kinds.size(); ++kind)
    if (const Times times = all_passes(work, kind, settings); times.total() > busiest.total()) busiest = times;
  return busiest;
}

namespace {

Times longest_step_work(const ProgramWork& work, const StageSettings& settings) {
  Times longest = step_times(work.kinds.front(), settings);
  for (const StageWork& stage : work.kinds)
    if (const Times times = step_times(stage, settings); times.total() > longest.total()) longest = times;
  return longest;
}

double reduction(const StageWork& stage, const StageSettings& settings) {
  return step_times(stage, settings)[Spent::gradient_reduction];
}

}  // namespace

Times once_per_step(const ProgramWork& work, const StageSettings& settings, const std::vector<double>& ends) {
  Times times = longest_step_work(work, settings);
  double passes = 0, all = 0;
  for (std::size_t kind = 0; kind < work.kinds.size(); ++kind) {
    const int first = work.first_stage[kind];
    const int end = kind + 1 < work.kinds.size() ? work.first_stage[kind + 1] : work.shape.stages;
    const double last = *std::max_element(ends.begin() + first, ends.begin() + end);
    passes = std::max(passes, last);
    all = std::max(all, last + reduction(work.kinds[kind], settings));
  }
  times[Spent::gradient_reduction] = all - passes;
  return times;
}

Times least_once_per_step(const ProgramWork& work, const StageSettings& settings) {
  Times times = longest_step_work(work, settings);
  double& least = times[Spent::gradient_reduction];
  for (const StageWork& stage : work.kinds) least = std::min(least, reduction(stage, settings));
  return times;
}

}  // namespace chipmix::engine
