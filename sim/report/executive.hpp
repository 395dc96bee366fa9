// The first page: what to do, what it costs, what else comes near, what would change the answer.
#pragma once

#include "report/report.hpp"
#include "scenario/answer.hpp"

namespace chipmix::report {

Section executive(const scenario::Scenario& scenario, const scenario::Comparison& comparison);

}  // namespace chipmix::report
