// The account of a whole run: from the best plan's steps to the bill.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

#include "report/table.hpp"
#include "scenario/answer.hpp"

namespace chipmix::report {

/// The rows of one run, with their ranges and sources.
Table account_table(const scenario::Run& run);

/// Factors of the options beside one another, those with the same factors in one column; of stages the longest.
Table account_table(const scenario::Comparison& comparison);

/// Who is taken to run the options; where a rate is the user's own, what that means; what was never compared.
std::vector<std::string> practice_remarks(const scenario::Scenario& scenario, const scenario::Comparison& comparison);

/// Device-hours of a whole project over those of its final run; nothing where no option shown is of a real run.
std::optional<Interval<double>> project_range(const scenario::Scenario& scenario,
                                              const std::vector<const scenario::OptionAnswer*>& shown);
/// What a project spends beside its final run, of the cheapest of the options shown: in one sentence, in no total.
std::string project_remark(const scenario::Scenario& scenario, const std::vector<const scenario::OptionAnswer*>& shown);
/// {"low", "value", "high", "evidence", "source"}: device-hours of a project over those of its final run.
nlohmann::ordered_json project_json(const scenario::Scenario& scenario);

/// {"practice", "best_plan": {days, cost, mfu}, "account": [rows]}: members of an option's answer.
nlohmann::ordered_json account_json(const scenario::Scenario& scenario, const scenario::OptionAnswer& answer);

}  // namespace chipmix::report
