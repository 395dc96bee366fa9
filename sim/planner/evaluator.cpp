#include "planner/evaluator.hpp"

#include <algorithm>

#include "laws/memory.hpp"
#include "workload/operators.hpp"

namespace chipmix::planner {

Evaluator::Evaluator(const workload::TrainingJob& job, const hardware::Cluster& cluster)
    : lowering_(job), engine_(cluster) {}

void Evaluator::take(const plan::UniformPlan& plan, int global_batch) {
  plan::UniformPlan shape = plan;
  shape.recompute = plan::Recompute::none;
  shape.zero = plan::Zero::none;
  if (shape_ != shape || global_batch_ != global_batch) {
    const auto laid_out = plan::lay_out(plan, job().model.layers, global_batch, 0, group().device.ranks);
    program_ = lowering_.lower(laid_out, engine_.cluster());
    work_ = engine_.work(program_);
    shape_ = shape;
    global_batch_ = global_batch;
  }
  program_.recompute = plan.recompute;
  program_.zero = plan.zero;
}

bool Evaluator::fits(Bytes capacity) const {
  return std::all_of(work_.first_stage.begin(), work_.first_stage.end(),
                     [&](int stage) { return laws::stage_peak(program_, stage, group()) <= capacity; });
}

Bytes Evaluator::peak() const {
  Bytes worst;
  for (int stage : work_.first_stage) worst = max(worst, laws::stage_peak(program_, stage, group()));
  return worst;
}

double Evaluator::bound() const { return engine::lower_bound(work_, settings()); }

engine::Times Evaluator::times() { return engine_.step_times(work_, settings()); }

double Evaluator::floor(int global_batch) const {
  FlopsPerSecond peak;
  for (const auto& [dtype, rate] : group().device.peak) peak = max(peak, rate.value / group().device.ranks);
  // A forward pass, one for the gradients of inputs, and unless they are frozen one for those of weights.
  const double passes = job().is_base_frozen ? 2 : 3;
  const Flops work{passes * workload::forward_flops_per_token(lowering_.graph(), job().sequence_length) *
                   job().sequence_length * global_batch};
  return (work / (peak * group().ranks())).value();
}

}  // namespace chipmix::planner
