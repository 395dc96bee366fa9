// How fast can a plan be at best, before it is lowered? Known of it are its layers and what each of them costs.
//
//   t >= (1 + w) max over stages p of (M · busy_p + lead_p) + o
//
// as in engine/analytical/bound.cpp, but of busy_p and lead_p only the blocks and the host's time for a micro-batch are
// counted: sends, and what weights sharded in every pass add, are left out, and of the step's own tasks all but the
// host's, o. Where a forward and a backward pass run together they hide at most half of both: each hides no more than
// its own work lasts.
#pragma once

#include <array>
#include <vector>

#include "engine/analytical/stage_work.hpp"
#include "plan/plan.hpp"

namespace chipmix::planner {

/// Seconds of a micro-batch, forward, recomputed and backward, through the units of a model: the embedding, each layer,
/// and the head with all that stands before it.
class UnitTimes {
 public:
  explicit UnitTimes(int layers);

  /// The next `count` equal blocks, as a stage that is alone runs them and as one in a pipeline does.
  void add(const engine::ByRecompute& alone, const engine::ByRecompute& piped, int count, bool is_embedding);
  /// When all blocks are there.
  void sum_up();

  int layers() const { return layers_; }
  /// Of layers [first, first + count), with embedding and head where they are asked for.
  double seconds(plan::Recompute recompute, bool is_piped, int first, int count, bool embedding, bool head) const {
    const std::vector<double>& sums = sums_[static_cast<int>(recompute)][is_piped];
    return sums[head ? layers_ + 2 : first + count + 1] - sums[embedding ? 0 : first + 1];
  }

 private:
  int layers_;
  int next_layer_ = 0;
  /// By recompute setting, alone and in a pipeline: of all units before the i-th, once summed up.
  std::array<std::array<std::vector<double>, 2>, plan::all_recomputes.size()> sums_;
};

/// What all plans of a search share.
struct OutlineFacts {
  double waiting = 0;               ///< for the slowest rank, as a share of the passes
  double host_per_micro_batch = 0;  ///< s, on a stage
  double host_per_step = 0;         ///< s
};

/// Seconds that no plan of this shape, with this or more recomputation, can beat.
double outline_bound(const plan::UniformPlan& shape, plan::Recompute least, int micro_batches, const UnitTimes& units,
                     const OutlineFacts& facts);

}  // namespace chipmix::planner
