// What a calibration found: figures with intervals, errors by regime and on shapes not seen, what was covered.
#pragma once

#include <string>
#include <vector>

#include "calibration/calibrate.hpp"
#include "report/page.hpp"

namespace chipmix::report {

/// `remarks`: what the readers of the files had to say.
Page calibrate_page(const std::string& device, const calibration::Measurements& measurements,
                    const calibration::Calibration& calibration, std::vector<std::string> remarks);

/// Measured against fitted times.
std::string calibrate_figure(const std::string& device, const calibration::Calibration& calibration,
                             const calibration::Measurements& measurements);

}  // namespace chipmix::report
