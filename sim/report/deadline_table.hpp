// Which options are done in time and within the budget, by how much the others miss, and what would do.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "report/table.hpp"
#include "scenario/answer.hpp"

namespace chipmix::report {

/// A row for each option that can run; without rows where the job has neither a deadline nor a budget.
Table deadline_table(const scenario::Scenario& scenario, const scenario::Comparison& comparison);

/// One option's deadline and budget in sentences; empty where it was not held to any.
std::string target_remark(const scenario::Scenario& scenario, const scenario::OptionAnswer& answer);

/// Of one answer; null where the job has none, or the answer was not held to it.
nlohmann::ordered_json deadline_json(const scenario::OptionAnswer& answer);
nlohmann::ordered_json budget_json(const scenario::OptionAnswer& answer);
/// Of the job: {"deadline_days", "budget"}, the budget in the scenario's currency; null where there is none.
nlohmann::ordered_json targets_json(const scenario::Scenario& scenario);

}  // namespace chipmix::report
