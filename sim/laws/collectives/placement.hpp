// Where the members of a group stand, and what one of them has of the links.
#pragma once

#include "hardware/cluster.hpp"
#include "laws/collectives/exchange.hpp"
#include "plan/shapes.hpp"

namespace chipmix::laws {

struct Placement {
  double members = 1;  ///< all of them
  double inside = 1;   ///< in one node; an average where the last node has fewer
  double nodes = 1;
  double leaf = 1;                              ///< nodes of the group under one leaf of the network; at least 1
  bool leaves() const { return nodes > leaf; }  ///< whether it reaches beyond one leaf
};

Placement place(const plan::Group& group, const hardware::NodeGroup& machine);

/// What one rank has of the scale-up links within a group.
Port inside_port(const plan::Group& group, const Placement& placement, const hardware::NodeGroup& machine);
/// What one rank has of its node's NICs when all ranks of the node use them.
Port across_port(const hardware::NodeGroup& machine);

/// Share of the copies of an all-to-all to k experts that are left where each of N places (nodes, or ranks) gets a
/// token once, however many of its experts want it (DeepEP, github.com/deepseek-ai/DeepEP): of k copies to random
/// places
///   N (1 - (1 - 1/N)^k) / k
double once_each(double copies, double places);

}  // namespace chipmix::laws
