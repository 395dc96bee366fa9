#include "scenario/parts.hpp"

#include <algorithm>

namespace chipmix::scenario {

OptionAnswer infeasible(const Option& option, estimate::Constraint constraint, std::string why) {
  OptionAnswer answer;
  answer.name = option.name;
  answer.label = option.label;
  answer.reason = estimate::Infeasible{constraint, std::move(why)};
  return answer;
}

void charge(OptionAnswer& answer, const Scenario& scenario, const Option& option, const Run& run) {
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

void total(OptionAnswer& answer, const Scenario& scenario) {
  Flops work;
  Flops capacity;
  Seconds low, high;
  for (const Run& run : answer.runs) {
    answer.duration += run.duration;
    answer.device_time += run.duration * run.devices;
    answer.devices = std::max(answer.devices, run.devices);
    answer.evidence = weakest(answer.evidence, run.estimate.evidence);
    work += run.estimate.model_flops * (run.duration / run.estimate.step_time);
    capacity += run.estimate.peak * run.duration;
    low += run.duration * run.interval.p10;
    high += run.duration * run.interval.p90;
  }
  answer.p10 = low / answer.duration;
  answer.p90 = high / answer.duration;
  answer.mfu = work / capacity;
  answer.tokens_per_s = scenario.job.tokens / answer.duration.value();
}

}  // namespace chipmix::scenario
