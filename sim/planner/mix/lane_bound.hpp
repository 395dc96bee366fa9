// How fast can a pipeline over several islands be at best, before its layers are laid out?
//
// Weights y_j turn the units of the model (kinds j, n_j of each) into one amount of work, W = Σ n_j y_j. A stage that
// needs w_j seconds for a unit of kind j does at most ρ = max_j y_j / w_j of it a second. With M micro-batches, S
// stages, f_s seconds of a micro-batch that stage s needs whatever it holds (its sends), z_s seconds that it needs in
// all, and d_s seconds that activations and gradients are on their way to the next stage and back beyond f_s, any
// schedule that runs a micro-batch's passes in order ends no earlier than
//   X >= M·z_s                                                  each stage does all of its passes;
//   X >= Σ_{r<s} (z_r + d_r) + M·z_s                            one chunk a stage: stage s starts after a forward of
//   the
//                                                               stages before it and ends before their backward;
//   X >= Σ_{r<s} (z_r + d_r) + ⌈M / (S-s)⌉ · Σ_{r>=s} (z_r + d_r)
//                                                               one chunk a stage: stage s holds at most S - s
//                                                               micro-batches, each from its forward to its backward.
// Interleaved, each chunk holds a layer at least, so that with v chunks a stage and u_s seconds of its cheapest layer
//   X >= L_s + M·z_s,   L_s = Σ_{r<s} (u_r + (f_r + d_r) / v)   stage s starts after the first chunks of the stages
//                                                               before it, and ends before their backward.
// From the first, X >= M·W / Σ ρ_s; with what all stages do beside their units, weighted by their ρ,
//   X >= M·(W + Σ ρ_s (f_s + L_s / M)) / Σ ρ_s,                 L_s = 0 with one chunk a stage;
// and in whole units of the commonest kind m, X >= M·T with the least T for which
// Σ_s min(⌊(T - f_s) / w_sm⌋, c_s) >= n_m, where c_s units are all that the stage's memory holds (none, if Σ c_s <
// n_m). From the others, by duality of the linear program max Σ ρ_s (z_s - f_s): multipliers λ_s >= 0 of the second and
// μ >= 0 of the third for one stage a give
//   X >= (W + Σ λ_s e_s + μ e) / (Σ λ_s + μ),   e_s = M·f_s + Σ_{r<s} (f_r + d_r),
//        e = Σ_{r<a} (f_r + d_r) + ⌈M / (S-a)⌉ · Σ_{r>=a} (f_r + d_r)
// if M·λ_s + Σ_{q>s} λ_q + μ·(⌈M / (S-a)⌉ for s >= a, 1 for s < a) >= ρ_s for all s. Here ⌈M / (S-a)⌉·μ is the least ρ
// from stage a on, where a slow link follows, and λ is taken from the last stage backwards, as small as it may be. All
// of them hold whatever the partition.
#pragma once

#include <limits>
#include <vector>

#include "planner/mix/lane_layout.hpp"

namespace chipmix::planner {

/// Work that units are worth, and its sum over the model.
struct UnitWeights {
  std::vector<double> of_kind;
  double all = 0;
  int commonest = 0;  ///< kind
};

UnitWeights unit_weights(const StageOption& reference, plan::Recompute recompute);

/// ρ of a stage, per second.
double stage_rate(const StageOption& option, const UnitWeights& weights, plan::Recompute recompute);

/// Stages that are alike: so many seconds a unit, so many units at most, so many seconds whatever they hold.
struct LikeStages {
  double seconds = 0;
  int most = 0;
  int stages = 0;
  double fixed = 0;
};

/// Least seconds of a micro-batch on the busiest stage that hold `units` in whole units; infinite where memory does not
/// hold them. Known not to be below `known`; beyond `enough`, not as high as it could be.
double whole_unit_bound(const std::vector<LikeStages>& stages, int units, double known = 0,
                        double enough = std::numeric_limits<double>::infinity());

/// A stage in its place in the pipeline.
struct OrderedStage {
  double rate = 0;   ///< ρ, per second
  double fixed = 0;  ///< f
  double delay = 0;  ///< d
};

/// Least seconds of all passes of a pipeline with one chunk a stage.
double in_order_bound(const std::vector<OrderedStage>& stages, double work, int micro_batches);

}  // namespace chipmix::planner
