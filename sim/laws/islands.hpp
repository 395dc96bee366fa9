// What crosses the border between two islands (node groups of different devices, or at different sites).
#pragma once

#include <optional>
#include <vector>

#include "base/quantity.hpp"
#include "hardware/cluster.hpp"

namespace chipmix::laws {

/// Ranks of one island that send or receive at the same time.
struct Side {
  int island = 0;
  int ranks = 1;
};

/// One message between two islands, or many at once: `bytes` of all of them together. Throws std::logic_error when
/// nothing joins the islands.
Seconds island_send_time(Bytes bytes, const Side& from, const Side& to, const hardware::Cluster& cluster);

/// A sum of `bytes` that each island holds once (over all of its ranks), left on all of them. Nothing when the islands
/// are not joined. `islands`: the ranks that take part in each.
std::optional<Seconds> island_all_reduce_time(Bytes bytes, const std::vector<Side>& islands,
                                              const hardware::Cluster& cluster);

/// The same of two parties on one island, over its own network.
Seconds island_network_time(Bytes bytes, const Side& party, const hardware::Cluster& cluster);

}  // namespace chipmix::laws
