// A traced step beside what is predicted of the same plan: by kind of work, and operator by operator.
#pragma once

#include "calibration/trace_step.hpp"
#include "scenario/anchors.hpp"

namespace chipmix::validation {

/// Fills in the anchor's parts and operators. `run`: the plan, played.
void take_trace(const calibration::TraceStep& trace, const scenario::Run& run, const scenario::Scenario& scenario,
                const scenario::Option& option, scenario::Anchor& anchor);

}  // namespace chipmix::validation
