// A matrix product that runs in whole waves of output tiles.
#pragma once

#include "base/quantity.hpp"

namespace chipmix::laws {

/// One kernel of equal products, its matrices moved at `bandwidth`.
struct WaveKernel {
  double m = 0, n = 0, k = 0, batch = 1;
  Bytes moved;
  FlopsPerSecond rate;
  BytesPerSecond bandwidth;
  double units = 1;
  bool may_slice = false;  ///< along k
};

/// Its time with the tile and the number of slices that suit it best; `edge` is the device's gemm_tile_edge.
Seconds waves_time(const WaveKernel& kernel, double edge);

}  // namespace chipmix::laws
