// Clusters of several islands for tests.
#pragma once

#include "machines.hpp"

namespace chipmix::support {

struct IslandOf {
  std::string device;
  int devices = 0;
};

/// Islands named a, b, c, ..., each pair joined by `count` links.
inline hardware::Cluster islands(const std::vector<IslandOf>& list, const std::string& link = "rdma-mixed-200",
                                 double count = 8) {
  hardware::Cluster cluster{"islands", {}, {}};
  const auto profile_of_link = profile<hardware::LinkSpec>("links", link);
  for (const IslandOf& island : list) {
    cluster.groups.push_back(machine(island.device, island.devices));
    cluster.groups.back().name = std::string(1, static_cast<char>('a' + cluster.groups.size() - 1));
    const int index = static_cast<int>(cluster.groups.size()) - 1;
    for (int other = 0; other < index; ++other) cluster.links.push_back({other, index, profile_of_link, count});
  }
  return cluster;
}

}  // namespace chipmix::support
