// Answers as JSON, in the stable form that programs read: members are added, never renamed.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "scenario/answer.hpp"
#include "validation/evidence.hpp"

namespace chipmix::report {

inline constexpr int schema_version = 1;

nlohmann::ordered_json plan_json(const plan::ParallelPlan& plan);
/// The first pipeline's fields; where there are several islands or pipelines also "lanes", stage by stage.
nlohmann::ordered_json plan_json(const plan::JobPlan& plan, const hardware::Cluster& cluster);
/// One entry of compare's "options".
nlohmann::ordered_json option_json(const scenario::Scenario& scenario, const scenario::OptionAnswer& answer);
/// `evidence`: of each option, in their order, or none.
nlohmann::ordered_json compare_json(const scenario::Scenario& scenario, const scenario::Comparison& comparison,
                                    const std::vector<validation::OptionEvidence>& evidence);
/// option_json plus "time", whose seconds add to step_time_s, and the swings behind the interval.
nlohmann::ordered_json estimate_json(const scenario::Scenario& scenario, const scenario::OptionAnswer& answer,
                                     const validation::OptionEvidence& evidence);

}  // namespace chipmix::report
