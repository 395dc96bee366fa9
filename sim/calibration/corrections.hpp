// The correction of matrix products by neighbours, per number format: from what a fit leaves over.
#pragma once

#include <map>

#include "calibration/neighbours.hpp"
#include "calibration/sweep.hpp"

namespace chipmix::calibration {

struct Correction {
  Neighbours neighbours;
  hardware::GemmCorrection entry;  ///< as the device's profile has it, without its source
};
using Corrections = std::map<Dtype, Correction>;

/// The likeliest of each format with enough points, whether they pay or not.
Corrections corrections_of(Sweep& sweep, const Outcome& outcome, const Indices& which,
                           const std::vector<Sample>& samples);
/// Gives the sweep's machine those that pay.
void give(const Corrections& corrections, Sweep& sweep);
/// Takes the device's own away: a fit begins with the law.
Machine without_corrections(Machine machine);

}  // namespace chipmix::calibration
