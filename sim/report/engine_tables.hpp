// What several engines, or several seeds, say of one step.
#pragma once

#include "report/page.hpp"
#include "scenario/played_steps.hpp"

namespace chipmix::report {

/// A table "Engines side by side", account by account, and the JSON member "engines": {engine: {"step_time_s",
/// "accounts": {name: s}, "took_s"} or {"reason"}}.
void add_engines(const std::vector<scenario::EngineStep>& steps, Page& page);

/// A table of the step over the seeds, and the JSON member "seeds": {"count", "mean_s", "p10_s", "p50_s", "p90_s",
/// "longest_s"}.
void add_seeds(std::vector<double> seconds, Page& page);

}  // namespace chipmix::report
