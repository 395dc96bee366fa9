// Links, servers and the fabric between them.
#pragma once

#include <optional>
#include <string>

#include "base/quantity.hpp"
#include "base/sourced.hpp"
#include "io/shape.hpp"

namespace chipmix::hardware {

/// How the devices of one scale-up domain are wired.
enum class Wiring {
  switched,   ///< any pair sees the full rate (NVSwitch, UB switch)
  full_mesh,  ///< one direct link per pair: a group of n sees (n - 1) of them (910B, MI300X)
  bridge,     ///< pairs share host PCIe; no peer links
};

struct LinkSpec {
  std::string id;
  std::string name;
  Wiring wiring = Wiring::switched;
  Sourced<BytesPerSecond> bandwidth;         ///< one direction, per package, all its links of this kind together
  Sourced<double> links;                     ///< links per package; for full_mesh one goes to each peer
  Sourced<double> efficiency;                ///< share of the bandwidth that large collectives reach
  Sourced<Seconds> latency;                  ///< per collective step or message, software included
  std::optional<Sourced<double>> in_switch;  ///< share an all-reduce done by the switch reaches; absent: it cannot add
};

/// One server, or one scale-up domain that works as a server (NVL72, CloudMatrix 384).
struct NodeSpec {
  std::string id;
  std::string name;
  std::string device;                                ///< id of the device it carries
  int devices = 0;                                   ///< packages in the scale-up domain
  std::string scale_up;                              ///< id of the link inside
  std::string scale_out;                             ///< id of the network link of one NIC
  Sourced<double> nics;                              ///< NICs for training traffic in the domain
  std::optional<Sourced<double>> host_speed;         ///< of the host's single thread, which launches kernels; absent: 1
  std::optional<Sourced<BytesPerSecond>> host_link;  ///< between a device and host memory, one direction
  std::optional<Sourced<Watts>> host_power;          ///< CPUs, fans, NICs: everything but the devices, whole domain
};

/// Speed of the host's thread that launches kernels.
inline double host_speed(const NodeSpec& node) { return node.host_speed ? node.host_speed->value : 1; }

/// How nodes are joined.
enum class Layout { rail_optimised, fat_tree, torus };

struct FabricSpec {
  std::string id;
  std::string name;
  Layout layout = Layout::rail_optimised;
  Sourced<double> oversubscription;  ///< leaf downlink over uplink bandwidth; 1 is non-blocking
  Sourced<double> nodes_per_leaf;    ///< servers under one leaf group: traffic among them is not oversubscribed
};

const io::Names<Wiring>& names_of(io::Type<Wiring>);
const io::Names<Layout>& names_of(io::Type<Layout>);
const io::Shape<LinkSpec>& shape_of(io::Type<LinkSpec>);
const io::Shape<NodeSpec>& shape_of(io::Type<NodeSpec>);
const io::Shape<FabricSpec>& shape_of(io::Type<FabricSpec>);

}  // namespace chipmix::hardware
