// The table of schedules: a row is all that anybody asks about one.
#include <algorithm>
#include <array>

#include "plan/schedules/orders.hpp"

namespace chipmix::plan {
namespace {

constexpr ScheduleNeed several_chunks[] = {
    {[](long long stages, long long rounds) { return rounds % stages == 0; },
     "interleaving needs the {1} micro-batches to be a multiple of PP {0}"},
};

/// As its repository asserts them (github.com/deepseek-ai/DualPipe, dualpipe/dualpipe.py).
constexpr ScheduleNeed two_ways[] = {
    {[](long long stages, long long) { return stages % 2 == 0; }, "DualPipe needs an even number of stages, not {0}"},
    {[](long long, long long rounds) { return rounds % 2 == 0; },
     "DualPipe needs an even number of micro-batches, not {1}"},
    {[](long long stages, long long rounds) { return rounds >= 2 * stages; },
     "DualPipe needs two micro-batches a stage: {1} for PP {0} are too few"},
};

/// The same repository, dualpipe/dualpipev.py.
constexpr ScheduleNeed two_chunks_back[] = {
    {[](long long stages, long long rounds) { return rounds >= 2 * stages; },
     "DualPipeV needs two micro-batches a stage: {1} for PP {0} are too few"},
};

// In the order of ScheduleKind.
constexpr ScheduleTraits rows[] = {
    {.name = "1f1b", .is_chosen = false, .order = one_f_one_b, .most_held = one_f_one_b_held},
    {.name = "interleaved",
     .is_chosen = false,
     .chunks = 0,
     .lie = Lie::round,
     .order = interleaved,
     .most_held = interleaved_held,
     .held = interleaved_chunks,
     .needs = several_chunks},
    {.name = "gpipe", .order = gpipe, .most_held = gpipe_held},
    {.name = "zb-h1", .splits_backward = true, .weights = Weights::fill_gaps, .order = zb_h1, .most_held = zb_h1_held},
    {.name = "zb-h2", .splits_backward = true, .weights = Weights::fill_gaps, .order = zb_h2, .most_held = zb_h2_held},
    {.name = "zb-v",
     .chunks = 2,
     .lie = Lie::folded,
     .splits_backward = true,
     .weights = Weights::fill_gaps,
     .order = zb_v,
     .most_held = zb_v_held,
     .held = zb_v_chunks},
    {.name = "dualpipe",
     .lie = Lie::mirrored,
     .splits_backward = true,
     .pairs = true,
     .one_island = true,
     .order = dualpipe,
     .most_held = dualpipe_held,
     .held = dualpipe_chunks,
     .needs = two_ways},
    {.name = "dualpipe-v",
     .chunks = 2,
     .lie = Lie::folded,
     .splits_backward = true,
     .pairs = true,
     .order = dualpipe_v,
     .most_held = dualpipe_v_held,
     .held = dualpipe_v_chunks,
     .needs = two_chunks_back},
};

}  // namespace

std::span<const ScheduleTraits> schedules() { return rows; }

const ScheduleTraits& traits(ScheduleKind kind) { return rows[static_cast<std::size_t>(kind)]; }

const ScheduleTraits& traits(const PipelineShape& shape) {
  return traits(is_chosen(shape.kind) ? shape.kind : usual_schedule(shape.interleave));
}

const char* name(ScheduleKind kind) { return traits(kind).name; }
bool splits_backward(ScheduleKind kind) { return traits(kind).splits_backward; }
bool is_chosen(ScheduleKind kind) { return traits(kind).is_chosen; }
int chunks_of(ScheduleKind chosen) { return std::max(1, traits(chosen).chunks); }
bool is_folded(ScheduleKind kind) { return traits(kind).lie == Lie::folded; }
bool goes_round(ScheduleKind kind) { return traits(kind).lie == Lie::round; }

ScheduleKind usual_schedule(int interleave) {
  return interleave > 1 ? ScheduleKind::interleaved : ScheduleKind::one_f_one_b;
}

std::vector<int> stages_held(const PipelineShape& shape, int stage) {
  if (traits(shape).lie != Lie::mirrored) return {stage};
  return {stage, mirror(shape, stage)};
}

int chunks_told_apart(const PipelineShape& shape) { return traits(shape).lie == Lie::mirrored ? 2 : shape.interleave; }

int places(const PipelineShape& shape) { return shape.stages * shape.interleave; }

namespace {

/// Whether a micro-batch enters at the last stage's rank.
bool comes_from_behind(const PipelineShape& shape, int micro_batch) {
  return traits(shape).lie == Lie::mirrored && micro_batch >= shape.micro_batches / 2;
}

}  // namespace

int place_of(const PipelineShape& shape, int stage, const Slot& slot) {
  if (comes_from_behind(shape, slot.micro_batch)) return mirror(shape, stage);
  if (traits(shape).lie == Lie::mirrored) return stage;
  const bool is_way_back = is_folded(shape.kind) && slot.chunk == 1;
  return is_way_back ? 2 * shape.stages - 1 - stage : slot.chunk * shape.stages + stage;
}

StageChunk stage_at(const PipelineShape& shape, int place, int micro_batch) {
  if (traits(shape).lie == Lie::mirrored)
    return {comes_from_behind(shape, micro_batch) ? mirror(shape, place) : place, place < shape.stages / 2 ? 0 : 1};
  return {stage_of_chunk(place, shape.stages, is_folded(shape.kind)), place / shape.stages};
}

std::vector<Slot> schedule(const PipelineShape& shape, int stage) { return traits(shape).order(shape, stage); }

int peak_in_flight(const std::vector<Slot>& slots) {
  int held = 0, peak = 0;
  for (const Slot& slot : slots) {
    held += slot.direction == Direction::forward ? 1 : -1;
    peak = std::max(peak, held);
  }
  return peak;
}

int peak_in_flight(const PipelineShape& shape, int stage) { return traits(shape).most_held(shape, stage); }

std::vector<int> chunks_in_flight(const PipelineShape& shape, int stage) {
  const ScheduleTraits& row = traits(shape);
  return row.held ? row.held(shape, stage) : std::vector<int>{row.most_held(shape, stage)};
}

}  // namespace chipmix::plan
