#include "scenario/given_plan.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "scenario/parts.hpp"
#include "scenario/plan_file.hpp"

namespace chipmix::scenario {

OptionAnswer answer_given_mix(const Scenario& scenario, const Option& option, const io::Document& plan,
                              const Settings& settings) {
  const plan::JobPlan job{read_plan_file(plan, scenario, option)};
  const auto faults = plan::faults(job, scenario.job_of(option), *option.cluster);
  if (!faults.empty())
    return infeasible(option, estimate::Constraint::layout, fmt::format("{}", fmt::join(faults, "; ")));
  return answer_plan(scenario, option, job, settings);
}

}  // namespace chipmix::scenario
