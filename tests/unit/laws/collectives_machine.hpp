// Machines built by hand for the collective tests, so that they stand without profile files.
#pragma once

#include "laws/collectives.hpp"

namespace chipmix::laws::test {

constexpr double mib = 1024.0 * 1024.0;
constexpr double gigabyte = 1e9;

inline hardware::LinkSpec link(double gigabytes_per_second, double efficiency, double microseconds,
                               hardware::Wiring wiring = hardware::Wiring::switched, double links = 1) {
  hardware::LinkSpec spec;
  spec.wiring = wiring;
  spec.bandwidth.value = BytesPerSecond{gigabytes_per_second * gigabyte};
  spec.efficiency.value = efficiency;
  spec.latency.value = Seconds{microseconds * 1e-6};
  spec.links.value = links;
  return spec;
}

/// `nodes` servers of eight devices with a NIC each on a network without oversubscription.
inline hardware::NodeGroup servers(int nodes, const hardware::LinkSpec& inside, const hardware::LinkSpec& nic) {
  hardware::NodeGroup group;
  group.device.ranks = 1;
  group.node.devices = 8;
  group.node.nics.value = 8;
  group.scale_up = inside;
  group.scale_out = nic;
  group.fabric.oversubscription.value = 1;
  group.fabric.nodes_per_leaf.value = 32;
  group.devices = 8 * nodes;
  return group;
}

inline hardware::NodeGroup h100(int nodes = 16) { return servers(nodes, link(450, 0.76, 3.3), link(50, 0.93, 20)); }
inline hardware::NodeGroup a100(int nodes = 16) { return servers(nodes, link(300, 0.69, 6.1), link(25, 0.96, 20)); }
inline hardware::NodeGroup b200(int nodes = 16) { return servers(nodes, link(900, 0.69, 6.1), link(50, 0.955, 85)); }
/// Ascend 910B: 28 GB/s to each of seven peers.
inline hardware::NodeGroup ascend(int nodes = 16) {
  return servers(nodes, link(196, 0.643, 8, hardware::Wiring::full_mesh, 7), link(25, 0.8, 20));
}

/// The same machine with links that start at once, for closed forms.
inline hardware::NodeGroup without_latency(hardware::NodeGroup machine) {
  machine.scale_up.latency.value = machine.scale_out.latency.value = Seconds{};
  return machine;
}

inline double seconds(Collective kind, double bytes, Group group, const hardware::NodeGroup& machine) {
  return collective_time(kind, Bytes{bytes}, group, machine).value();
}

/// Algorithm bandwidth in GB/s: payload over time.
inline double algorithm_bandwidth(Collective kind, double bytes, Group group, const hardware::NodeGroup& machine) {
  return bytes / seconds(kind, bytes, group, machine) / gigabyte;
}

/// Bus bandwidth of an all-reduce as nccl-tests define it, GB/s.
inline double bus_bandwidth(double bytes, Group group, const hardware::NodeGroup& machine) {
  return algorithm_bandwidth(Collective::all_reduce, bytes, group, machine) * 2 * (group.size - 1) / group.size;
}

}  // namespace chipmix::laws::test
