// Pipeline schedules: the order in which a stage runs its micro-batches.
#pragma once

#include <vector>

#include "plan/plan.hpp"
#include "plan/shapes.hpp"

namespace chipmix::plan {

/// One forward or backward pass of one chunk of a stage for one micro-batch.
struct Slot {
  Direction direction = Direction::forward;
  int chunk = 0;
  int micro_batch = 0;
};

struct PipelineShape {
  int stages = 1;
  int interleave = 1;
  int micro_batches = 1;
  ScheduleKind kind = ScheduleKind::one_f_one_b;  ///< with interleave > 1 interleaved or ZB-V
  friend auto operator<=>(const PipelineShape&, const PipelineShape&) = default;
};

/// GPipe (arXiv:1811.06965, section 2.3): every forward, then every backward, last micro-batch first. All M
/// micro-batches are held; bubble (P - 1)(F + B), as in 1F1B.
std::vector<Slot> gpipe(const PipelineShape& shape);

/// PipeDream-Flush, known as 1F1B (arXiv:2006.09503; arXiv:2104.04473, figure 4 top): stage p of P runs P - 1 - p
/// forwards, then alternates, then drains.
std::vector<Slot> one_f_one_b(const PipelineShape& shape, int stage);

/// Interleaved 1F1B (arXiv:2104.04473, section 2.2, figure 4 bottom): stage p holds chunks p, p + P, p + 2P, ...;
/// micro-batches go through in groups of P; warm-up of 2(P - 1 - p) + (V - 1)P forwards.
std::vector<Slot> interleaved(const PipelineShape& shape, int stage);

/// `warm_up` forwards, then one forward and one backward in turn, then the backwards that are left.
std::vector<Slot> alternating(int micro_batches, int warm_up);

/// Zero bubble (arXiv:2401.10241): the backward pass is split into B for the inputs, which the stage before waits for,
/// and W for the weights, which nobody waits for. The order is one of F and B; a W fills the time in which a stage
/// waits, or makes room where the stage holds as many activations as it may (forwards whose W is not done):
///   ZB-H1 (section 3, figure 2 top)      warm-up P - 1 - p as in 1F1B, P held: bubble (P - 1)(F + B - W);
///   ZB-H2 (section 3, figure 2 bottom)   warm-up 2(P - 1 - p), 2P - 1 held: bubble (P - 1)(F + B - 2W), not below 0.
std::vector<Slot> zb_h1(const PipelineShape& shape, int stage);
std::vector<Slot> zb_h2(const PipelineShape& shape, int stage);
/// ZB-V (arXiv:2405.15362, section 4 and appendix): the pipeline folded in the middle, so that the first stage computes
/// the loss, too, and turns to the backward pass at once. Stage p runs 2(P - p) - 1 forwards of its first chunk, then p
/// of either, then P - p rounds of F, B and W of its second, then rounds of all six passes. Held are 2P chunks, as much
/// as 1F1B's first stage holds; no bubble where F = B = W and M >= 2P - 1.
std::vector<Slot> zb_v(const PipelineShape& shape, int stage);
int zb_v_held(const PipelineShape& shape);
int zb_h1_held(const PipelineShape& shape);
int zb_h2_held(const PipelineShape& shape);
/// Whether the order of `schedule` leaves the W passes to whoever plays it.
inline bool is_zero_bubble(ScheduleKind kind) { return kind >= ScheduleKind::zb_h1 && kind <= ScheduleKind::zb_v; }

/// DualPipe (arXiv:2412.19437, section 3.2.1, table 2; github.com/deepseek-ai/DualPipe): rank p holds stages p and
/// P - 1 - p, half of the micro-batches enter at either end. Not played: its bubble is
///   (P/2 - 1)(F&B + B - 3W),  F&B = F + B: a forward and a whole backward pass B run together,
/// what they hide of one another is the software stack's overlap. Of stage p a rank holds P - p activations, as in
/// 1F1B, so P + 1 of both.
double dualpipe_bubble(const PipelineShape& shape, double forward, double backward, double weight);
int dualpipe_held(const PipelineShape& shape, int stage);
/// The stage whose weights the rank of `stage` holds, too.
inline int dualpipe_mirror(const PipelineShape& shape, int stage) { return shape.stages - 1 - stage; }

/// Place of a stage's chunk along the pipeline of stages x chunks, and the way back.
inline int place_of(const PipelineShape& shape, int stage, int chunk) {
  const bool is_way_back = shape.kind == ScheduleKind::zb_v && chunk == 1;
  return is_way_back ? 2 * shape.stages - 1 - stage : chunk * shape.stages + stage;
}
inline int stage_at(const PipelineShape& shape, int place) {
  return stage_of_chunk(place, shape.stages, shape.kind == ScheduleKind::zb_v);
}

/// The order of a stage's forward and backward passes; DualPipe has none.
std::vector<Slot> schedule(const PipelineShape& shape, int stage);

/// The most chunk activations a stage holds at once: forwards started and backwards not yet done.
int peak_in_flight(const std::vector<Slot>& slots);
/// The same in closed form: M for GPipe, min(M, P - p) for 1F1B, min(MV, 2(P - 1 - p) + (V - 1)P + 1) when interleaved;
/// split backward passes hold min(M, n), n being P (ZB-H1), 2P - 1 (ZB-H2), P + 1 (DualPipe: both stages of the rank);
/// ZB-V min(2M, 2P) chunks.
int peak_in_flight(const PipelineShape& shape, int stage);
/// Of which chunk those are, when the warm-up is over: entry i counts the activations of the stage's chunk i.
std::vector<int> chunks_in_flight(const PipelineShape& shape, int stage);

}  // namespace chipmix::plan
