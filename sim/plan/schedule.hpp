// Pipeline schedules: the order in which a stage runs its micro-batches. Each is a row of traits in one table,
// schedules/table.cpp, which legality, memory, engines, search, files and pages read.
#pragma once

#include <span>
#include <vector>

#include "plan/plan.hpp"
#include "plan/shapes.hpp"

namespace chipmix::plan {

/// Of a backward pass: all of it, the gradients of its inputs, or those of its weights.
enum class Part : char { whole, inputs, weights };

/// One forward or backward pass of one chunk of a stage for one micro-batch.
struct Slot {
  Direction direction = Direction::forward;
  int chunk = 0;
  int micro_batch = 0;
  Part part = Part::whole;
  bool with_next = false;  ///< runs together with the pass after it, each hiding what the other exchanges
};

struct PipelineShape {
  int stages = 1;
  int interleave = 1;
  int micro_batches = 1;
  ScheduleKind kind = ScheduleKind::one_f_one_b;
  friend auto operator<=>(const PipelineShape&, const PipelineShape&) = default;
};

/// How the chunks of the stages lie along the pipeline: one a stage; round and round; there and back; or one a stage
/// twice over, from either end, so that a rank holds a stage and its mirror image, each for half of the micro-batches.
enum class Lie { straight, round, folded, mirrored };

/// Who puts the passes: the order says all; or it says forward and backward passes, and those for weights fill gaps.
enum class Weights { written, fill_gaps };

/// What a schedule asks of a pipeline of several stages. `rule`: {0} stages, {1} micro-batches.
struct ScheduleNeed {
  bool (*holds)(long long stages, long long micro_batches) = nullptr;
  const char* rule = "";
};

/// A row of the table.
struct ScheduleTraits {
  const char* name = "";  ///< in files, on pages, in options
  bool is_chosen = true;  ///< asked for by name; else a chunk count decides
  int chunks = 1;         ///< of layers on a stage; 0: several, as many as the plan says
  Lie lie = Lie::straight;
  bool splits_backward = false;
  Weights weights = Weights::written;
  bool pairs = false;       ///< runs a forward and a backward pass together
  bool one_island = false;  ///< both ends of the pipeline must be alike
  std::vector<Slot> (*order)(const PipelineShape&, int stage) = nullptr;
  /// The most chunk activations a stage holds at once; a mirrored one with those of its mirror image.
  int (*most_held)(const PipelineShape&, int stage) = nullptr;
  /// Of which chunk those are, when the warm-up is over; none: the one chunk's.
  std::vector<int> (*held)(const PipelineShape&, int stage) = nullptr;
  std::span<const ScheduleNeed> needs{};
};

/// All rows; a ScheduleKind is a place among them.
std::span<const ScheduleTraits> schedules();
const ScheduleTraits& traits(ScheduleKind kind);
/// Where none is asked for by name the chunks decide.
const ScheduleTraits& traits(const PipelineShape& shape);

/// Whether the order of `kind` leaves the W passes to whoever plays it.
inline bool fills_gaps(ScheduleKind kind) { return traits(kind).weights == Weights::fill_gaps; }
/// Whether the order says all, split backward passes included.
inline bool is_written(ScheduleKind kind) { return splits_backward(kind) && !fills_gaps(kind); }

/// Reports each need of a schedule that does not hold: report(rule, stages, micro_batches).
template <class Report>
void unmet_needs(ScheduleKind kind, long long stages, long long micro_batches, Report report) {
  for (const ScheduleNeed& need : traits(kind).needs)
    if (!need.holds(stages, micro_batches)) report(need.rule, stages, micro_batches);
}

/// The stage whose weights the rank of `stage` holds, too, where they lie mirrored.
inline int mirror(const PipelineShape& shape, int stage) { return shape.stages - 1 - stage; }
/// The stages whose weights a rank holds.
std::vector<int> stages_held(const PipelineShape& shape, int stage);
/// Chunks that the passes of a rank tell apart: those of its stage and of its mirror image.
int chunks_told_apart(const PipelineShape& shape);

/// Places along the way of a micro-batch.
int places(const PipelineShape& shape);
/// That of a pass of a stage, and the stage and chunk at a place of a micro-batch's way.
int place_of(const PipelineShape& shape, int stage, const Slot& slot);
struct StageChunk {
  int stage = 0, chunk = 0;
};
StageChunk stage_at(const PipelineShape& shape, int place, int micro_batch);

/// The order of a stage's passes; with split backward passes see ScheduleTraits::weights.
std::vector<Slot> schedule(const PipelineShape& shape, int stage);

/// The most chunk activations a stage holds at once: forwards started and backwards not yet done.
int peak_in_flight(const std::vector<Slot>& slots);
/// The same in closed form.
int peak_in_flight(const PipelineShape& shape, int stage);
/// Of which chunk those are, when the warm-up is over: entry i counts the activations of the stage's chunk i.
std::vector<int> chunks_in_flight(const PipelineShape& shape, int stage);

}  // namespace chipmix::plan
