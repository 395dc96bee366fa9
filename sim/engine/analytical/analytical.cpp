#include "engine/analytical/analytical.hpp"

#include <algorithm>

#include "engine/evidence.hpp"
#include "laws/collectives.hpp"
#include "laws/step.hpp"

namespace chipmix::engine {

AnalyticalEngine::AnalyticalEngine(hardware::Cluster cluster)
    : cluster_(std::move(cluster)), costs_(cluster_.groups.size()) {
  for (const hardware::NodeGroup& group : cluster_.groups) machines_.emplace_back(group);
}

const BlockCost& AnalyticalEngine::cost(const std::shared_ptr<const plan::BlockTasks>& block, int node_group) {
  const auto [entry, is_new] = costs_[node_group].try_emplace(block.get());
  if (is_new) entry->second = {block, block_cost(*block, machines_[node_group])};
  return entry->second.cost;
}

namespace {

/// Adds what sharded weights cost in every micro-batch (ZeRO-3): two gathers and, where gradients are sharded too
/// (ZeRO-2 and up), a reduction; each hides behind the compute of its pass.
void add_sharding(Times& forward, Times& backward, const laws::StepWork& work, plan::Zero zero,
                  const hardware::SoftwareStack& stack) {
  const auto visible = [](Seconds whole, double overlap, double cover) {
    return laws::exposed(whole, overlap, Seconds{cover}).value();
  };
  const double gradient_cover = backward.total();
  if (zero == plan::Zero::parameters) {
    const double gather_cover = stack.parameter_overlap.value;
    forward[Spent::parameter_gather] += visible(work.parameter_gather, gather_cover, forward.total());
    backward[Spent::parameter_gather] += visible(work.parameter_gather, gather_cover, backward.total());
  }
  backward[Spent::gradient_reduction] +=
      visible(work.gradient_reduction, stack.gradient_overlap.value, gradient_cover);
}

}  // namespace

AnalyticalEngine::StageCost AnalyticalEngine::stage_cost(const plan::Program& program, int index) {
  const plan::StageProgram& stage = program.stages[index];
  const Machine& machine = machines_[stage.node_group];
  const hardware::SoftwareStack& stack = machine.group.stack;
  const double chunks = program.interleave;
  const double send = program.stages.size() == 1 ? 0 : laws::collective_time(
      plan::Collective::send, stage.boundary, stage.next, machine.group).value();
  const double blocking = send * (1 - stack.pipeline_overlap.value);
  const bool shards_every_pass = program.zero >= plan::Zero::gradients;
  const laws::StepWork work = laws::step_work(stage, program.zero, machine.group, machine.rank);

  StageCost result;
  result.times.send = send - blocking;
  Times last_forward, last_backward;  // of one micro-batch: what step work can hide behind
  for (const plan::ChunkProgram& chunk : stage.chunks) {
    Times forward, backward;
    for (const plan::BlockRun& run : chunk) {
      const BlockCost& block = cost(run.block, stage.node_group);
      forward += block.forward * run.count;
      backward += block.backward * run.count;
      backward[Spent::recomputation] += block.again(program.recompute) * run.count;
    }
    for (Times* pass : {&forward, &backward}) {
      (*pass)[Spent::host] += stack.host_per_micro_batch.value.value() / (2 * chunks);
      (*pass)[Spent::pipeline_sends] += blocking;
    }
    if (shards_every_pass) add_sharding(forward, backward, work, program.zero, stack);
    result.times.forward.push_back(forward.total());
    result.times.backward.push_back(backward.total());
    last_forward += forward;
    last_backward += backward;
  }
  result.micro_batch = last_forward;
  result.micro_batch += last_backward;

  result.step[Spent::optimizer] = work.optimizer.value();
  result.step[Spent::step_overhead] = stack.host_per_step.value.value();
  if (!shards_every_pass)
    result.step[Spent::gradient_reduction] =
        laws::exposed(work.gradient_reduction, stack.gradient_overlap.value, Seconds{last_backward.total()}).value();
  if (program.zero == plan::Zero::optimizer || program.zero == plan::Zero::gradients)
    result.step[Spent::parameter_gather] =
        laws::exposed(work.parameter_gather, stack.parameter_overlap.value, Seconds{last_forward.total()}).value();
  return result;
}

const std::vector<AnalyticalEngine::StageCost>& AnalyticalEngine::stage_costs(const plan::Program& program) {
  stage_costs_.clear();
  for (int stage = 0; stage < static_cast<int>(program.stages.size()); ++stage)
    stage_costs_.push_back(stage_cost(program, stage));
  return stage_costs_;
}

double AnalyticalEngine::lower_bound(const plan::Program& program) {
  double bound = 0;
  double step = 0;
  for (const StageCost& stage : stage_costs(program)) {
    bound = std::max(bound, stage.busy() * program.micro_batches);
    step = std::max(step, stage.step.total());
  }
  return bound + step;
}

Times AnalyticalEngine::step_times(const plan::Program& program) {
  const std::vector<StageCost>& stages = stage_costs(program);
  const auto by = [](auto measure) {
    return [measure](const StageCost& a, const StageCost& b) { return measure(a) < measure(b); };
  };
  const StageCost& busiest = *std::max_element(stages.begin(), stages.end(), by([](auto& s) { return s.busy(); }));
  const StageCost& last = *std::max_element(stages.begin(), stages.end(), by([](auto& s) { return s.step.total(); }));

  Times times = busiest.micro_batch * program.micro_batches;
  if (stages.size() > 1) {
    std::vector<StageTimes> played;
    for (const StageCost& stage : stages) played.push_back(stage.times);
    const plan::PipelineShape shape{static_cast<int>(stages.size()), program.interleave, program.micro_batches};
    times[Spent::pipeline_bubble] = std::max(0.0, player_.play(shape, played) - times.total());
  }
  times += last.step;
  return times;
}

estimate::Outcome AnalyticalEngine::estimate(const plan::Program& program) {
  if (auto shortfall = memory_shortfall(program, cluster_)) return *shortfall;
  const Times times = step_times(program);
  estimate::Estimate result;
  for (int account = 0; account < spent_count; ++account)
    if (times.seconds[account] > 0)
      result.time.charge(name(static_cast<Spent>(account)), Seconds{times.seconds[account]},
                         law(static_cast<Spent>(account)));
  result.step_time = result.time.total();
  result.memory = memory_of(program, cluster_);
  result.model_flops = Flops{program.model_flops};
  result.evidence = Evidence::measured;
  for (const plan::StageProgram& stage : program.stages) {
    const Machine& machine = machines_[stage.node_group];
    result.peak += machine.rank.peak.at(program.dtype).value * stage.degrees.ranks();
    result.evidence = weakest(result.evidence, evidence(machine.group, program.dtype));
  }
  return result;
}

}  // namespace chipmix::engine
