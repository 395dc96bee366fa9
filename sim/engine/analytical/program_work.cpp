#include "engine/analytical/program_work.hpp"

namespace chipmix::engine {

namespace {

/// The largest of what `times_of` gives for each stage.
template <class TimesOf>
Times longest(const ProgramWork& work, TimesOf times_of) {
  Times longest = times_of(work.kinds.front());
  for (const StageWork& stage : work.kinds)
    if (const Times times = times_of(stage); times.total() > longest.total()) longest = times;
  return longest;
}

}  // namespace

std::vector<StageTimes> passes(const ProgramWork& work, const StageSettings& settings) {
  std::vector<StageTimes> list;
  for (std::size_t kind = 0; kind < work.kinds.size(); ++kind) {
    const int end = kind + 1 < work.kinds.size() ? work.first_stage[kind + 1] : work.shape.stages;
    list.insert(list.end(), end - work.first_stage[kind], pass_times(work.kinds[kind], settings));
  }
  return list;
}

Times busiest_stage(const ProgramWork& work, const StageSettings& settings) {
  return longest(work, [&](auto& stage) { return micro_batch_times(stage, settings); }) * work.shape.micro_batches;
}

Times longest_step_work(const ProgramWork& work, const StageSettings& settings) {
  return longest(work, [&](auto& stage) { return step_times(stage, settings); });
}

}  // namespace chipmix::engine
