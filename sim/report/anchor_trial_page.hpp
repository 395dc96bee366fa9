// `validate --anchor`: errors of published runs before and after some of their publisher's runs were measured.
#pragma once

#include <vector>

#include "report/page.hpp"
#include "validation/anchor_trial.hpp"

namespace chipmix::report {

/// `predictions`: as fits without each run's project would have made them.
Page anchor_trial_page(const std::vector<validation::PublishedRun>& runs,
                       const std::vector<validation::Prediction>& predictions,
                       const validation::KinshipLeftOut& kinship);

}  // namespace chipmix::report
