// The noise of the records: runs that nothing chipmix knows tells apart.
#pragma once

#include <string>
#include <vector>

#include "validation/predict.hpp"

namespace chipmix::validation {

/// Runs that chipmix cannot tell apart: one model, cluster, plan, batch and stack, and one prediction. They come from
/// several releases, servers or publications, or differ in something that is not modelled.
struct Repeated {
  std::vector<std::string> ids;
  double fastest = 0, slowest = 0;  ///< seconds
  std::vector<double> errors;       ///< ln of each measured time over the geometric mean of all

  double apart() const { return slowest / fastest - 1; }
};

/// What the runs of these sets make any prediction miss at least.
struct Noise {
  std::vector<Repeated> sets;  ///< furthest apart first
  int runs = 0;
  double median_apart = 0;
  double mean_error = 0;  ///< mean of |exp(error) - 1| where each set is predicted by its own geometric mean
};

Noise noise_of(const std::vector<PublishedRun>& runs, const std::vector<Prediction>& predictions);

}  // namespace chipmix::validation
