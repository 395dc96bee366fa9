// Sizes of a node group.
#include "hardware/cluster.hpp"

#include <algorithm>

namespace chipmix::hardware {

int NodeGroup::ranks_per_node() const { return std::min(node.devices, devices) * device.ranks; }

const IslandLink* Cluster::between(int one, int other) const {
  for (const IslandLink& link : links)
    if ((link.one == one && link.other == other) || (link.one == other && link.other == one)) return &link;
  return nullptr;
}

}  // namespace chipmix::hardware
