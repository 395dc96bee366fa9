// One kernel of equal matrix products, without its launch: what GEMMs, grouped GEMMs and unfused attention are made of.
#pragma once

#include "base/quantity.hpp"
#include "hardware/device.hpp"

namespace chipmix::laws {

/// `batch` products [m x k][k x n], inputs of one type, fp32 accumulation. `c_bytes` as in GemmShape.
struct Products {
  double m = 0, n = 0, k = 0, batch = 1, c_bytes = 0;
};

/// One product: may be sliced along k to occupy the device.
Seconds product_time(const Products& product, Dtype dtype, FlopsPerSecond rate, const hardware::DeviceSpec& rank);
/// Many products in one kernel: never sliced.
Seconds batched_time(const Products& products, Dtype dtype, FlopsPerSecond rate, const hardware::DeviceSpec& rank);

}  // namespace chipmix::laws
