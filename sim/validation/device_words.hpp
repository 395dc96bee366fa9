// Which device a file says it was measured on, in its maker's words.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chipmix::validation {

/// Of the devices with these ids the one that `said` names ("NVIDIA H100 80GB HBM3") where that is another than
/// `device`; nothing where it names the device, or none that is known.
std::optional<std::string> other_device(const std::string& said, const std::string& device,
                                        const std::vector<std::string>& ids);

/// What a log says of devices: the words behind "NVIDIA", "AMD Instinct" and "Ascend", and where the first begins.
struct DeviceWords {
  std::string text;
  std::size_t offset = 0;
};
std::vector<DeviceWords> device_words(std::string_view log);

}  // namespace chipmix::validation
