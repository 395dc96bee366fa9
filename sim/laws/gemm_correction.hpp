// What a matrix product takes beyond the law, from measured shapes near it.
#pragma once

#include <array>

#include "base/dtype.hpp"
#include "hardware/device.hpp"

namespace chipmix::laws {

/// m, n, k of a product.
using Sides = std::array<double, 3>;

/// How far apart two shapes are, in lengths.
double distance(const Sides& one, const Sides& other, double rows_length, double sides_length);
/// How alike two products so far apart are: 1 for the same, towards 0 far away.
double likeness(double distance);

/// By which factor the time of a product differs from the law; 1 where the device has no correction.
double correction_factor(const Sides& sides, Dtype dtype, const hardware::DeviceSpec& rank);

}  // namespace chipmix::laws
