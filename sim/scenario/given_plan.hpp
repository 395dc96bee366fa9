// The answer of an option under the plan of a file.
#pragma once

#include "io/document.hpp"
#include "scenario/answer.hpp"

namespace chipmix::scenario {

/// Of a mix: one pipeline, whose stages say which island holds them. Infeasible where the cluster cannot run it. Throws
/// InputError as read_plan_file() does.
OptionAnswer answer_given_mix(const Scenario& scenario, const Option& option, const io::Document& plan,
                              const Settings& settings);

}  // namespace chipmix::scenario
