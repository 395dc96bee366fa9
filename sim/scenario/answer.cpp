#include "scenario/answer.hpp"

#include <fmt/format.h>

#include "base/words.hpp"
#include "hardware/trains_in.hpp"
#include "plan/legal.hpp"
#include "planner/searcher.hpp"
#include "scenario/legal_counts.hpp"
#include "scenario/mix.hpp"
#include "scenario/parts.hpp"
#include "scenario/stages.hpp"

namespace chipmix::scenario {
namespace {

std::string join(const std::vector<std::string>& parts) { return fmt::format("{}", fmt::join(parts, "; ")); }

/// "; 992 or 1008 devices would do".
std::string counts_that_do(const planner::SearchSpace& space, const workload::TrainingJob& job,
                           const hardware::NodeGroup& group) {
  const std::vector<int> counts = nearest_legal_counts(space, job, group);
  return counts.empty() ? "" : fmt::format("; {} devices would work", fmt::join(counts, " or "));
}

std::string nothing_fits(const planner::SearchResult& search, const planner::SearchSpace& space,
                         const workload::TrainingJob& job, const hardware::NodeGroup& group) {
  if (search.considered == 0)
    return fmt::format(
               "no legal plan: no degrees in the search divide {} ranks, {} layers, {} attention heads, {} "
               "sequences a step and {} tokens a sequence",
               group.ranks(), job.model.layers, job.model.attention.heads, job.global_batch, job.sequence_length) +
           counts_that_do(space, job, group);
  if (!search.complete)
    return fmt::format("the search was stopped before it found a plan that fits in memory; {} are legal",
                       search.considered);
  return fmt::format("none of {} fits in memory; nearest: {}", counted(search.considered, "legal plan"),
                     search.nearest_miss);
}

/// What of a laid-out plan decides whether it is legal.
plan::UniformPlan outline(const plan::ParallelPlan& plan) {
  return {plan.degrees(),      plan.pipeline(), plan.interleave,        plan.micro_batch,
          plan.recompute,      plan.zero,       plan.sequence_parallel, 0,
          plan.chosen_schedule};
}

planner::SearchLimits effort(const Settings& settings) {
  planner::SearchLimits effort;
  effort.keep = settings.keep;
  effort.jobs = settings.jobs;
  effort.stop = settings.stop;
  if (settings.progress)
    effort.progress = [&settings](const planner::SearchProgress& standing) { settings.progress(standing.share); };
  return effort;
}

}  // namespace

Planned choose_plan(const Scenario& scenario, const Option& option, const Settings& settings) {
  const hardware::NodeGroup& group = option.cluster->groups.front();
  const workload::TrainingJob job = scenario.job_of(option);
  const auto lay_out = [&](const plan::UniformPlan& plan) {
    return plan::lay_out(plan, job.model.layers, job.global_batch, 0, group.device.ranks);
  };
  if (!hardware::trains_in(group.device, job.dtype))
    return {{}, {}, estimate::Infeasible{estimate::Constraint::dtype, hardware::no_rate(group.device, job.dtype)}};
  if (option.given || option.plan) {
    const auto faults = plan::faults(option.given ? outline(*option.given) : *option.plan, job, group);
    if (!faults.empty()) return {{}, {}, estimate::Infeasible{estimate::Constraint::layout, join(faults)}};
    return {option.given ? *option.given : lay_out(*option.plan), {}, {}};
  }
  auto search = planner::Searcher(option.space, job, *option.cluster).fastest(job.global_batch, effort(settings));
  if (search.best.empty())
    return {{},
            search,
            estimate::Infeasible{estimate::Constraint::nothing_found, nothing_fits(search, option.space, job, group)}};
  return {lay_out(search.best.front().plan), search, {}};
}

OptionAnswer answer(const Scenario& scenario, int index, const Settings& settings) {
  const Option& option = scenario.options[index];
  if (!scenario.stages.empty()) return answer_stages(scenario, option, settings);
  if (option.mix) return answer_mix(scenario, option, settings);
  Planned planned = choose_plan(scenario, option, settings);
  if (planned.reason) {
    OptionAnswer refused = infeasible(option, planned.reason->constraint, planned.reason->explanation);
    refused.search = std::move(planned.search);
    return refused;
  }
  OptionAnswer answer = answer_plan(scenario, option, {{*planned.plan}}, settings);
  answer.search = std::move(planned.search);
  return answer;
}

double device_hours_per_1t(const OptionAnswer& answer, const Scenario& scenario) {
  return hours(answer.device_time) / scenario.job.tokens * 1e12;
}

Money cost_per_1t(const OptionAnswer& answer, const Scenario& scenario) {
  return answer.bill.total() * (1e12 / scenario.job.tokens);
}

}  // namespace chipmix::scenario
