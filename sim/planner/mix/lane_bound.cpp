#include "planner/mix/lane_bound.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include "planner/unbounded.hpp"

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

double whole_unit_bound(const std::vector<LikeStages>& stages, int units, double known, double enough) {
  constexpr double rounding = 1e-12;  // of floor(T / w) where T is a multiple of w
  double least = 0, rate = 0, beside = 0;
  long long room = 0;
  for (const LikeStages& like : stages) {
    least = std::max(least, like.fixed);
    rate += like.stages / like.seconds;
    beside += like.stages * like.fixed / like.seconds;
    room += 1LL * like.stages * like.most;
  }
  if (room < units) return unbounded;
  // In parts of units, Σ (T - f) / w >= n where every T >= f.
  for (double bound = std::max({least, (units + beside) / rate * (1 - rounding), known});;) {
    long long held = 0;
    double next = unbounded;
    for (const LikeStages& like : stages) {
      const double each = std::max(0.0, std::floor((bound - like.fixed) / like.seconds * (1 + rounding)));
      held += like.stages * static_cast<long long>(std::min<double>(each, like.most));
      if (each < like.most) next = std::min(next, (each + 1) * like.seconds + like.fixed);
    }
    if (held >= units || bound > enough) return bound * (1 - rounding);
    bound = std::max(next, std::nextafter(bound, unbounded));
  }
}

namespace {

/// (W + Σ λ e + μ e) / (Σ λ + μ) with μ at stage `anchor`; without μ where that is beyond the last stage.
double anchored_bound(const std::vector<OrderedStage>& stages, double work, int micro_batches, std::size_t anchor) {
  const std::size_t count = stages.size();
  double least_rate = 0, before = 0, after = 0;
  for (std::size_t s = 0; s < count; ++s) (s < anchor ? before : after) += stages[s].fixed + stages[s].delay;
  if (anchor < count) {
    least_rate = stages[anchor].rate;
    for (std::size_t s = anchor; s < count; ++s) least_rate = std::min(least_rate, stages[s].rate);
  }
  const double rounds = anchor < count ? std::ceil(micro_batches / static_cast<double>(count - anchor)) : 1;
  const double mu = least_rate / rounds;
  double lambdas = 0, bought = mu * (before + rounds * after), passed = before + after;
  for (std::size_t s = count; s-- > 0;) {
    const OrderedStage& stage = stages[s];
    passed -= stage.fixed + stage.delay;
    const double lacks = stage.rate - lambdas - (s < anchor ? mu : least_rate);
    const double lambda = std::max(0.0, lacks) / micro_batches;
    bought += lambda * (micro_batches * stage.fixed + std::max(0.0, passed));
    lambdas += lambda;
  }
  return (work + bought) / (lambdas + mu);
}

}  // namespace

double in_order_bound(const std::vector<OrderedStage>& stages, double work, int micro_batches) {
  double bound = anchored_bound(stages, work, micro_batches, stages.size());
  for (std::size_t s = 0; s + 1 < stages.size(); ++s)
    if (stages[s].delay > stages[s + 1].delay) bound = std::max(bound, anchored_bound(stages, work, micro_batches, s));
  return bound;
}

}  // namespace chipmix::planner
