#include "planner/outline.hpp"

#include <algorithm>

#include "plan/schedule.hpp"

namespace chipmix::planner {

UnitTimes::UnitTimes(int layers) : layers_(layers) {
  for (auto& kinds : sums_)
    for (std::vector<double>& sums : kinds) sums.assign(layers + 3, 0);
}

void UnitTimes::add(const engine::ByRecompute& alone, const engine::ByRecompute& piped, int count, bool is_embedding) {
  for (int i = 0; i < count; ++i) {
    const int unit = is_embedding ? 0 : std::min(++next_layer_, layers_ + 1);
    for (std::size_t recompute = 0; recompute < sums_.size(); ++recompute) {
      sums_[recompute][false][unit + 1] += alone[recompute];
      sums_[recompute][true][unit + 1] += piped[recompute];
    }
  }
}

void UnitTimes::sum_up() {
  for (auto& kinds : sums_)
    for (std::vector<double>& sums : kinds)
      for (std::size_t i = 1; i < sums.size(); ++i) sums[i] += sums[i - 1];
}

namespace {

/// Seconds of a micro-batch on each stage, and of those its first chunk.
struct StageOutline {
  double busy = 0, first = 0;
};

}  // namespace

double outline_bound(const plan::UniformPlan& shape, plan::Recompute least, int micro_batches, const UnitTimes& units,
                     const OutlineFacts& facts) {
  const int stages = shape.pipeline, chunks = stages * shape.interleave;
  const auto kind = shape.chosen_schedule;
  const bool is_piped = stages > 1, is_folded = kind && plan::is_folded(*kind);
  thread_local std::vector<int> counts;
  plan::spread_layers(units.layers(), chunks, shape.head_layers, counts);
  thread_local std::vector<StageOutline> outlines;
  outlines.assign(stages, {});
  double all = 0;
  for (int chunk = 0, first = 0; chunk < chunks; first += counts[chunk++]) {
    const double seconds = units.seconds(least, is_piped, first, counts[chunk], chunk == 0, chunk + 1 == chunks) +
                           facts.host_per_micro_batch / shape.interleave;
    StageOutline& stage = outlines[plan::stage_of_chunk(chunk, stages, is_folded)];
    if (chunk < stages) stage.first = seconds;
    stage.busy += seconds;
    all += seconds;
  }
  const plan::ScheduleTraits& schedule = plan::traits(kind.value_or(plan::usual_schedule(shape.interleave)));
  const double left = schedule.pairs ? 0.5 : 1;
  double passes = left * micro_batches * all / stages, lead = 0;
  if (schedule.lie != plan::Lie::mirrored)
    for (const StageOutline& stage : outlines) {
      passes = std::max(passes, left * micro_batches * stage.busy + lead);
      if (!schedule.splits_backward) lead += stage.first;
    }
  return passes * (1 + facts.waiting) + facts.host_per_step;
}

}  // namespace chipmix::planner
