#include "planner/evaluator.hpp"

#include <algorithm>

#include "laws/memory.hpp"
#include "plan/schedule.hpp"
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
    first_stages_.clear();
    const bool holds_two = plan::traits(program_.schedule).lie == plan::Lie::mirrored;
    for (int stage = 0; stage < static_cast<int>(program_.stages.size()); ++stage)
      if (stage == 0 || holds_two || program_.stages[stage] != program_.stages[stage - 1])
        first_stages_.push_back(stage);
    work_.reset();
    shape_ = shape;
    global_batch_ = global_batch;
  }
  program_.recompute = plan.recompute;
  program_.zero = plan.zero;
}

bool Evaluator::fits(Bytes capacity) const {
  return std::all_of(first_stages_.begin(), first_stages_.end(),
                     [&](int stage) { return laws::stage_peak(program_, stage, group()) <= capacity; });
}

Bytes Evaluator::peak() const {
  Bytes worst;
  for (int stage : first_stages_) worst = max(worst, laws::stage_peak(program_, stage, group()));
  return worst;
}

const engine::ProgramWork& Evaluator::work() {
  if (!work_) work_ = engine_.work(program_);
  return *work_;
}

double Evaluator::bound() { return engine::lower_bound(work(), settings()); }

engine::Times Evaluator::times() { return engine_.step_times(work(), settings()); }

UnitTimes Evaluator::unit_times(const plan::UniformPlan& plan, bool has_alone) {
  plan::UniformPlan whole;  // one stage with all layers
  whole.degrees = plan.degrees;
  whole.degrees.data = group().ranks() / (plan.degrees.tensor * plan.degrees.context);
  whole.micro_batch = plan.micro_batch;
  whole.sequence_parallel = plan.sequence_parallel;
  const int layers = job().model.layers, batch = plan.micro_batch * whole.degrees.data;
  const plan::Program program =
      lowering_.lower(plan::lay_out(whole, layers, batch, 0, group().device.ranks), engine_.cluster());
  UnitTimes times(layers);
  for (const plan::BlockRun& run : program.stages.front().chunks.front()) {
    const auto seconds = [&](int tensor) {
      const engine::ChunkTimes block = engine_.block_times(run.block, 0, tensor);
      engine::ByRecompute all = block.again;
      for (double& one : all) one += block.forward.total() + block.backward.total();
      return all;
    };
    const engine::ByRecompute piped = seconds(plan.degrees.tensor);
    times.add(has_alone ? seconds(1) : piped, piped, run.count, run.block->kind == workload::BlockKind::embedding);
  }
  times.sum_up();
  return times;
}

OutlineFacts Evaluator::outline_facts() const {
  const hardware::SoftwareStack& stack = group().stack;
  const double pairs = 0.5 * group().ranks() * (group().ranks() - 1.0);
  return {engine::slowest_of(group().ranks(), stack.jitter.value), stack.host_per_micro_batch.value.value(),
          stack.host_per_step.value.value() + pairs * stack.host_per_rank_pair.value.value()};
}

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
