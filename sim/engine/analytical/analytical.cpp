#include "engine/analytical/analytical.hpp"

#include <algorithm>
#include <cmath>

#include "engine/charge.hpp"
#include "engine/evidence.hpp"
#include "laws/collectives.hpp"
#include "laws/islands.hpp"

namespace chipmix::engine {

AnalyticalEngine::AnalyticalEngine(hardware::Cluster cluster)
    : cluster_(std::move(cluster)), costs_(2 * cluster_.groups.size()) {
  for (const hardware::NodeGroup& group : cluster_.groups) machines_.emplace_back(group);
  islands_ = {cluster_.name, {}, cluster_.links};
  for (const Machine& machine : machines_) islands_.groups.push_back(machine.group);
}

void AnalyticalEngine::use(const hardware::Cluster& cluster) {
  cluster_ = cluster;
  islands_.links = cluster.links;
  for (std::size_t i = 0; i < machines_.size(); ++i) {
    machines_[i].use(cluster.groups[i]);
    islands_.groups[i] = machines_[i].group;
  }
  for (auto& costs : costs_) costs.clear();
}

const BlockCost& AnalyticalEngine::cost(const std::shared_ptr<const plan::BlockTasks>& block, int node_group,
                                        double stall) {
  const auto [entry, is_new] = costs_[2 * node_group + (stall > 0)].try_emplace(block.get());
  if (is_new) entry->second = {block, block_cost(*block, machines_[node_group], stall)};
  return entry->second.cost;
}

ChunkTimes AnalyticalEngine::chunk_times(const plan::ChunkProgram& chunk, int node_group, double recompute_share,
                                         double stall) {
  ChunkTimes times;
  for (const plan::BlockRun& run : chunk) {
    const BlockCost& block = cost(run.block, node_group, stall);
    times.forward += block.forward * run.count;
    times.backward += block.backward * run.count;
    times.weight_pass += block.weight_pass * run.count;
    for (plan::Recompute recompute : plan::all_recomputes)
      times.again[static_cast<int>(recompute)] += block.again(recompute) * run.count * recompute_share;
  }
  return times;
}

namespace {

double weights_of(const plan::ChunkProgram& chunk) {
  double sum = 0;
  for (const plan::BlockRun& run : chunk) sum += run.block->parameters.total() * run.count;
  return sum;
}

}  // namespace

ChunkTimes AnalyticalEngine::block_times(const std::shared_ptr<const plan::BlockTasks>& block, int node_group,
                                         int tensor) {
  const double stall = tensor > 1 ? machines_[node_group].group.stack.tensor_stall.value.value() * tensor : 0;
  return chunk_times({{block, 1}}, node_group, 1, stall);
}

Seconds AnalyticalEngine::send_time(const plan::StageProgram& from, const plan::StageProgram& to) const {
  if (from.node_group == to.node_group)
    return laws::collective_time(plan::Collective::send, from.boundary, from.next, machines_[from.node_group].group);
  const laws::Side sender{from.node_group, from.degrees.ranks()}, receiver{to.node_group, to.degrees.ranks()};
  return laws::island_send_time(from.boundary * sender.ranks, sender, receiver, islands_);
}

namespace {

/// What of a send keeps a stage from its next pass: the part that does not overlap, and what would be left of it when
/// the next pass is over, for a link takes one message after the other:
///   max(send · (1 - overlap), send - pass)
double blocked(double send, double pass, const hardware::SoftwareStack& stack) {
  return std::max(send * (1 - stack.pipeline_overlap.value), send - pass);
}

}  // namespace

StageWork AnalyticalEngine::stage_work(const plan::Program& program, int index) {
  const plan::StageProgram& stage = program.stages[index];
  const Machine& machine = machines_[stage.node_group];
  const hardware::SoftwareStack& stack = machine.group.stack;
  const int stages = static_cast<int>(program.stages.size());
  const Seconds send =
      stages == 1 ? Seconds{} : send_time(stage, program.stages[plan::next_stage(index, stages, program.schedule)]);

  StageWork work;
  work.stack = &stack;
  work.send = send.value() * stack.pipeline_overlap.value;
  for (plan::Zero zero : plan::all_zeros)
    work.step[static_cast<int>(zero)] =
        laws::step_work(stage, zero, machine.group, machine.rank, program.is_base_frozen);
  work.chunks.reserve(stage.chunks.size());
  double all_weights = 0;
  for (const plan::ChunkProgram& chunk : stage.chunks) all_weights += weights_of(chunk);
  const bool stalls = program.stages.size() > 1 && stage.degrees.tensor > 1;
  const double stall = stalls ? stack.tensor_stall.value.value() * stage.degrees.tensor : 0;
  for (const plan::ChunkProgram& chunk : stage.chunks) {
    ChunkTimes times = chunk_times(chunk, stage.node_group, program.recompute_share, stall);
    times.weights = weights_of(chunk) / all_weights;
    for (Times* pass : {&times.forward, &times.backward}) {
      (*pass)[Spent::host] += stack.host_per_micro_batch.value.value() / (2.0 * program.interleave);
      (*pass)[Spent::pipeline_sends] += blocked(send.value(), pass->total(), stack);
    }
    add(times, work);
  }
  return work;
}

double slowest_of(int ranks, double jitter) { return jitter * std::sqrt(2 * std::log(std::max(1, ranks))); }

namespace {

/// Every rank does the work of a stage and of its mirror image, the one nearer to an end first.
void fold(ProgramWork& work) {
  std::vector<StageWork> ranks;
  std::vector<int> first_stage;
  const auto kind_of = [&](int stage) {
    return std::upper_bound(work.first_stage.begin(), work.first_stage.end(), stage) - work.first_stage.begin() - 1;
  };
  for (int stage = 0; stage < work.shape.stages; ++stage) {
    const int other = plan::mirror(work.shape, stage);
    ranks.push_back(folded(work.kinds[kind_of(std::min(stage, other))], work.kinds[kind_of(std::max(stage, other))]));
    first_stage.push_back(stage);
  }
  work.kinds = std::move(ranks);
  work.first_stage = std::move(first_stage);
}

}  // namespace

ProgramWork AnalyticalEngine::work(const plan::Program& program) {
  ProgramWork work;
  work.shape = {static_cast<int>(program.stages.size()), program.interleave, program.micro_batches, program.schedule};
  int ranks = program.ranks_beside;
  for (const plan::StageProgram& stage : program.stages) ranks += stage.degrees.ranks();
  for (int stage = 0; stage < work.shape.stages; ++stage) {
    if (stage > 0 && program.stages[stage] == program.stages[stage - 1]) continue;
    work.kinds.push_back(stage_work(program, stage));
    work.kinds.back().ranks = ranks;
    work.first_stage.push_back(stage);
  }
  for (const StageWork& stage : work.kinds)
    work.waiting = std::max(work.waiting, slowest_of(ranks, stage.stack->jitter.value));
  const plan::ScheduleTraits& schedule = plan::traits(work.shape.kind);
  for (StageWork& stage : work.kinds) stage.runs_pairs = schedule.pairs;
  if (schedule.lie == plan::Lie::mirrored) fold(work);
  return work;
}

double AnalyticalEngine::lower_bound(const plan::Program& program) {
  return engine::lower_bound(work(program), {program.recompute, program.zero});
}

Times AnalyticalEngine::step_times(const ProgramWork& work, const StageSettings& settings) {
  Times times = busiest_stage(work, settings);
  std::vector<double> ends{times.total()};
  if (work.shape.stages > 1) {
    const double played = player_.play(work.shape, passes(work, settings));
    times[Spent::pipeline_bubble] = std::max(0.0, played - times.total());
    ends = player_.ends();
  }
  times[Spent::stragglers] = work.waiting * times.total();
  times += once_per_step(work, settings, ends);
  return times;
}

Times AnalyticalEngine::step_times(const plan::Program& program) {
  return step_times(work(program), {program.recompute, program.zero});
}

namespace {

/// Peak rates of the program's ranks, and the weakest grade behind them.
void add_ranks(const plan::Program& program, const std::vector<Machine>& machines, estimate::Estimate& result) {
  for (const plan::StageProgram& stage : program.stages) {
    const Machine& machine = machines[stage.node_group];
    result.peak += machine.rank.peak.at(stage.dtype).value * stage.degrees.ranks();
    result.evidence = weakest(result.evidence, evidence(machine.group, stage.dtype));
  }
}

}  // namespace

estimate::Outcome AnalyticalEngine::estimate(const plan::Program& program) {
  if (auto shortfall = memory_shortfall(program, cluster_)) return *shortfall;
  estimate::Estimate result;
  charge(step_times(program), result);
  result.memory = memory_of(program, cluster_);
  result.model_flops = Flops{program.model_flops};
  result.evidence = Evidence::measured;
  add_ranks(program, machines_, result);
  return result;
}

estimate::Outcome AnalyticalEngine::estimate(const plan::JobProgram& job) {
  for (const plan::Program& lane : job.lanes)
    if (auto shortfall = memory_shortfall(lane, cluster_)) return *shortfall;
  if (!sync_time(job))
    return estimate::Infeasible{estimate::Constraint::layout, "islands that exchange gradients are not joined"};
  estimate::Estimate result;
  charge(step_times(job), result);
  result.model_flops = Flops{job.lanes.front().model_flops};
  result.evidence = Evidence::measured;
  for (const plan::Program& lane : job.lanes) {
    for (estimate::StageMemory& stage : memory_of(lane, cluster_)) {
      stage.stage = static_cast<int>(result.memory.size());
      result.memory.push_back(std::move(stage));
    }
    add_ranks(lane, machines_, result);
  }
  return result;
}

}  // namespace chipmix::engine
