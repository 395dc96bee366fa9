// The pieces an option's answer is put together from; shared by single options and phases.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "scenario/answer.hpp"

namespace chipmix::scenario {

OptionAnswer infeasible(const Option& option, estimate::Constraint constraint, std::string why);

/// The plan of an option with one group of devices: its own, or found by search.
struct Planned {
  std::optional<plan::ParallelPlan> plan;
  std::optional<planner::SearchResult> search;
  std::optional<estimate::Infeasible> reason;  ///< then there is no plan
};
Planned choose_plan(const Scenario& scenario, const Option& option, const Settings& settings);

/// One step under a plan, and how sure its time is: what neither prices nor interruptions change.
std::variant<Run, estimate::Infeasible> play(const Scenario& scenario, const Option& option, const plan::JobPlan& plan,
                                             const Settings& settings);

/// What interrupts a run of a plan on a cluster.
goodput::Interruptions interruptions(const goodput::Reliability& reliability, const plan::JobPlan& plan,
                                     const workload::TrainingJob& job, const hardware::Cluster& cluster);

/// A played run carried on for the whole job, at the rate of practice and with its losses, and its money.
OptionAnswer settle(const Scenario& scenario, const Option& option, Run run);

/// Both: one plan on an option's cluster for the whole job; refused where it does not fit.
OptionAnswer answer_plan(const Scenario& scenario, const Option& option, const plan::JobPlan& plan,
                         const Settings& settings);

/// Totals of an answer from its runs, one after the other, and from the rows of its bill. What runs have in common
/// moves them together: intervals are those of the sums.
void total(OptionAnswer& answer, const Scenario& scenario);

}  // namespace chipmix::scenario
