// The work of one stage before settings: what to recompute and what to shard only add to it, so that a search lowers
// and costs a shape once for all of its settings.
#pragma once

#include <array>
#include <vector>

#include "engine/accounts.hpp"
#include "engine/analytical/pipeline.hpp"
#include "laws/step.hpp"

namespace chipmix::engine {

/// What a plan may choose without changing its tasks.
struct StageSettings {
  plan::Recompute recompute = plan::Recompute::none;
  plan::Zero zero = plan::Zero::none;

  /// Gradients are reduced after every pass instead of once per step.
  bool shards_every_pass() const { return zero >= plan::Zero::gradients; }
};

/// Seconds by recompute setting.
using ByRecompute = std::array<double, plan::all_recomputes.size()>;

/// One micro-batch through one chunk, by account; nothing sharded. `again`: what recomputation adds to the backward
/// pass.
struct ChunkTimes {
  Times forward, backward;
  double weight_pass = 0;  ///< of `backward`: what makes gradients of weights
  ByRecompute again{};
  double weights = 1;  ///< share of the stage's weights
};

/// The same in sums.
struct ChunkWork {
  double forward = 0;
  ByRecompute backward{};
  double weight_pass = 0;  ///< of `backward`
  double weights = 1;
  double forward_experts = 0, backward_experts = 0;  ///< exposed exchanges of experts, of the passes
};

struct StageWork {
  std::vector<ChunkWork> chunks;
  Times forward, backward;  ///< of one micro-batch through all chunks, by account, nothing recomputed
  ByRecompute again{};      ///< what recomputation adds to `backward`
  double send = 0;          ///< of the boundary to the next stage: the part that does not block the stage
  std::array<laws::StepWork, plan::all_zeros.size()> step;  ///< by ZeRO setting
  const hardware::SoftwareStack* stack = nullptr;
  int ranks = 1;            ///< of the job
  double through = 1;       ///< share of the micro-batches that go through each chunk
  bool runs_pairs = false;  ///< a forward and a backward pass together
};

/// Adds one more chunk to a stage.
void add(const ChunkTimes& chunk, StageWork& work);

/// One rank of DualPipe, which holds two stages and runs half of the micro-batches through each: two chunks, and the
/// mean of both by account. Weights of both are reduced and gathered once a step; their optimizer states are shared by
/// twice as many ranks where ZeRO shares them.
StageWork folded(const StageWork& one, const StageWork& other);

/// Forward and backward of one micro-batch, by account.
Times micro_batch_times(const StageWork& work, const StageSettings& settings);
/// What a stage does once per step, by account.
Times step_times(const StageWork& work, const StageSettings& settings);
/// The passes as a schedule plays them.
StageTimes pass_times(const StageWork& work, const StageSettings& settings);

}  // namespace chipmix::engine
