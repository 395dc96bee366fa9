// How fast can a pipeline over several islands be at best, before its layers are laid out?
//
// Weights y_j turn the units of the model (kinds j, n_j of each) into one amount of work, W = Σ n_j y_j. A stage that
// needs w_j seconds for a unit of kind j does at most ρ = max_j y_j / w_j of it a second. With M micro-batches, S
// stages and z_s seconds of a micro-batch on stage s, any schedule that runs a micro-batch's passes in order ends no
// earlier than
//   X >= M·z_s                        each stage does all of its passes;
//   X >= M·z_s + Σ_{r<s} z_r          one chunk a stage: stage s starts after a forward of the stages before it and
//                                     ends before their backward.
// From the first, X >= M·W / Σ ρ_s, and in whole units of the commonest kind m, X >= M·T with the least T for which
// Σ_s min(⌊T / w_sm⌋, c_s) >= n_m, where c_s units are all that the stage's memory holds (none, if Σ c_s < n_m). From
// the second, by duality of the linear program max Σ ρ_s z_s: any multipliers λ_s >= 0 with
//   M·λ_s + Σ_{q>s} λ_q >= ρ_s   give   X >= W / Σ λ_s;
// taken from the last stage backwards, as small as they may be. All of them hold whatever the partition.
#pragma once

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

/// Stages that are alike: so many seconds a unit, so many units at most.
struct LikeStages {
  double seconds = 0;
  int most = 0;
  int stages = 0;
};

/// Least seconds of a micro-batch on the busiest stage that hold `units` in whole units; infinite where memory does not
/// hold them.
double whole_unit_bound(const std::vector<LikeStages>& stages, int units);

/// W / Σ λ: least seconds of all passes of a pipeline with one chunk a stage. `rates`: ρ of each option, in pipeline
/// order.
double in_order_bound(const std::vector<const StageOption*>& options, const std::vector<double>& rates, double work,
                      int micro_batches);

}  // namespace chipmix::planner
