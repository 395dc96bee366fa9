// The fields of link, node and fabric profiles.
#include "hardware/network.hpp"

#include "hardware/rules.hpp"

namespace chipmix::hardware {

namespace {

/// A mesh has one link to each peer, so it needs at least one; parts of a link cannot be wired.
void check_links(const LinkSpec& link, const io::Value& value) {
  const double links = link.links.value;
  if (links != static_cast<double>(static_cast<long long>(links)))
    value.error("'links' counts links and cannot be a fraction", "write a whole number");
}

}  // namespace

const io::Names<Wiring>& names_of(io::Type<Wiring>) {
  static const io::Names<Wiring> names = {
      {"switched", Wiring::switched}, {"full_mesh", Wiring::full_mesh}, {"bridge", Wiring::bridge}};
  return names;
}

const io::Names<Layout>& names_of(io::Type<Layout>) {
  static const io::Names<Layout> names = {
      {"rail_optimised", Layout::rail_optimised}, {"fat_tree", Layout::fat_tree}, {"torus", Layout::torus}};
  return names;
}

const io::Shape<LinkSpec>& shape_of(io::Type<LinkSpec>) {
  static const auto shape =
      io::Shape<LinkSpec>("link", "A link between devices, or one network card. Rates are one direction.")
          .ignored("$schema", "Schema this file follows, for editors.")
          .required("id", &LinkSpec::id, "Name used by nodes and scenarios.", io::not_empty<std::string>())
          .required("name", &LinkSpec::name, "Name printed in reports.", io::not_empty<std::string>())
          .required("wiring", &LinkSpec::wiring, "How the devices of one domain are wired.")
          .required("bandwidth", &LinkSpec::bandwidth,
                    "One direction, per package, all its links of this kind together; for a network card: per card.",
                    io::positive<BytesPerSecond>())
          .required("links", &LinkSpec::links, "Links per package; in a full mesh one goes to each peer.",
                    io::at_least(1.0))
          .required("efficiency", &LinkSpec::efficiency, "Share of the bandwidth that large collectives reach.",
                    share())
          .required("latency", &LinkSpec::latency, "Per collective step or message, software included.",
                    io::not_negative<Seconds>())
          .optional("in_switch", &LinkSpec::in_switch,
                    "Share of the bandwidth that an all-reduce done by the switch reaches; absent where it cannot add.",
                    share())
          .check(check_links);
  return shape;
}

const io::Shape<NodeSpec>& shape_of(io::Type<NodeSpec>) {
  static const auto shape =
      io::Shape<NodeSpec>("node", "One server, or one scale-up domain that works as a server.")
          .ignored("$schema", "Schema this file follows, for editors.")
          .required("id", &NodeSpec::id, "Name used by devices and scenarios.", io::not_empty<std::string>())
          .required("name", &NodeSpec::name, "Name printed in reports.", io::not_empty<std::string>())
          .required("device", &NodeSpec::device, "Id of the device it usually carries.", io::not_empty<std::string>())
          .required("devices", &NodeSpec::devices, "Packages in the scale-up domain.", io::at_least(1))
          .required("scale_up", &NodeSpec::scale_up, "Id of the link inside.", io::not_empty<std::string>())
          .required("scale_out", &NodeSpec::scale_out, "Id of the network link of one card.",
                    io::not_empty<std::string>())
          .required("nics", &NodeSpec::nics, "Network cards for training traffic in the domain.",
                    io::positive<double>())
          .optional("host_speed", &NodeSpec::host_speed,
                    "Speed of the host's single thread, which launches kernels, over that of an HGX H100 server's.",
                    io::between(0.1, 10.0))
          .optional("host_link", &NodeSpec::host_link,
                    "Rate between one device and host memory, one direction, as large copies reach it.",
                    io::positive<BytesPerSecond>())
          .optional("host_power", &NodeSpec::host_power,
                    "Processors, fans, network cards: everything but the devices, whole domain.");
  return shape;
}

const io::Shape<FabricSpec>& shape_of(io::Type<FabricSpec>) {
  static const auto shape =
      io::Shape<FabricSpec>("fabric", "How nodes are joined.")
          .ignored("$schema", "Schema this file follows, for editors.")
          .required("id", &FabricSpec::id, "Name used by scenarios.", io::not_empty<std::string>())
          .required("name", &FabricSpec::name, "Name printed in reports.", io::not_empty<std::string>())
          .required("layout", &FabricSpec::layout, "Layout of the switches.")
          .required("oversubscription", &FabricSpec::oversubscription,
                    "Leaf downlink over uplink bandwidth; 1 is non-blocking.", io::at_least(1.0))
          .required("nodes_per_leaf", &FabricSpec::nodes_per_leaf,
                    "Servers under one leaf group: traffic among them is not oversubscribed.", io::at_least(1.0));
  return shape;
}

}  // namespace chipmix::hardware
