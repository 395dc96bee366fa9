// A stack's figures fitted to the step times of runs.
#pragma once

#include <string>
#include <vector>

#include "calibration/calibrate.hpp"
#include "validation/predict.hpp"

namespace chipmix::validation {

struct StackFit {
  calibration::Calibration calibration;
  std::vector<std::string> runs;      ///< ids of the points
  std::vector<std::string> left_out;  ///< ids of runs without a time, of another stack, or that cannot be asked about
};

/// Of all runs that `stack` ran. The devices and links keep their profiles.
StackFit fit_stack(const std::vector<PublishedRun>& runs, const std::string& stack, scenario::Library& library);

}  // namespace chipmix::validation
