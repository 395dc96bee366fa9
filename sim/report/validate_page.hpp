// `chipmix validate`: predictions beside published runs.
#pragma once

#include "report/page.hpp"
#include "validation/score.hpp"

namespace chipmix::report {

/// Errors by device family and by source, worst first; other tools' figures on the same rows; the ten worst rows with
/// their largest accounts. JSON: every row, and the summary.
Page validate_page(const std::vector<validation::PublishedRun>& runs,
                   const std::vector<validation::Prediction>& predictions);

}  // namespace chipmix::report
