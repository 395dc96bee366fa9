// Which number formats a device can be answered for.
#pragma once

#include "base/dtype.hpp"
#include "hardware/device.hpp"

namespace chipmix::hardware {

/// A rate on the datasheet, and the share of it that matrix products reach.
inline bool trains_in(const DeviceSpec& device, Dtype dtype) {
  return device.peak.contains(dtype) && device.efficiency.gemm.contains(dtype);
}

/// Why not: "X has no int8 rate", or "X has no measured int8 rate" where the datasheet has one.
inline std::string no_rate(const DeviceSpec& device, Dtype dtype) {
  return device.name + (device.peak.contains(dtype) ? " has no measured " : " has no ") + name(dtype) + " rate";
}

}  // namespace chipmix::hardware
