// How far predicted device-hours lie from published ones.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "validation/left_out.hpp"
#include "validation/whole_predict.hpp"

namespace chipmix::validation {

/// Errors of a group; error = predicted / published - 1. Shares, not percent.
struct WholeScore {
  int runs = 0, predicted = 0;
  double median = 0, mean = 0;
  double bias = 0;                 ///< mean of ln(predicted / published)
  std::optional<double> coverage;  ///< published hours inside [p10, p90]
  std::optional<double> width;     ///< mean of p90 / p10
};

struct WholeScored {
  WholeScore all;
  std::map<std::string, WholeScore> kind, scope, device, project;
};

/// With `errors`, predictions are moved to what they are with the publisher left out; runs without one are not counted.
WholeScored score(const std::vector<WholeRun>& runs, const std::vector<WholePrediction>& predictions,
                  const LeftOut* errors = nullptr);

}  // namespace chipmix::validation
