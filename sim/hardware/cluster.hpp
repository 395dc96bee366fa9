// The machines a plan runs on: groups of like nodes, each with its device, links, fabric and stack resolved.
#pragma once

#include <string>
#include <vector>

#include "hardware/device.hpp"
#include "hardware/network.hpp"
#include "hardware/stack.hpp"

namespace chipmix::hardware {

struct NodeGroup {
  DeviceSpec device;
  NodeSpec node;
  LinkSpec scale_up;
  LinkSpec scale_out;
  FabricSpec fabric;
  SoftwareStack stack;
  int devices = 0;  ///< packages in the group

  int ranks() const { return devices * device.ranks; }
  /// Ranks that share one scale-up domain (never more than the group has).
  int ranks_per_node() const;
};

struct Cluster {
  std::string name;
  std::vector<NodeGroup> groups;
};

}  // namespace chipmix::hardware
