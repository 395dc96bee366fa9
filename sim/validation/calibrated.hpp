// Files of measurements made into profiles.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "calibration/calibrate.hpp"
#include "calibration/table_options.hpp"
#include "scenario/library.hpp"
#include "validation/logged_run.hpp"

namespace chipmix::validation {

/// What a calibration made, and of what.
struct Calibrated {
  std::string id, name;
  bool is_stack = false;
  calibration::Measurements data;
  calibration::Calibration found;
  std::vector<std::string> remarks;  ///< of the files' readers
  /// Texts of the profiles that have fitted figures, by their place below a data folder: "devices/h100-sxm5-80gb.json".
  /// The first is what was asked for. Empty where nothing was fitted.
  std::vector<std::pair<std::string, std::string>> profiles;
  std::vector<LoggedRun> logs{};  ///< of a stack
};

/// A device, in one server of it.
struct MeasuredDevice {
  std::string id;
  std::optional<std::string> node{}, link{};  ///< where they are not the usual ones
};

/// A device and its links fitted to files of measurements; `tables`: what tables among them leave open; `version` of
/// chipmix, for the profiles' sources. Throws InputError with every fault of all files, FileError, and
/// std::invalid_argument for an unknown id, with the nearest spelling.
Calibrated calibrate_device(const std::vector<std::string>& files, const MeasuredDevice& device,
                            const calibration::TableOptions& tables, const calibration::Options& options,
                            scenario::Library& library, const std::string& version);

/// A software stack fitted to tables of runs, and to training logs of scenarios' options. Throws as calibrate_device.
Calibrated calibrate_stack(const std::vector<std::string>& files, const LoggedAs& as, const std::string& id,
                           scenario::Library& library, const std::string& version);

}  // namespace chipmix::validation
