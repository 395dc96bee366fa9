// The pieces an option's answer is put together from; shared by single options and phases.
#pragma once

#include <string>

#include "scenario/answer.hpp"

namespace chipmix::scenario {

OptionAnswer infeasible(const Option& option, estimate::Constraint constraint, std::string why);

/// Money, energy and carbon of a run on `option`'s cluster, added to the answer; the run learns its cost and the
/// factors on it:  ln p90 = sqrt(ln² p90 of time + ln² (high rent / rent)),  p10 likewise (time and rent independent).
void charge(OptionAnswer& answer, const Scenario& scenario, const Option& option, Run& run);

/// One plan on an option's cluster for the whole job: time, memory, money, and how sure; refused where it does not fit.
OptionAnswer answer_plan(const Scenario& scenario, const Option& option, const plan::JobPlan& plan,
                         const Settings& settings);

/// Totals of an answer from its runs, one after the other. Intervals of phases are added end to end (fully dependent).
void total(OptionAnswer& answer, const Scenario& scenario);

}  // namespace chipmix::scenario
