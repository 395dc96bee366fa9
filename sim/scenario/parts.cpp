#include "scenario/parts.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/evaluate.hpp"

namespace chipmix::scenario {

OptionAnswer infeasible(const Option& option, estimate::Constraint constraint, std::string why) {
  OptionAnswer answer;
  answer.name = option.name;
  answer.label = option.label;
  answer.reason = estimate::Infeasible{constraint, std::move(why)};
  return answer;
}

namespace {

/// Two independent factors on a cost, both above or both below 1, in one.
double joint(double a, double b) {
  const double logarithm = std::hypot(std::log(a), std::log(b));
  return std::exp(a < 1 || b < 1 ? -logarithm : logarithm);
}

/// Factors on the rent of all groups together at the low and high ends of their prices.
struct RentSpread {
  double low = 1, high = 1;
};

RentSpread rent_spread(const Run& run, const Option& option, const Scenario& scenario) {
  double central = 0, low = 0, high = 0;
  for (std::size_t group = 0; group < option.rents.size(); ++group) {
    const auto& rent = option.rents[group];
    if (!rent) continue;
    const auto paid = [&](const Rent& price) {
      return scenario.rates.convert(price * (run.held() * run.used[group]), scenario.currency).amount;
    };
    central += paid(rent->value);
    low += paid(rent->range ? rent->range->low : rent->value);
    high += paid(rent->range ? rent->range->high : rent->value);
  }
  return central > 0 ? RentSpread{low / central, high / central} : RentSpread{};
}

void spread_cost(Run& run, const RentSpread& rent) {
  run.cost_p10 = joint(run.p10, rent.low);
  run.cost_p90 = joint(run.p90, rent.high);
}

/// Nothing but rounding where nothing interrupts.
Seconds interrupted(const Run& run) { return run.interruptions ? run.held() - run.useful - run.moving : Seconds{}; }

/// Devices while they train, while the job is interrupted, and the spares beside them: three rows.
void charge_rents(OptionAnswer& answer, const Scenario& scenario, const Run& run, const economics::Usage& usage,
                  const Sourced<Rent>& rent, const std::optional<economics::Commitment>& commitment) {
  const auto charge = [&](const char* account, double devices, Seconds duration) {
    if (devices > 0 && duration > Seconds{})
      economics::charge_rent(answer.bill, {usage.device, devices, duration, account}, rent, scenario.rates,
                             scenario.currency);
  };
  charge("rent", usage.devices, run.useful);
  charge("rent while interrupted", usage.devices, interrupted(run));
  charge("rent while moving", usage.devices, run.moving);
  charge("rent of spares", run.spares * usage.devices, run.held());
  if (commitment) charge("unused commitment", (1 + run.spares) * usage.devices, commitment->term - run.held());
}

/// The parts of an owned device while it trains, and two rows as above.
void charge_owned(OptionAnswer& answer, const Scenario& scenario, const Run& run, const economics::Usage& usage,
                  const economics::Ownership& own, double kilowatts, const Sourced<Rent>& hourly) {
  const auto& currency = scenario.currency;
  economics::charge_own(answer.bill, {usage.device, usage.devices, run.useful, {}}, own, kilowatts, scenario.rates,
                        currency);
  const auto charge = [&](const char* account, double devices, Seconds duration) {
    if (devices > 0 && duration > Seconds{})
      economics::charge_rent(answer.bill, {usage.device, devices, duration, account}, hourly, scenario.rates, currency);
  };
  charge("owned while interrupted", usage.devices, interrupted(run));
  charge("owned while moving", usage.devices, run.moving);
  charge("owned spares", run.spares * usage.devices, run.held());
  if (own.embodied)
    answer.carbon = answer.carbon.value_or(Kilograms{}) +
                    economics::embodied(own, {usage.device, usage.devices * (1 + run.spares), run.duration, {}});
}

void charge_group(OptionAnswer& answer, const Scenario& scenario, const Option& option, const Run& run, int index) {
  const hardware::NodeGroup& group = option.cluster->groups[index];
  const economics::Usage usage{group.device.name, static_cast<double>(run.used[index]), run.held()};
  const auto& rent = option.rents[index];
  answer.rented = answer.rented && rent.has_value();
  if (const auto& own = option.owned[index])
    charge_owned(answer, scenario, run, usage, *own, economics::provisioned(group, scenario.electricity), *rent);
  else if (rent)
    charge_rents(answer, scenario, run, usage, *rent, option.commitment);
  if (!scenario.electricity) return;
  const Joules used = economics::energy(usage, group, *scenario.electricity);
  answer.energy = answer.energy.value_or(Joules{}) + used;
  if (const auto& tariff = option.tariffs[index])
    economics::charge_electricity(answer.bill, used, *tariff, scenario.rates, scenario.currency);
  if (scenario.electricity->carbon)
    answer.carbon = answer.carbon.value_or(Kilograms{}) + scenario.electricity->carbon->value * used;
}

}  // namespace

void charge(OptionAnswer& answer, const Scenario& scenario, const Option& option, Run& run) {
  const double before = answer.bill.total().amount;
  run.charged.clear();
  for (int group = 0; group < static_cast<int>(run.used.size()); ++group) {
    if (run.used[group] == 0) continue;
    const std::size_t first = answer.bill.entries().size();
    charge_group(answer, scenario, option, run, group);
    run.charged.push_back({group, first, answer.bill.entries().size()});
  }
  run.cost = answer.bill.total().amount - before;
  spread_cost(run, rent_spread(run, option, scenario));
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

/// The run's interruptions, and in its factors those at the ends of the figures' ranges.
void interrupt(Run& run, const goodput::Reliability& reliability, const workload::TrainingJob& job,
               const hardware::Cluster& cluster) {
  const auto with = [&](const goodput::Reliability& other) { return interruptions(other, run.plan, job, cluster); };
  run.interruptions = with(reliability);
  run.spares = reliability.spares;
  const double factor = run.interruptions->factor();
  run.duration = run.useful * factor;
  goodput::Reliability good = reliability, bad = reliability;
  const auto spread = [](auto& figure, auto& low, auto& high) {
    if (figure.range) low.value = figure.range->low, high.value = figure.range->high;
  };
  spread(reliability.device_mtbf, bad.device_mtbf, good.device_mtbf);
  for (const auto& [device, mtbf] : reliability.kinds) spread(mtbf, bad.kinds[device], good.kinds[device]);
  spread(reliability.recovery, good.recovery, bad.recovery);
  if (reliability.replacement) spread(*reliability.replacement, *good.replacement, *bad.replacement);
  run.p10 = joint(run.p10, std::min(1.0, with(good).factor() / factor));
  run.p90 = joint(run.p90, std::max(1.0, with(bad).factor() / factor));
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
  if (settings.intervals) run.interval = uncertainty::step_interval(job, plan, *option.cluster);
  return run;
}

OptionAnswer settle(const Scenario& scenario, const Option& option, Run run) {
  OptionAnswer answer;
  answer.name = option.name;
  answer.label = option.label;
  run.p10 = run.interval.p10;
  run.p90 = run.interval.p90;
  run.useful = run.duration = run.estimate.step_time * scenario.job.steps();
  if (option.reliability) interrupt(run, *option.reliability, scenario.job, *option.cluster);
  charge(answer, scenario, option, run);
  answer.runs.push_back(std::move(run));
  total(answer, scenario);
  return answer;
}

OptionAnswer answer_plan(const Scenario& scenario, const Option& option, const plan::JobPlan& plan,
                         const Settings& settings) {
  auto played = play(scenario, option, plan, settings);
  if (const auto* no = std::get_if<estimate::Infeasible>(&played))
    return infeasible(option, no->constraint, no->explanation);
  return settle(scenario, option, std::get<Run>(std::move(played)));
}

void total(OptionAnswer& answer, const Scenario& scenario) {
  Flops work;
  Flops capacity;
  Seconds low, high;
  double cost = 0, cost_low = 0, cost_high = 0;
  for (const Run& run : answer.runs) {
    answer.duration += run.duration;
    answer.device_time += run.duration * run.devices;
    answer.devices = std::max(answer.devices, run.devices);
    answer.evidence = weakest(answer.evidence, run.estimate.evidence);
    work += run.estimate.model_flops * (run.useful / run.estimate.step_time);
    capacity += run.estimate.peak * run.useful;
    low += run.duration * run.p10;
    high += run.duration * run.p90;
    cost += run.cost;
    cost_low += run.cost * run.cost_p10;
    cost_high += run.cost * run.cost_p90;
  }
  answer.p10 = low / answer.duration;
  answer.p90 = high / answer.duration;
  if (cost > 0) answer.cost_p10 = cost_low / cost, answer.cost_p90 = cost_high / cost;
  answer.mfu = work / capacity;
  answer.tokens_per_s = scenario.job.tokens / answer.duration.value();
}

}  // namespace chipmix::scenario
