// The first page: what to do, what it costs, what else comes near, what would change the answer.
#pragma once

#include "report/report.hpp"
#include "scenario/answer.hpp"
#include "validation/evidence.hpp"

namespace chipmix::report {

/// Of a scenario that also asks what to buy.
inline constexpr const char* options_one_by_one =
    "The options are compared one by one, each as if it could be had at once and as long as it takes; what can be had, "
    "by when and within which limits, is what 'chipmix procure' answers (in a report: 'What to buy and rent').";

/// `evidence`: of each option in their order, or none.
Section executive(const scenario::Scenario& scenario, const scenario::Comparison& comparison,
                  const std::vector<validation::OptionEvidence>& evidence);

}  // namespace chipmix::report
