#include "engine/analytical/stage_work.hpp"

#include <algorithm>

#include "engine/analytical/block_cost.hpp"

namespace chipmix::engine {
namespace {

double visible(Seconds whole, double overlap, double cover) {
  return laws::exposed(whole, overlap, Seconds{cover}).value();
}

const laws::StepWork& step_work(const StageWork& work, const StageSettings& settings) {
  return work.step[static_cast<int>(settings.zero)];
}

/// What weights sharded in every micro-batch add to a chunk's passes: with ZeRO-3 a gather in each, with ZeRO-2 and up
/// a reduction; each is that of the chunk's own weights, its share of the stage's, and hides behind the compute of its
/// pass.
struct Sharding {
  double forward_gather = 0, backward_gather = 0, reduction = 0;
};

Sharding sharding(const StageWork& work, const ChunkWork& chunk, const StageSettings& settings) {
  const laws::StepWork& step = step_work(work, settings);
  const double backward = chunk.backward[static_cast<int>(settings.recompute)];
  const double part = chunk.weights / work.stack->shard_rate.value;
  Sharding added;
  if (settings.zero == plan::Zero::parameters) {
    const double overlap = work.stack->parameter_overlap.value;
    added.forward_gather = visible(step.parameter_gather * part, overlap, chunk.forward);
    added.backward_gather = visible(step.parameter_gather * part, overlap, backward);
  }
  // What of the pass hides the gather cannot hide the reduction too.
  const double taken =
      settings.zero == plan::Zero::parameters ? (step.parameter_gather * part).value() - added.backward_gather : 0.0;
  added.reduction = visible(step.gradient_reduction * part, work.stack->gradient_overlap.value, backward - taken);
  return added;
}

}  // namespace

void add(const ChunkTimes& chunk, StageWork& work) {
  const auto experts = [](const Times& pass) { return pass[Spent::expert_communication]; };
  ChunkWork passes{chunk.forward.total(),  {}, chunk.weight_pass, chunk.weights, experts(chunk.forward),
                   experts(chunk.backward)};
  for (std::size_t i = 0; i < chunk.again.size(); ++i) {
    passes.backward[i] = chunk.backward.total() + chunk.again[i];
    work.again[i] += chunk.again[i];
  }
  work.chunks.push_back(passes);
  work.forward += chunk.forward;
  work.backward += chunk.backward;
}

namespace {

laws::StepWork folded(const laws::StepWork& one, const laws::StepWork& other, plan::Zero zero) {
  const double sent = zero >= plan::Zero::gradients ? 0.5 : 1;  // every pass sends those of one stage
  const double kept = zero >= plan::Zero::optimizer ? 0.5 : 1;
  return {(one.gradient_reduction + other.gradient_reduction) * sent,
          (one.parameter_gather + other.parameter_gather) * sent, (one.optimizer + other.optimizer) * kept};
}

Times mean(Times one, const Times& other) { return (one += other) * 0.5; }

}  // namespace

StageWork folded(const StageWork& one, const StageWork& other) {
  StageWork work = one;
  work.chunks = {one.chunks.front(), other.chunks.front()};
  work.through = 0.5;
  work.forward = mean(one.forward, other.forward);
  work.backward = mean(one.backward, other.backward);
  for (std::size_t i = 0; i < work.again.size(); ++i) work.again[i] = (one.again[i] + other.again[i]) / 2;
  work.send = (one.send + other.send) / 2;
  for (plan::Zero zero : plan::all_zeros) {
    const int i = static_cast<int>(zero);
    work.step[i] = folded(one.step[i], other.step[i], zero);
  }
  return work;
}

Times micro_batch_times(const StageWork& work, const StageSettings& settings) {
  Times times = work.forward;
  times += work.backward;
  times[Spent::recomputation] += work.again[static_cast<int>(settings.recompute)];
  if (!settings.shards_every_pass()) return times;
  for (const ChunkWork& chunk : work.chunks) {
    const Sharding added = sharding(work, chunk, settings);
    times[Spent::parameter_gather] += (added.forward_gather + added.backward_gather) * work.through;
    times[Spent::gradient_reduction] += added.reduction * work.through;
  }
  return times;
}

Times step_times(const StageWork& work, const StageSettings& settings) {
  const laws::StepWork& step = step_work(work, settings);
  Times times;
  times[Spent::optimizer] = step.optimizer.value();
  const double pairs = 0.5 * work.ranks * (work.ranks - 1.0);
  times[Spent::step_overhead] =
      work.stack->host_per_step.value.value() + pairs * work.stack->host_per_rank_pair.value.value();
  if (!settings.shards_every_pass())
    times[Spent::gradient_reduction] =
        visible(step.gradient_reduction, work.stack->gradient_overlap.value,
                work.backward.total() + work.again[static_cast<int>(settings.recompute)]);
  if (settings.zero == plan::Zero::optimizer || settings.zero == plan::Zero::gradients)
    times[Spent::parameter_gather] =
        visible(step.parameter_gather, work.stack->parameter_overlap.value, work.forward.total());
  return times;
}

namespace {

/// What a pass beside another hides of a chunk's exposed exchanges of experts: those that its stack leaves exposed
/// alone, less those it leaves exposed beside another micro-batch's work.
Pairing pairing(const ChunkWork& chunk, const hardware::SoftwareStack& stack) {
  const double alone = exposed_share(plan::Account::expert_communication, stack);
  const double beside = std::min(alone, 1 - stack.batch_overlap.value);
  const double hidden = alone > 0 ? 1 - beside / alone : 0;
  return {chunk.forward_experts, chunk.backward_experts, chunk.forward_experts * hidden,
          chunk.backward_experts * hidden};
}

}  // namespace

StageTimes pass_times(const StageWork& work, const StageSettings& settings) {
  StageTimes times;
  times.send = work.send;
  for (const ChunkWork& chunk : work.chunks) {
    const Sharding added = settings.shards_every_pass() ? sharding(work, chunk, settings) : Sharding{};
    times.forward.push_back(chunk.forward + added.forward_gather);
    times.backward.push_back(chunk.backward[static_cast<int>(settings.recompute)] + added.backward_gather +
                             added.reduction);
    times.weight.push_back(chunk.weight_pass + added.reduction);
    if (work.runs_pairs) times.pairing.push_back(pairing(chunk, *work.stack));
  }
  return times;
}

}  // namespace chipmix::engine
