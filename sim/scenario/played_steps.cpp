#include "scenario/played_steps.hpp"

#include <algorithm>
#include <chrono>

#include "base/parallel.hpp"

namespace chipmix::scenario {
namespace {

plan::JobProgram lowered(const Scenario& scenario, const Option& option, const OptionAnswer& answer) {
  plan::Lowering lowering(scenario.job_of(option));
  return plan::lower(lowering, answer.runs.front().plan, *option.cluster);
}

double widest_jitter(const hardware::Cluster& cluster) {
  double most = 0;
  for (const hardware::NodeGroup& group : cluster.groups) most = std::max(most, group.stack.jitter.value);
  return most;
}

}  // namespace

std::vector<EngineStep> step_by_engine(const Scenario& scenario, const Option& option, const OptionAnswer& answer) {
  using Clock = std::chrono::steady_clock;
  const plan::JobProgram job = lowered(scenario, option, answer);
  std::vector<EngineStep> steps;
  for (const engine::Kind kind : {engine::Kind::analytical, engine::Kind::event, engine::Kind::simgrid}) {
    const auto begin = Clock::now();
    auto outcome = engine::evaluate(kind, job, *option.cluster, option.disturbed);
    steps.push_back({kind, std::move(outcome), std::chrono::duration<double>(Clock::now() - begin).count()});
  }
  return steps;
}

std::vector<double> steps_by_seed(const Scenario& scenario, const Option& option, const OptionAnswer& answer, int seeds,
                                  int jobs) {
  const plan::JobProgram job = lowered(scenario, option, answer);
  const double spread = option.disturbed.jitter ? option.disturbed.jitter->spread : widest_jitter(*option.cluster);
  std::vector<double> seconds(seeds);
  parallel_for(seeds, jobs, [&](int i) {
    engine::Disturbance disturbed = option.disturbed;
    disturbed.jitter = engine::Jitter{spread, i + 1};
    if (disturbed.fabric && disturbed.fabric->fat_tree) disturbed.fabric->fat_tree->seed = i + 1;
    const auto outcome = engine::evaluate(engine::Kind::event, job, *option.cluster, disturbed);
    const auto* step = std::get_if<estimate::Estimate>(&outcome);
    seconds[i] = step ? step->step_time.value() : 0;
  });
  return seconds;
}

}  // namespace chipmix::scenario
