#include "planner/mix/lane_bound.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace chipmix::planner {

UnitWeights unit_weights(const StageOption& reference, plan::Recompute recompute) {
  UnitWeights weights;
  weights.of_kind = reference.time[static_cast<int>(recompute)];
  for (std::size_t kind = 0; kind < weights.of_kind.size(); ++kind) {
    weights.all += reference.count_of[kind] * weights.of_kind[kind];
    if (reference.count_of[kind] > reference.count_of[weights.commonest]) weights.commonest = static_cast<int>(kind);
  }
  return weights;
}

double stage_rate(const StageOption& option, const UnitWeights& weights, plan::Recompute recompute) {
  const std::vector<double>& time = option.time[static_cast<int>(recompute)];
  double rate = 0;
  for (std::size_t kind = 0; kind < time.size(); ++kind) rate = std::max(rate, weights.of_kind[kind] / time[kind]);
  return rate;
}

double whole_unit_bound(const std::vector<LikeStages>& stages, int units) {
  constexpr double unbounded = std::numeric_limits<double>::infinity();
  constexpr double rounding = 1e-12;  // of floor(T / w) where T is a multiple of w
  double rate = 0;
  long long room = 0;
  for (const LikeStages& like : stages) rate += like.stages / like.seconds, room += 1LL * like.stages * like.most;
  if (room < units) return unbounded;
  for (double bound = units / rate;;) {
    long long held = 0;
    double next = unbounded;
    for (const LikeStages& like : stages) {
      const double each = std::floor(bound / like.seconds * (1 + rounding));
      held += like.stages * static_cast<long long>(std::min<double>(each, like.most));
      if (each < like.most) next = std::min(next, (each + 1) * like.seconds);
    }
    if (held >= units) return bound * (1 - rounding);
    bound = next;
  }
}

double in_order_bound(const std::vector<const StageOption*>& options, const std::vector<double>& rates, double work,
                      int micro_batches) {
  double sum = 0;  // of the multipliers of the later stages
  for (std::size_t i = options.size(); i-- > 0;)
    for (int stage = 0; stage < options[i]->stages; ++stage) sum += std::max(0.0, rates[i] - sum) / micro_batches;
  return work / sum;
}

}  // namespace chipmix::planner
