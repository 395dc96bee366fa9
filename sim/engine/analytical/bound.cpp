// How fast can a plan be at best, without playing its schedule?
//
//   t >= (1 + w) max over stages p of (M · busy_p + lead_p) + the step's own tasks
//   lead_p = Σ over stages q < p of (f_q + b_q + 2 s_q)   when stages run in order, whole backward passes
//   lead_p = 0                                            when the backward pass is split
//
//   M, w        micro-batches; waiting for the slowest rank, as a share
//   busy_p      seconds of one micro-batch, forward and backward, through all chunks of stage p
//   f_q, b_q    seconds of a pass of the first chunk of stage q; s_q: of the delay to the next stage
//
// A stage starts when the first micro-batch has come through the first chunks of the stages before it, and after its
// last pass, the backward of its first chunk, the gradient goes back through theirs. Stages that split the backward
// pass overlap with the next step (zero_bubble.hpp). What passes that run together hide of one another is taken off
// busy_p. Of the step's own tasks, those of the stage that takes longest count, but for the reduction of gradients: the
// least of the stages', since only the last stage's is sure to come after all passes.
#include <algorithm>

#include "engine/analytical/analytical.hpp"

namespace chipmix::engine {

double lower_bound(const ProgramWork& work, const StageSettings& settings) {
  const bool in_order = !plan::splits_backward(work.shape.kind);
  const auto again = static_cast<std::size_t>(settings.recompute);
  double busy = 0, lead = 0;
  for (std::size_t kind = 0; kind < work.kinds.size(); ++kind) {
    const StageWork& stage = work.kinds[kind];
    const int end = kind + 1 < work.kinds.size() ? work.first_stage[kind + 1] : work.shape.stages;
    const ChunkWork& first = stage.chunks.front();
    const double turn = first.forward + first.backward[again] + 2 * stage.send;
    const double ahead = in_order ? lead + turn * (end - work.first_stage[kind] - 1) : 0;
    busy = std::max(busy, all_passes(work, kind, settings).total() + ahead);
    lead += turn * (end - work.first_stage[kind]);
  }
  return busy * (1 + work.waiting) + least_once_per_step(work, settings).total();
}

}  // namespace chipmix::engine
