// Files of measurements, whoever wrote them: our own format, or what people have already.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "calibration/samples.hpp"
#include "calibration/table_options.hpp"
#include "hardware/cluster.hpp"

namespace chipmix::calibration {

/// In place of a sample's number: what the head says of the device's memory.
inline constexpr std::size_t device_memory = static_cast<std::size_t>(-1);

/// A file read: its samples, what its reader should know, and how to point at one of its samples.
struct MeasurementFile {
  std::string file, format;
  Measurements data;
  std::vector<std::string> remarks{};
  bool is_table = false;  ///< TableOptions say something of it
  std::function<Diagnostic(std::size_t sample, std::string message, std::string hint)> fault{};
};

/// Knows by its content what a file is; training logs and traces may be of any size. Throws InputError with every
/// fault, and FileError.
MeasurementFile read_file(const std::filesystem::path& path, const TableOptions& options = {});

/// Samples that cannot be true of the device: faster than its peak, slower than anything (units mixed up), measured on
/// a CPU, or on one with another memory. Throws InputError with all of them.
void require_plausible(const std::vector<MeasurementFile>& files, const hardware::NodeGroup& group);

/// All samples of the files in one list; of the heads the first that says something.
Measurements together(const std::vector<MeasurementFile>& files);

}  // namespace chipmix::calibration
