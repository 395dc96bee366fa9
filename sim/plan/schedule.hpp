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
  friend auto operator<=>(const PipelineShape&, const PipelineShape&) = default;
};

/// PipeDream-Flush, known as 1F1B (arXiv:2006.09503; arXiv:2104.04473, figure 4 top): stage p of P runs P - 1 - p
/// forwards, then alternates, then drains.
std::vector<Slot> one_f_one_b(const PipelineShape& shape, int stage);

/// Interleaved 1F1B (arXiv:2104.04473, section 2.2, figure 4 bottom): stage p holds chunks p, p + P, p + 2P, ...;
/// micro-batches go through in groups of P; warm-up of 2(P - 1 - p) + (V - 1)P forwards.
std::vector<Slot> interleaved(const PipelineShape& shape, int stage);

std::vector<Slot> schedule(const PipelineShape& shape, int stage);

/// The most chunk activations a stage holds at once: forwards started and backwards not yet done.
int peak_in_flight(const std::vector<Slot>& slots);
/// The same in closed form: min(M, P - p) for 1F1B, min(MV, 2(P - 1 - p) + (V - 1)P + 1) when interleaved.
int peak_in_flight(const PipelineShape& shape, int stage);
/// Of which chunk those are, when the warm-up is over: entry i counts the activations of the stage's chunk i.
std::vector<int> chunks_in_flight(const PipelineShape& shape, int stage);

}  // namespace chipmix::plan
