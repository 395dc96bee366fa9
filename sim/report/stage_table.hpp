// The stages of a job, option by option.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "report/table.hpp"
#include "scenario/answer.hpp"

namespace chipmix::report {

/// A row for each stage of each option that can run; without rows where the job has no stages.
Table stage_table(const scenario::Scenario& scenario, const std::vector<const scenario::OptionAnswer*>& answers);

/// One object for each stage of an answer; null where the job has none.
nlohmann::ordered_json stages_json(const scenario::Scenario& scenario, const scenario::OptionAnswer& answer);

/// "5T tokens in sequences of 4,096, then 200G ..." of a job with stages.
std::string stages_text(const scenario::Scenario& scenario);

}  // namespace chipmix::report
