// The machines a plan runs on: groups of like nodes, each with its device, links, fabric and stack resolved.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/dtype.hpp"
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
  int devices = 0;               ///< packages in the group
  std::string name{};            ///< of the island, where a cluster has several
  std::optional<Dtype> dtype{};  ///< number format of its matrix products, instead of the job's

  int ranks() const { return devices * device.ranks; }
  /// Ranks that share one scale-up domain (never more than the group has).
  int ranks_per_node() const;
};

/// What joins two node groups ("islands"): `count` links of one kind, shared by all that crosses. Copies through host
/// memory, where two vendors' devices cannot reach one another, are in the link's efficiency and latency.
struct IslandLink {
  int one = 0, other = 0;  ///< node groups
  LinkSpec link;
  double count = 0;
};

struct Cluster {
  std::string name;
  std::vector<NodeGroup> groups;
  std::vector<IslandLink> links{};

  /// Null if nothing joins the two.
  const IslandLink* between(int one, int other) const;
};

}  // namespace chipmix::hardware
