#include "engine/event/event_engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "engine/charge.hpp"

namespace chipmix::engine {
namespace {

StageSettings settings_of(const plan::Program& program) { return {program.recompute, program.zero}; }

const StageWork& kind_of(const ProgramWork& work, int stage) {
  const auto next = std::upper_bound(work.first_stage.begin(), work.first_stage.end(), stage);
  return work.kinds[next - work.first_stage.begin() - 1];
}

/// How long the slowest stage takes. Split schedules let every stage begin its next step when it is done with this one
/// (arXiv:2401.10241, section 4), so that each counts from its own first pass.
void measure(PlayedStep& step, bool from_own_start) {
  const std::size_t stages = step.classes.front().slow.size();
  std::vector<double> start(step.classes.size() * stages, from_own_start ? std::numeric_limits<double>::max() : 0);
  const auto begun = [&](const auto& part) -> double& { return start[part.replica_class * stages + part.stage]; };
  if (from_own_start)
    for (const StepList::Pass& pass : step.list.passes)
      begun(pass) = std::min(begun(pass), step.spans[pass.task].start);
  const auto is_ours = [&](const auto& part) { return step.classes[part.replica_class].job == 0; };
  for (const StepList::Pass& pass : step.list.passes)
    if (is_ours(pass)) step.passes_end = std::max(step.passes_end, pass.span(step.spans).end - begun(pass));
  step.end = step.passes_end;
  for (const StepList::Transfer& one : step.list.transfers)
    if (is_ours(one)) step.end = std::max(step.end, step.spans[one.task].end - begun(one));
}

std::vector<StageHold> holds(const plan::Program& program, const plan::PipelineShape& shape,
                             const hardware::Cluster& cluster) {
  std::vector<StageHold> list;
  for (const estimate::StageMemory& stage : memory_of(program, cluster)) {
    const Bytes activations = stage.use.total("activations");
    list.push_back({stage.peak() - activations, activations / plan::peak_in_flight(shape, stage.stage)});
  }
  return list;
}

bool sends(const std::vector<ChunkExchanges>& chunks) {
  return std::any_of(chunks.begin(), chunks.end(),
                     [](const ChunkExchanges& chunk) { return chunk.forward.total() + chunk.backward.total() > 0; });
}

/// Seconds that the exchanges of the stage that waits longest took beyond what they take alone: its ports are shared.
double shared_exchanges(const PlayedStep& step) {
  std::vector<double> waited(step.classes.front().slow.size(), 0);
  for (const StepList::Transfer& one : step.list.transfers)
    if (one.is_exchange && one.replica_class == 0)
      waited[one.stage] +=
          step.spans[one.task].end - step.spans[one.task].start - step.list.tasks.task(one.task).amount;
  return *std::max_element(waited.begin(), waited.end());
}

constexpr double most_passes = 1e7;  // a minute and some 3 GB

int replicas_of(const plan::Program& program) { return program.stages.front().degrees.data; }

}  // namespace

EventEngine::EventEngine(hardware::Cluster cluster, Disturbance disturbance, TaskPlayer player)
    : cluster_(cluster), disturbance_(std::move(disturbance)), player_(std::move(player)), analytical_(cluster) {
  for (const hardware::NodeGroup& group : cluster_.groups) machines_.emplace_back(group);
}

/// A stage that fills servers sends to other servers; one that is smaller has its neighbour on its own.
std::vector<StageTraffic> EventEngine::traffic(const plan::Program& program, const ProgramWork& work) const {
  const StageSettings settings = settings_of(program);
  const std::vector<StageTimes> times = passes(work, settings);
  std::vector<StageTraffic> list;
  for (int stage = 0; stage < work.shape.stages; ++stage) {
    const StageWork& kind = kind_of(work, stage);
    const plan::StageProgram& held = program.stages[stage];
    const bool fills_servers = held.degrees.ranks() >= cluster_.groups[held.node_group].ranks_per_node();
    StageTraffic traffic{times[stage], fills_servers, 0, 0, fills_servers};
    for (const plan::ChunkProgram& chunk : held.chunks)
      traffic.exchanges.push_back(
          exchanges_of(chunk, machines_[held.node_group], program.recompute, program.recompute_share));
    if (!sends(traffic.exchanges)) traffic.exchanges.clear();
    traffic.replicas_together = replicas_together(held);
    if (!settings.shards_every_pass()) {
      traffic.reduction = kind.step[static_cast<int>(settings.zero)].gradient_reduction.value();
      traffic.hidden = traffic.reduction - engine::step_times(kind, settings)[Spent::gradient_reduction];
    }
    list.push_back(std::move(traffic));
  }
  return list;
}

Placement EventEngine::placement(const plan::Program& program) const {
  const plan::StageProgram& first = program.stages.front();
  const double lane = first.degrees.tensor * first.degrees.context;
  return {disturbance_.fabric ? &*disturbance_.fabric : nullptr,
          cluster_.groups[first.node_group].ranks_per_node() / lane};
}

PlayedStep EventEngine::play(const plan::Program& program) {
  const ProgramWork work = analytical_.work(program);
  PlayedStep step;
  const plan::Degrees& degrees = program.stages.front().degrees;
  step.classes = replica_classes(disturbance_, degrees.data, work.shape.stages, degrees.tensor * degrees.context);
  step.list = step_list(work.shape, traffic(program, work), step.classes, placement(program));
  step.spans = player_(step.list.tasks);
  step.memory = holds(program, work.shape, cluster_);
  measure(step, plan::splits_backward(work.shape.kind));
  return step;
}

Times EventEngine::step_times(const plan::Program& program) {
  const ProgramWork work = analytical_.work(program);
  const StageSettings settings = settings_of(program);
  const PlayedStep step = play(program);
  Times times = busiest_stage(work, settings);
  const double beyond = std::max(0.0, step.passes_end - times.total());
  const double shared = std::min(beyond, shared_exchanges(step));
  times[Spent::expert_communication] += shared;
  times[Spent::pipeline_bubble] = beyond - shared;
  times[Spent::stragglers] = disturbance_.jitter ? 0 : work.waiting * times.total();
  Times once = longest_step_work(work, settings);
  if (!settings.shards_every_pass()) once[Spent::gradient_reduction] = step.end - step.passes_end;
  return times += once;
}

std::optional<estimate::Infeasible> EventEngine::misplaced(const plan::Program& program) const {
  const auto because = [](std::string text) {
    return estimate::Infeasible{estimate::Constraint::layout, std::move(text)};
  };
  const Fabric& fabric = *disturbance_.fabric;
  if (cluster_.groups.size() > 1) return because("a fabric joins the servers of one island; the cluster has several");
  const int stages = static_cast<int>(program.stages.size()), replicas = replicas_of(program);
  const int nodes = placement(program).nodes(stages, replicas) * fabric.jobs;
  if (std::string fault = engine::misfit(fabric, nodes); !fault.empty()) return because(fault);
  const double passes = 2.0 * stages * replicas * fabric.jobs * program.micro_batches;
  if (passes > most_passes)
    return because(
        fmt::format("on a fabric every replica is played: {:.0f} passes, of {:.0f} at most", passes, most_passes));
  return std::nullopt;
}

std::optional<estimate::Infeasible> EventEngine::refusal(const plan::Program& program) const {
  const auto because = [](std::string text) {
    return estimate::Infeasible{estimate::Constraint::layout, std::move(text)};
  };
  if (program.schedule == plan::ScheduleKind::dualpipe)
    return because(
        "the event engine does not play dualpipe, whose order is not published in full; the analytical engine does");
  const int stages = static_cast<int>(program.stages.size()), replicas = replicas_of(program);
  const auto check = [&](const char* what, int stage, int count) -> std::optional<estimate::Infeasible> {
    if (stage >= stages)
      return because(fmt::format("{} on stage {}: the plan has {} (0 to {})", what, stage, stages, stages - 1));
    if (count > replicas)
      return because(fmt::format("{} on {} replicas of stage {}: the plan has {}", what, count, stage, replicas));
    return std::nullopt;
  };
  for (const SlowReplicas& one : disturbance_.slow)
    if (auto fault = check("slow devices", one.stage, one.replicas)) return fault;
  for (const WeakPorts& one : disturbance_.ports)
    if (auto fault = check("weak ports", one.stage, one.replicas)) return fault;
  for (const Outage& one : disturbance_.outages)
    if (auto fault = check("an outage", one.stage, one.replicas)) return fault;
  if (disturbance_.fabric) return misplaced(program);
  return std::nullopt;
}

estimate::Outcome EventEngine::estimate(const plan::Program& program) {
  if (auto fault = refusal(program)) return *fault;
  auto outcome = analytical_.estimate(program);
  if (auto* estimate = std::get_if<estimate::Estimate>(&outcome)) charge(step_times(program), *estimate);
  return outcome;
}

estimate::Outcome EventEngine::estimate(const plan::JobProgram& job) {
  for (const plan::Program& lane : job.lanes)
    if (auto fault = refusal(lane)) return *fault;
  auto outcome = analytical_.estimate(job);
  auto* estimate = std::get_if<estimate::Estimate>(&outcome);
  if (!estimate) return outcome;
  Times slowest = step_times(job.lanes.front());
  for (std::size_t lane = 1; lane < job.lanes.size(); ++lane)
    if (const Times times = step_times(job.lanes[lane]); times.total() > slowest.total()) slowest = times;
  slowest[Spent::island_sync] += *analytical_.sync_time(job);
  charge(slowest, *estimate);
  return outcome;
}

}  // namespace chipmix::engine
