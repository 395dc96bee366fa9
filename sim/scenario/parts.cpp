#include "scenario/parts.hpp"

#include <algorithm>
#include <cmath>

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

void spread_cost(Run& run, const std::optional<Sourced<Rent>>& rent) {
  const bool ranged = rent && rent->range;
  const auto of_rent = [&](const Rent& end) { return end.per_base_unit / rent->value.per_base_unit; };
  run.cost_p10 = joint(run.interval.p10, ranged ? of_rent(rent->range->low) : 1);
  run.cost_p90 = joint(run.interval.p90, ranged ? of_rent(rent->range->high) : 1);
}

void charge_bill(OptionAnswer& answer, const Scenario& scenario, const Option& option, const Run& run) {
  const hardware::NodeGroup& group = option.cluster->groups.front();
  const economics::Usage usage{group.device.name, run.devices, run.duration};
  answer.rented = answer.rented && option.rent.has_value();
  if (option.rent) economics::charge_rent(answer.bill, usage, *option.rent, scenario.rates, scenario.currency);
  if (!scenario.electricity) return;
  const Joules used = economics::energy(usage, group, *scenario.electricity);
  answer.energy = answer.energy.value_or(Joules{}) + used;
  if (scenario.electricity->tariff)
    economics::charge_electricity(answer.bill, used, *scenario.electricity->tariff, scenario.rates, scenario.currency);
  if (scenario.electricity->carbon)
    answer.carbon = answer.carbon.value_or(Kilograms{}) + scenario.electricity->carbon->value * used;
}

}  // namespace

void charge(OptionAnswer& answer, const Scenario& scenario, const Option& option, Run& run) {
  const double before = answer.bill.total().amount;
  charge_bill(answer, scenario, option, run);
  run.cost = answer.bill.total().amount - before;
  spread_cost(run, option.rent);
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
    work += run.estimate.model_flops * (run.duration / run.estimate.step_time);
    capacity += run.estimate.peak * run.duration;
    low += run.duration * run.interval.p10;
    high += run.duration * run.interval.p90;
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
