// The switches between servers, as links that their transfers share.
//
// Capacities are in ports of a rank: a transfer that has its path to itself runs as fast as its port. A flow from one
// server to another takes the links of its route beside its own two ports.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/event/task_list.hpp"

namespace chipmix::engine {

enum class Paths {
  spread,  ///< every flow over all uplinks: packet spraying, adaptive routing
  hashed   ///< ECMP: a pair of servers keeps to one uplink, chosen by hash
};

enum class Reductions {
  flows,  ///< one flow for each rank with all it sends
  steps   ///< message by message round the ring
};

/// Leaf switches under a layer of spines that connects each with each (a folded Clos network; Al-Fares et al., SIGCOMM
/// 2008). Servers on one leaf do not meet the spines.
struct FatTree {
  int nodes_per_leaf = 1;
  double oversubscription = 1;  ///< ports under a leaf over uplinks above it
  Paths paths = Paths::spread;
  int seed = 1;  ///< of the hash
};

/// A ring in every dimension, links of one port both ways; routes go dimension by dimension, the shorter way round.
struct Torus {
  std::vector<int> dimensions;
};

/// Groups of routers, all to all within a group and one link or more between any two groups (Kim et al., ISCA 2008,
/// section 3). With a routers in a group and h links of each to other groups there are at most a h + 1 groups. Routes
/// are minimal: to the router with a link to the other group, over it, to the router of the server.
struct Dragonfly {
  int groups = 2;
  int routers = 1;  ///< in a group
  int nodes_per_router = 1;
  int global_links = 1;  ///< of a router
};

/// One of three, and how many equal jobs take turns on its servers: server j of job i is server j × jobs + i.
struct Fabric {
  std::optional<FatTree> fat_tree{};
  std::optional<Torus> torus{};
  std::optional<Dragonfly> dragonfly{};
  int jobs = 1;
  Reductions reductions = Reductions::flows;
};

/// Links beyond the ports.
class Routes {
 public:
  virtual ~Routes() = default;
  /// From one server to another; none where they hang on the same switch.
  virtual std::vector<int> between(int from, int to) const = 0;
};

std::unique_ptr<Routes> fat_tree(const FatTree& tree, int nodes, int ports, TaskList& links);
std::unique_ptr<Routes> torus(const Torus& torus, int ports, TaskList& links);
std::unique_ptr<Routes> dragonfly(const Dragonfly& dragonfly, int ports, TaskList& links);

/// Makes the links of a fabric of so many servers with so many ports each.
std::unique_ptr<Routes> routes(const Fabric& fabric, int nodes, int ports, TaskList& links);

/// Why a fabric is not one for so many servers; empty if it is.
std::string misfit(const Fabric& fabric, int nodes);

}  // namespace chipmix::engine
