#include "scenario/given_plan.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "scenario/parts.hpp"
#include "scenario/plan_file.hpp"

namespace chipmix::scenario {

OptionAnswer answer_given_mix(const Scenario& scenario, const Option& option, const io::Document& plan,
                              const Settings& settings) {
  const plan::JobPlan job = read_plan_file(plan, scenario, option);
  Scenario asked = scenario;
  Option own = option;
  take_plan_stack(plan, asked, own);
  const auto faults = plan::faults(job, asked.job_of(own), *own.cluster);
  if (!faults.empty()) return infeasible(own, estimate::Constraint::layout, fmt::format("{}", fmt::join(faults, "; ")));
  return answer_plan(asked, own, job, settings);
}

}  // namespace chipmix::scenario
