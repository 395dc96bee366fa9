#include "scenario/plan_list.hpp"

#include "scenario/parts.hpp"
#include "scenario/run_energy.hpp"

namespace chipmix::scenario {

namespace {

/// A run of one step, which draws what the plan's accounts say.
Joules energy_of_step(const Scenario& scenario, const Option& option, const planner::Found& found) {
  Run run;
  run.used = {option.cluster->groups.front().devices};
  run.useful = run.steady = run.duration = Seconds{found.step_time};
  for (int i = 0; i < engine::spent_count; ++i) {
    const auto account = static_cast<engine::Spent>(i);
    run.estimate.time.charge(engine::name(account), Seconds{found.times[account]}, "");
  }
  return energy_of(scenario, option, run, 0).facility;
}

}  // namespace

planner::Offer offer(const Scenario& scenario, const Option& option, const planner::Found& found) {
  const hardware::NodeGroup& group = option.cluster->groups.front();
  const economics::Usage second{group.device.name, static_cast<double>(group.devices), Seconds{1}};
  planner::Offer offer{found.step_time, 0, 0};
  const auto amount = [&](const Money& money) { return scenario.rates.convert(money, scenario.currency).amount; };
  if (option.rent()) offer.money_per_second += amount(option.rent()->value * second.device_time());
  if (!scenario.electricity) return offer;
  const Joules energy = energy_of_step(scenario, option, found) / found.step_time;
  offer.watts = energy.value();
  if (const auto& tariff = option.tariffs.front(); tariff && option.rent())
    offer.money_per_second += amount(tariff->value * energy);
  return offer;
}

namespace {

/// The whole run with a plan, by the account that answers take.
OptionAnswer carried_out(const Scenario& scenario, const Option& option, const planner::Found& found,
                         const std::shared_ptr<const Anchors>& anchors) {
  Option found_by_search = option;
  found_by_search.is_plan_found = true;
  const int ranks = option.cluster->groups.front().device.ranks;
  const int batch = scenario.job_of(option).global_batch;
  const plan::JobPlan plan{{plan::lay_out(found.plan, scenario.job.model.layers, batch, 0, ranks)}};
  Settings settings;
  settings.intervals = false;
  settings.anchors = anchors;
  return answer_plan(scenario, found_by_search, plan, settings);
}

planner::JobCost billed(const Scenario& scenario, const Option& option, const planner::Found& found,
                        const OptionAnswer& answer) {
  const planner::JobCost floor = planner::job_cost(offer(scenario, option, found), scenario.job_of(option).steps());
  if (!answer.feasible()) return floor;
  planner::JobCost cost{answer.duration.value(), 0, answer.energy.value_or(Joules{}).value()};
  if (answer.priced()) cost.money = answer.bill.total().amount;
  return cost;
}

}  // namespace

PlanList list_plans(const Scenario& scenario, const Option& option, const planner::Constraints& constraints,
                    const planner::SearchLimits& effort, std::shared_ptr<const Anchors> anchors) {
  PlanList list;
  list.constraints = constraints;
  list.search = planner::search(option.space, scenario.job_of(option), *option.cluster, effort);
  for (const planner::Found& found : list.search.best) {
    OptionAnswer answer = carried_out(scenario, option, found, anchors);
    list.costs.push_back(billed(scenario, option, found, answer));
    if (!anchors) continue;
    list.runs.emplace_back();
    if (answer.feasible()) list.runs.back() = std::move(answer.runs.front());
  }
  list.order = planner::ranked(list.costs, constraints);
  list.front = planner::pareto_front(list.costs);
  list.shortfall = planner::shortfall(list.costs, constraints);
  return list;
}

}  // namespace chipmix::scenario
