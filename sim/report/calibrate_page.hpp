// What a calibration found: figures with intervals, errors by regime and on shapes not seen, what was covered.
#pragma once

#include <string>
#include <vector>

#include "calibration/calibrate.hpp"
#include "report/page.hpp"
#include "validation/calibrated.hpp"

namespace chipmix::report {

Page calibrate_page(const validation::Calibrated& made);

/// Measured against fitted times.
std::string calibrate_figure(const std::string& device, const calibration::Calibration& calibration,
                             const calibration::Measurements& measurements);

}  // namespace chipmix::report
