// What `chipmix validate` tells machines.
#pragma once

#include <string>
#include <vector>

#include "validation/judged.hpp"
#include "validation/repeats.hpp"

namespace chipmix::report {

/// Every row with what was measured and predicted, and the summary: errors as shares, as shipped and held out. Members
/// are added, never renamed.
std::string validate_json(const std::vector<validation::PublishedRun>& runs,
                          const std::vector<validation::Prediction>& predictions, const validation::LeftOut& errors,
                          const validation::Judged& judged, const validation::Noise& noise);

}  // namespace chipmix::report
