// Kernels that only move bytes: norms, activations, casts, optimizer steps.
//
//   t = bytes / (bandwidth · e_mem) + kernels · overhead        s
//
//   bytes: read plus written; bandwidth byte/s; e_mem: share reached; overhead s.
//
// Valid where a kernel's data exceed the cache (about 50 MB on H100); smaller data may be faster. BabelStream copies
// reach e_mem of 0.87 on H100, 0.84 on H200, 0.79 on A100 and 0.78 on MI300X (Azure AI benchmarking guide,
// Azure_Results).
// Source: McCalpin, STREAM, 1995; Williams et al., Roofline, CACM 52(4) 2009.
#include "laws/compute.hpp"
#include "laws/roofline.hpp"

namespace chipmix::laws {

Seconds streaming_time(Bytes moved, double kernels, const hardware::DeviceSpec& rank) {
  require_size(moved.value(), "moved bytes");
  require_size(kernels, "number of kernels");
  return moved / reached_bandwidth(rank) + kernels * launch(rank);
}

}  // namespace chipmix::laws
