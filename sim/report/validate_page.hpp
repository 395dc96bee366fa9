// `chipmix validate`: predictions beside published runs.
#pragma once

#include "report/page.hpp"
#include "validation/judged.hpp"

namespace chipmix::report {

/// Errors with projects left out of the fit beside those as shipped, by class of model, device family and project,
/// worst first; memory, verdicts and order; other tools on the same rows; runs that nothing tells apart; the worst rows
/// with their largest accounts. Where no left-out error of these runs is known, the plain errors. JSON: every row, and
/// the summary.
Page validate_page(const std::vector<validation::PublishedRun>& runs,
                   const std::vector<validation::Prediction>& predictions, const validation::LeftOut& errors = {});

}  // namespace chipmix::report
