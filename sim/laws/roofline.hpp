// What the compute laws share: the rates a rank really reaches, and how work and traffic of one kernel overlap.
#pragma once

#include <cmath>
#include <stdexcept>
#include <string>

#include "base/dtype.hpp"
#include "base/quantity.hpp"
#include "hardware/device.hpp"

namespace chipmix::laws {

/// A kernel whose matrix work alone takes `work` and whose memory traffic alone takes `traffic`.
///
///   t = (work⁴ + traffic⁴)^¼        between the roofline max(work, traffic) and 1.19 times it
///
/// The exponent: of 2, 3 and 4, the one with the least held-out error over the GEMM curves of docs/laws/compute.md.
inline Seconds overlapped(Seconds work, Seconds traffic) {
  const double w = work.value() * work.value();
  const double t = traffic.value() * traffic.value();
  return Seconds(std::sqrt(std::sqrt(w * w + t * t)));
}

inline BytesPerSecond reached_bandwidth(const hardware::DeviceSpec& rank) {
  return rank.memory_bandwidth.value * rank.efficiency.memory.value;
}

inline Seconds launch(const hardware::DeviceSpec& rank) { return rank.efficiency.kernel_overhead.value; }

/// How many compute units share a kernel's tiles; 1, so no unit is ever idle, where the profile does not say.
inline double units(const hardware::DeviceSpec& rank) { return rank.compute_units ? rank.compute_units->value : 1; }

/// The entry for a number format. A missing one is our bug: the plan asks first whether a device knows the format.
template <class Map>
const auto& entry(const Map& by_dtype, Dtype dtype, const hardware::DeviceSpec& rank) {
  const auto found = by_dtype.find(dtype);
  if (found == by_dtype.end()) throw std::logic_error(rank.id + " has no " + name(dtype) + " rate");
  return found->second.value;
}

/// Peak times the share of it that a large matrix product reaches.
inline FlopsPerSecond reached_rate(Dtype dtype, const hardware::DeviceSpec& rank) {
  return entry(rank.peak, dtype, rank) * entry(rank.efficiency.gemm, dtype, rank);
}

inline void require_size(double size, const char* what) {
  if (!(size >= 0)) throw std::logic_error(std::string(what) + " must not be negative or undefined");
}

}  // namespace chipmix::laws
