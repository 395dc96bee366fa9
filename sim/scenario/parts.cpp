#include "scenario/parts.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include <fmt/format.h>

#include "engine/evaluate.hpp"
#include "hardware/device_family.hpp"
#include "scenario/anchors.hpp"
#include "scenario/charge.hpp"
#include "scenario/cost_terms.hpp"
#include "scenario/interruption_causes.hpp"
#include "scenario/sound.hpp"

namespace chipmix::scenario {

OptionAnswer infeasible(const Option& option, estimate::Constraint constraint, std::string why) {
  OptionAnswer answer;
  answer.name = option.name;
  answer.label = option.label;
  answer.reason = estimate::Infeasible{constraint, std::move(why)};
  return answer;
}

namespace {

/// Packages of each group that a plan stands on.
std::vector<int> devices_used(const plan::JobPlan& plan, const hardware::Cluster& cluster) {
  std::vector<int> ranks(cluster.groups.size(), 0);
  for (const plan::ParallelPlan& lane : plan.lanes)
    for (const plan::Stage& stage : lane.stages) ranks[stage.devices.node_group] += stage.degrees.ranks();
  for (std::size_t group = 0; group < ranks.size(); ++group) ranks[group] /= cluster.groups[group].device.ranks;
  return ranks;
}

std::string device_names(const std::vector<int>& used, const hardware::Cluster& cluster) {
  std::string names;
  for (std::size_t group = 0; group < used.size(); ++group)
    if (used[group] > 0) names += (names.empty() ? "" : " + ") + cluster.groups[group].device.id;
  return names;
}

/// Weights in 16 bit, master weights and two moments in fp32: what a training checkpoint holds.
constexpr double checkpoint_bytes_per_weight = 2 + 12;

goodput::Fleet fleet_of(const plan::JobPlan& plan, const hardware::Cluster& cluster) {
  const std::vector<int> used = devices_used(plan, cluster);
  goodput::Fleet fleet;
  for (std::size_t i = 0; i < used.size(); ++i) {
    const hardware::NodeGroup& group = cluster.groups[i];
    const int each = group.ranks_per_node(), ranks = used[i] * group.device.ranks;
    if (ranks > 0) fleet.kinds.push_back({group.device.id, used[i], (ranks + each - 1) / each});
  }
  fleet.replicas = 0;
  for (const plan::ParallelPlan& lane : plan.lanes) fleet.replicas += lane.stages.front().degrees.data;
  return fleet;
}

}  // namespace

goodput::Interruptions interruptions(const goodput::Reliability& reliability, const plan::JobPlan& plan,
                                     const workload::TrainingJob& job, const hardware::Cluster& cluster) {
  const Bytes checkpoint{checkpoint_bytes_per_weight * workload::count_parameters(job.model).total};
  return goodput::interruptions(reliability, fleet_of(plan, cluster), checkpoint);
}

namespace {

/// What interrupts a run where the scenario says nothing of it.
goodput::Reliability usual_reliability(const practice::Belief& belief) {
  goodput::Reliability usual;
  usual.device_mtbf = belief.device_mtbf;
  usual.recovery = belief.recovery;
  usual.blocking = belief.blocking;
  return usual;
}

/// What interruptions make of the run's time; the causes of their error.
std::vector<uncertainty::Factor> interrupt(Run& run, practice::Facts& facts, const goodput::Reliability& reliability,
                                           const workload::TrainingJob& job, const hardware::Cluster& cluster) {
  const auto with = [&](const goodput::Reliability& other) { return interruptions(other, run.plan, job, cluster); };
  run.interruptions = with(reliability);
  run.spares = reliability.spares;
  facts.failures = run.interruptions->factor();
  facts.failures_source = reliability.device_mtbf.source;
  const auto causes =
      interruption_causes(reliability, [&](const goodput::Reliability& other) { return with(other).factor(); });
  const auto [low, high] = uncertainty::in_quadrature(causes);
  facts.failures_range = Interval<double>{facts.failures * low, facts.failures * high};
  return causes;
}

/// The user's own rate over the best plan's.
void take_own_rate(practice::Facts& facts, const Option& option, const Run& run) {
  if (option.mfu) {
    facts.own_step = mfu(run.estimate) / *option.mfu;
    facts.own_source = "the scenario's own share of peak";
  }
  if (option.measured_step) {
    facts.own_step = *option.measured_step / run.estimate.step_time;
    facts.own_source = "the scenario's own measured step";
  }
}

/// What moves a run's time: the step's causes and, in every option of the same team, practice; both together as wide as
/// the account. Where the rate is the user's own, the losses beside it. Interruptions, where the scenario states them.
std::vector<uncertainty::Factor> causes_of(const Run& run, const Option& option,
                                           const std::vector<uncertainty::Factor>& stated) {
  std::vector<uncertainty::Factor> causes;
  const bool is_own = option.mfu || option.measured_step;
  if (!is_own) causes = run.interval.causes;
  const auto [low, high] = uncertainty::in_quadrature(causes);
  const auto beyond = [](double whole, double part) {
    return std::sqrt(std::max(0.0, std::pow(std::log(whole), 2) - std::pow(std::log(part), 2)));
  };
  const double down = beyond(run.account.p10(), low), up = beyond(run.account.p90(), high);
  if (down > 0 || up > 0)
    causes.push_back({is_own ? "losses of whole runs" : "practice of whole runs", std::exp(-down), std::exp(up)});
  causes.insert(causes.end(), stated.begin(), stated.end());
  return causes;
}

/// Whether published whole runs ran on all dies of the run.
bool is_die_seen(const Run& run, const practice::Belief& belief, const hardware::Cluster& cluster) {
  const auto is_seen = [&](const std::string& device) {
    const hardware::DeviceFamily* family = hardware::device_family(device);
    const std::string die = family ? family->die : device;
    return std::find(belief.seen_dies.begin(), belief.seen_dies.end(), die) != belief.seen_dies.end();
  };
  for (std::size_t group = 0; group < run.used.size(); ++group)
    if (run.used[group] > 0 && !is_seen(cluster.groups[group].device.id)) return false;
  return true;
}

/// The account of a run from its best plan's steps to the bill, and the causes of its error.
void account_for(Run& run, const Scenario& scenario, const Option& option) {
  practice::Facts facts;
  facts.is_moe = scenario.job.model.moe.has_value();
  facts.is_routing_known = scenario.job.is_routing_known || scenario.job.expert_imbalance > 1;
  facts.is_searched = option.is_plan_found || (!option.plan && !option.given);
  facts.devices = run.devices;
  facts.is_die_seen = is_die_seen(run, scenario.practice, *option.cluster);
  facts.step_p10 = run.interval.p10;
  facts.step_p90 = run.interval.p90;
  take_own_rate(facts, option, run);
  std::vector<uncertainty::Factor> stated;
  if (option.reliability)
    stated = interrupt(run, facts, *option.reliability, scenario.job_of(option), *option.cluster);
  else if (option.practice != practice::Practice::ideal)
    interrupt(run, facts, usual_reliability(scenario.practice), scenario.job_of(option), *option.cluster);
  if (run.anchored) facts.anchoring = anchoring(run, option.practice);
  run.account = {scenario.practice, option.practice, facts};
  const bool is_asked = run.interval.p10 < 1 || run.interval.p90 > 1;  // else how sure it is is not wanted
  if (is_asked) run.causes = causes_of(run, option, stated);
}

}  // namespace

std::variant<Run, estimate::Infeasible> play(const Scenario& scenario, const Option& option, const plan::JobPlan& plan,
                                             const Settings& settings) {
  const workload::TrainingJob job = scenario.job_of(option);
  plan::Lowering lowering(job);
  const plan::JobProgram program = plan::lower(lowering, plan, *option.cluster);
  auto outcome = engine::evaluate(settings.engine, program, *option.cluster, option.disturbed);
  if (auto* no = std::get_if<estimate::Infeasible>(&outcome)) return std::move(*no);
  Run run;
  run.plan = plan;
  run.estimate = std::get<estimate::Estimate>(std::move(outcome));
  run.used = devices_used(plan, *option.cluster);
  run.device = device_names(run.used, *option.cluster);
  run.devices = std::accumulate(run.used.begin(), run.used.end(), 0);
  if (engine::plays_events(settings.engine) && !option.disturbed.empty()) {
    auto undisturbed = engine::evaluate(settings.engine, program, *option.cluster, {});
    run.undisturbed = std::get<estimate::Estimate>(std::move(undisturbed)).time;
  }
  if (settings.intervals || settings.anchors) run.interval = uncertainty::step_interval(job, plan, *option.cluster);
  if (settings.anchors) anchor(run, settings.anchors, *option.cluster);
  return run;
}

namespace {

/// Below this share of its time in steps a run is not worth beginning: its interruptions come faster than it recovers.
constexpr double least_goodput = 0.01;

/// Why a run cannot be carried out at its rate, with its interruptions; nothing where it can.
std::optional<estimate::Infeasible> no_run(const Run& run) {
  if (const auto& all = run.interruptions; all && !(all->goodput() >= least_goodput))
    return estimate::Infeasible{
        estimate::Constraint::progress,
        fmt::format(
            "no progress between interruptions: one every {:.3g} minutes on average, steps would be less than {:g} % "
            "of the time",
            all->mtbf.value() / 60, 100 * least_goodput)};
  const double share = mfu(run.estimate) * (run.useful / run.steady);
  if (share > 1)
    return estimate::Infeasible{
        estimate::Constraint::rate,
        fmt::format("the measured step would be {:.0f} % of the devices' peak: it belongs to another job or cluster",
                    100 * share)};
  return std::nullopt;
}

}  // namespace

OptionAnswer settle(const Scenario& scenario, const Option& option, Run run) {
  OptionAnswer answer;
  answer.name = option.name;
  answer.label = option.label;
  run.useful = run.estimate.step_time * scenario.job_of(option).steps();
  account_for(run, scenario, option);
  run.steady = run.useful * run.account.factor(practice::Scope::steady);
  run.duration = run.useful * run.account.factor(practice::Scope::billed);
  if (auto no = no_run(run)) return infeasible(option, no->constraint, std::move(no->explanation));
  const auto [low, high] = uncertainty::in_quadrature(run.causes);
  run.p10 = low;
  run.p90 = high;
  charge(answer, scenario, option, run);
  answer.runs.push_back(std::move(run));
  total(answer, scenario);
  return sound(std::move(answer), scenario, option);
}

OptionAnswer answer_plan(const Scenario& scenario, const Option& option, const plan::JobPlan& plan,
                         const Settings& settings) {
  auto played = play(scenario, option, plan, settings);
  if (const auto* no = std::get_if<estimate::Infeasible>(&played))
    return infeasible(option, no->constraint, no->explanation);
  return settle(scenario, option, std::get<Run>(std::move(played)));
}

namespace {

/// What a run would add to the bill if it took so long, and all of that in steps.
double cost_of(const Scenario& scenario, Run run, Seconds time) {
  run.steady = time;
  run.duration = time + run.moving;
  run.interruptions.reset();
  OptionAnswer part;
  charge(part, scenario, scenario.options[run.option], run);
  return part.bill.total().amount;
}

/// Devices of all runs: those that several runs use one after the other once.
int devices_of(const OptionAnswer& answer) {
  std::map<std::pair<int, std::size_t>, int> most;  // of each option's group
  for (const Run& run : answer.runs)
    for (std::size_t group = 0; group < run.used.size(); ++group) {
      int& known = most[{run.option, group}];
      known = std::max(known, run.used[group]);
    }
  return std::accumulate(most.begin(), most.end(), 0, [](int sum, const auto& one) { return sum + one.second; });
}

}  // namespace

Reached reached(const OptionAnswer& answer, const Scenario& scenario, practice::Scope scope) {
  Reached all;
  for (const Run& run : answer.runs) {
    const Seconds time =
        scope == practice::Scope::billed ? run.duration - run.moving : run.useful * run.account.factor(scope);
    all.device_time += time * run.devices;
    if (answer.priced() && scope != practice::Scope::billed) all.cost += cost_of(scenario, run, time);
  }
  if (answer.priced() && scope == practice::Scope::billed) all.cost = answer.bill.total().amount;
  return all;
}

void total(OptionAnswer& answer, const Scenario& scenario) {
  Flops work;
  Flops capacity, best_capacity;
  charge_terms(answer, scenario);
  for (const Run& run : answer.runs) {
    answer.duration += run.duration;
    answer.best_duration += run.useful + run.moving;
    answer.best_cost += cost_of(scenario, run, run.useful);
    answer.device_time += run.duration * run.devices;
    answer.evidence = weakest(answer.evidence, run.estimate.evidence);
    work += run.estimate.model_flops * (run.useful / run.estimate.step_time);
    capacity += run.estimate.peak * run.steady;
    best_capacity += run.estimate.peak * run.useful;
  }
  answer.devices = devices_of(answer);
  const auto [low, high] = time_spread(answer);
  answer.p10 = low;
  answer.p90 = high;
  const auto [cheap, dear] = cost_spread(scenario, answer);
  answer.cost_p10 = cheap;
  answer.cost_p90 = dear;
  answer.mfu = work / capacity;
  answer.best_mfu = work / best_capacity;
  answer.tokens_per_s = scenario.job.tokens / answer.duration.value();
}

}  // namespace chipmix::scenario
