// Profiles with the fitted figures in place of what they had, each with where it comes from.
#pragma once

#include <string>

#include "calibration/calibrate.hpp"

namespace chipmix::calibration {

/// What a fitted figure says of its source.
struct Provenance {
  std::string device, driver, date, files, version;
};

Provenance provenance_of(const Measurements& measurements, std::string files, std::string version);

/// `base`: the text of the profile that the fit began with. Only fitted figures are replaced; what was covered is added
/// as "measured_range" (together with what the profile had).
std::string device_profile(const std::string& base, const Calibration& calibration, const Provenance& provenance);
/// The same of a link inside or between nodes, or of a stack; empty where none of its figures was fitted.
std::string other_profile(const std::string& base, Parameter::Place place, const Calibration& calibration,
                          const Provenance& provenance);

}  // namespace chipmix::calibration
