// Counting members per node, links per rank and NICs per rank.
//
//   m = clamp(⌊R / s⌋, 1, n)     members in a full node;  R ranks per node, s stride, n size
//   N = ⌈n / m⌉                  nodes;  where m does not divide n the nodes hold n/N on average
//   k = max(1, ⌊nodes_per_leaf / max(1, s/R)⌋)     nodes of the group under one leaf
//
// A stride that does not divide R lets some nodes hold one member more than ⌊R/s⌋; the node with fewest sets the pace.
#include "laws/collectives/placement.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace chipmix::laws {
namespace {

/// Share of a package's links that a group sees. A switch gives it all; a mesh has one link to each package, and the
/// group uses those to its own. Members on one package (two dies) are taken to see the whole rate.
double visible(const plan::Group& group, const Placement& placement, const hardware::NodeGroup& machine) {
  if (machine.scale_up.wiring != hardware::Wiring::full_mesh) return 1;
  const double together = std::clamp<double>(machine.device.ranks / group.stride, 1, placement.inside);
  const double packages = placement.inside / together;
  if (packages <= 1) return 1;
  return std::min(1.0, (packages - 1) / machine.scale_up.links.value);
}

}  // namespace

Placement place(const plan::Group& group, const hardware::NodeGroup& machine) {
  const int ranks = machine.ranks_per_node();
  if (group.size < 1 || group.stride < 1) throw std::logic_error("a group needs a size and a stride of at least 1");
  if (ranks < 1) throw std::logic_error("node group " + machine.node.id + " has no ranks");
  const int full = std::clamp(ranks / group.stride, 1, group.size);
  const int nodes = (group.size + full - 1) / full;
  const double apart = std::max(1.0, static_cast<double>(group.stride) / ranks);
  return {.members = static_cast<double>(group.size),
          .inside = static_cast<double>(group.size) / nodes,
          .nodes = static_cast<double>(nodes),
          .leaf = std::max(1.0, std::floor(machine.fabric.nodes_per_leaf.value / apart))};
}

double once_each(double copies, double places) { return places * (1 - std::pow(1 - 1 / places, copies)) / copies; }

Port inside_port(const plan::Group& group, const Placement& placement, const hardware::NodeGroup& machine) {
  const hardware::LinkSpec& link = machine.scale_up;
  const double share = visible(group, placement, machine) * link.efficiency.value / machine.device.ranks;
  return {link.bandwidth.value * share, link.latency.value};
}

Port across_port(const hardware::NodeGroup& machine) {
  const hardware::LinkSpec& link = machine.scale_out;
  const double share = machine.node.nics.value * link.efficiency.value / machine.ranks_per_node();
  return {link.bandwidth.value * share, link.latency.value};
}

}  // namespace chipmix::laws
