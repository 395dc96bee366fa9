// `validate --runs`: whole runs predicted beside what they took.
#pragma once

#include <vector>

#include "report/page.hpp"
#include "validation/whole_score.hpp"

namespace chipmix::report {

Page whole_runs_page(const std::vector<validation::WholeRun>& runs,
                     const std::vector<validation::WholePrediction>& predictions, const validation::LeftOut& errors);

}  // namespace chipmix::report
