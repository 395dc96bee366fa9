// What measured steps changed, and what carrying them over assumes.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include "report/page.hpp"
#include "scenario/answer.hpp"

namespace chipmix::report {

/// A run with the name of its option.
using NamedRuns = std::vector<std::pair<std::string, const scenario::Run*>>;

/// A run of each option, the longest where there are several.
NamedRuns longest_runs(const std::vector<const scenario::OptionAnswer*>& answers);

/// "Anchored on ...: x1.27", then each run's factor, then the assumptions. Empty where nothing was measured.
std::vector<std::string> anchor_remarks(const NamedRuns& runs, const scenario::Scenario& scenario);

std::vector<std::string> anchor_remarks(const scenario::Scenario& scenario, const scenario::Comparison& comparison);

/// Of each anchor that is a trace: kinds of work, measured and predicted.
std::vector<Table> trace_tables(const NamedRuns& runs);

/// Of one run: factor on its steady time, correlation with what was measured, width left, and the anchors.
nlohmann::ordered_json anchored_json(const scenario::Run& run);

}  // namespace chipmix::report
