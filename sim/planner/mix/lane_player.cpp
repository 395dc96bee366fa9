#include "planner/mix/lane_player.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "laws/memory.hpp"

namespace chipmix::planner {

LanePlayer::LanePlayer(const workload::TrainingJob& job, const LaneContext& context, int ranks_beside, double waiting)
    : context_(context),
      ranks_beside_(ranks_beside),
      waiting_(waiting),
      lowering_(job),
      engine_(context.cluster),
      tables_(context) {}

plan::Program LanePlayer::lower(const plan::ParallelPlan& plan) {
  plan::Program program = lowering_.lower(plan, context_.cluster);
  program.ranks_beside = ranks_beside_;
  program.outer_bytes = context_.outer_bytes;
  return program;
}

/// Nothing, and by how many bytes each stage is too full, where the plan does not fit.
std::optional<double> LanePlayer::step_time(const plan::ParallelPlan& plan, std::vector<double>& excess) {
  const plan::Program program = lower(plan);
  bool is_within = true;
  excess.clear();
  for (int stage = 0; stage < plan.pipeline(); ++stage) {
    const hardware::NodeGroup& group = context_.cluster.groups[program.stages[stage].node_group];
    const double room = group.device.memory.value.value() / group.device.ranks * (1 - context_.headroom);
    excess.push_back(std::max(0.0, laws::stage_peak(program, stage, group).value() - room));
    is_within = is_within && excess.back() == 0;
  }
  if (!is_within) return std::nullopt;
  ++played_;
  return engine_.step_times(program).total();
}

/// Least seconds of a layout: see lane_bound.hpp.
double LanePlayer::bound(const LaneShape& shape, const std::vector<StageSlot>& slots, const std::vector<int>& ends) {
  const std::vector<double> times = stage_times(slots, ends);
  double bound = shape.micro_batches * *std::max_element(times.begin(), times.end());
  if (shape.interleave > 1) return bound * (1 + waiting_);
  double rest = 0;  // of a micro-batch's way from this stage to the last and back
  for (std::size_t s = 0; s < times.size(); ++s) rest += times[s] + slots[s].delay;
  double before = 0;
  for (std::size_t s = 0; s < times.size(); ++s) {
    const double rounds = std::ceil(shape.micro_batches / static_cast<double>(times.size() - s));
    bound = std::max(bound, before + std::max(shape.micro_batches * times[s], rounds * rest));
    before += times[s] + slots[s].delay;
    rest -= times[s] + slots[s].delay;
  }
  return bound * (1 + waiting_);
}

/// The partitioner adds up what the memory law only adds up in part (stand-ins of gradients, the head's own working
/// set): where its cut turns out too full, the stages get that much less room, and it cuts again.
std::optional<Played> LanePlayer::play_partition(const LaneShape& shape, std::vector<StageSlot> slots, double to_beat) {
  constexpr int attempts = 4;
  std::vector<double> excess;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    const auto cut = partition(slots, to_beat / (shape.micro_batches * (1 + waiting_)));
    if (!cut || bound(shape, slots, cut->ends) > to_beat) return std::nullopt;
    const auto plan = lay_out(shape, cut->ends, context_);
    if (!plan) return std::nullopt;
    if (const auto time = step_time(*plan, excess)) return Played{plan, *time, 0, shape, cut->ends};
    for (std::size_t stage = 0; stage < slots.size(); ++stage) slots[stage].room -= excess[stage];
  }
  return std::nullopt;
}

std::optional<Played> LanePlayer::play_even(const LaneShape& shape, const std::vector<StageSlot>& slots,
                                            double to_beat) {
  const Partition even = even_partition(slots);
  if (bound(shape, slots, even.ends) >= to_beat) return std::nullopt;
  const auto plan = lay_out(shape, even.ends, context_);
  if (!plan) return std::nullopt;
  std::vector<double> excess;
  if (const auto time = step_time(*plan, excess)) return Played{plan, *time, 0, shape, even.ends};
  return Played{std::nullopt, 0, *std::max_element(excess.begin(), excess.end())};
}

Played LanePlayer::play(const LaneShape& shape, double to_beat) {
  if (shape.stages() > context_.layers + 2) return {};
  const std::vector<StageSlot> slots = stage_slots(shape, context_, tables_, engine_);
  const auto cut = play_partition(shape, slots, to_beat);
  const auto even = play_even(shape, slots, cut ? std::min(cut->step_time, to_beat) : to_beat);
  if (!cut) return even.value_or(Played{});
  return even && even->plan && even->step_time < cut->step_time ? *even : *cut;
}

std::optional<Played> LanePlayer::play_ends(const LaneShape& shape, const std::vector<int>& ends) {
  const auto plan = lay_out(shape, ends, context_);
  std::vector<double> excess;
  if (!plan) return std::nullopt;
  if (const auto time = step_time(*plan, excess)) return Played{plan, *time, 0, shape, ends};
  return std::nullopt;
}

LaneShape LanePlayer::with_cut_layers(LaneShape shape) {
  for (const StageOption*& option : shape.options) {
    cut_options_.push_back(planner::with_cut_layers(*option, shape.micro_batch, lowering_, engine_));
    option = &cut_options_.back();
  }
  return shape;
}

namespace {

/// Share of a step that cutting layers in two has to save: frameworks' launchers take whole layers.
constexpr double worth_cutting = 0.01;

/// The same borders where every layer is two units.
std::vector<int> in_halves(std::vector<int> ends, int layers) {
  for (int& end : ends) end = end > layers + 1 ? 2 * layers + 2 : 2 * (end - 1) + 1;
  return ends;
}

}  // namespace

/// Moves the first border whose move helps.
bool LanePlayer::move_border(Played& played) {
  for (std::size_t stage = 0; stage + 1 < played.ends.size(); ++stage)
    for (int by : {1, -1, 2, -2}) {
      std::vector<int> ends = played.ends;
      ends[stage] += by;
      if (ends[stage] <= (stage > 0 ? ends[stage - 1] : 0) || ends[stage] >= ends[stage + 1]) continue;
      if (const auto moved = play_ends(played.shape, ends); moved && moved->step_time < played.step_time) {
        played = *moved;
        return true;
      }
    }
  return false;
}

void LanePlayer::polish(Played& played) {
  if (!played.plan || played.shape.interleave > 1) return;
  while (move_border(played)) {
  }
  if (!lowering_.can_cut_layers()) return;
  const LaneShape cut = with_cut_layers(played.shape);
  auto best = play_ends(cut, in_halves(played.ends, context_.layers));
  const std::vector<StageSlot> slots = stage_slots(cut, context_, tables_, engine_);
  if (const auto exact = play_partition(cut, slots, best ? best->step_time : played.step_time))
    if (!best || exact->step_time < best->step_time) best = exact;
  while (best && move_border(*best)) {
  }
  if (best && best->step_time < (1 - worth_cutting) * played.step_time) played = *best;
}

}  // namespace chipmix::planner
