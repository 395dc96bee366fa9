// How far a plan's work lies outside what the devices' figures were fitted to.
#pragma once

#include <string>
#include <vector>

#include "hardware/cluster.hpp"
#include "plan/program.hpp"

namespace chipmix::laws {

/// A size of some work beyond the least or greatest one measured.
struct Beyond {
  std::string device, work, size;  ///< "h100-sxm5-80gb", "gemm.bf16", "m"
  double value = 0, low = 0, high = 0;

  /// How many times beyond the nearer end.
  double factor() const { return value > high ? value / high : low / value; }
};

/// The farthest of each size of each kind of work, where its device has a measured range for that kind. Products and
/// attention: their rates change with size; bytes of streams and messages only add.
std::vector<Beyond> beyond_measured(const plan::Program& program, const hardware::Cluster& cluster);

}  // namespace chipmix::laws
