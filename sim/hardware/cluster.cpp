// Sizes of a node group.
#include "hardware/cluster.hpp"

#include <algorithm>

namespace chipmix::hardware {

int NodeGroup::ranks_per_node() const { return std::min(node.devices, devices) * device.ranks; }

}  // namespace chipmix::hardware
