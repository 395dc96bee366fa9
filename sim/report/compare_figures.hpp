// Options side by side, drawn.
#pragma once

#include "report/html.hpp"
#include "scenario/answer.hpp"

namespace chipmix::report {

/// Cost with its interval; cost against days; where a step's time goes. What has no data is left out.
std::vector<Figure> compare_figures(const scenario::Scenario& scenario, const scenario::Comparison& comparison);

}  // namespace chipmix::report
