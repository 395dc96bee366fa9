#include "scenario/disturbance_spec.hpp"

namespace chipmix::engine {
namespace {

constexpr int most_nodes = 1 << 20, most_jobs = 16;
constexpr double most_oversubscribed = 1000;

io::Rule<int> some() { return io::between(1, most_nodes); }

}  // namespace

const io::Names<Paths>& names_of(io::Type<Paths>) {
  static const io::Names<Paths> names = {{"spread", Paths::spread}, {"hashed", Paths::hashed}};
  return names;
}

const io::Names<Reductions>& names_of(io::Type<Reductions>) {
  static const io::Names<Reductions> names = {{"flows", Reductions::flows}, {"steps", Reductions::steps}};
  return names;
}

const io::Shape<FatTree>& shape_of(io::Type<FatTree>) {
  static const auto shape =
      io::Shape<FatTree>("fat tree", "Leaf switches under a layer of spines.")
          .required("nodes_per_leaf", &FatTree::nodes_per_leaf, "Servers under one leaf switch.", some())
          .optional("oversubscription", &FatTree::oversubscription,
                    "Ports under a leaf over uplinks above it; 1 if left out.", io::between(1.0, most_oversubscribed))
          .optional("paths", &FatTree::paths,
                    "'spread' over all uplinks (if left out), or 'hashed': ECMP, one uplink for a pair of servers.")
          .optional("seed", &FatTree::seed, "Seed of the hash; 1 if left out.");
  return shape;
}

const io::Shape<Torus>& shape_of(io::Type<Torus>) {
  static const auto shape = io::Shape<Torus>("torus", "A ring of servers in every dimension.")
                                .required("dimensions", &Torus::dimensions, "Servers in each dimension.", some())
                                .check([](const Torus& torus, const io::Value& value) {
                                  if (torus.dimensions.empty())
                                    value.error("a torus without dimensions", "for example [4, 4, 2]");
                                });
  return shape;
}

const io::Shape<Dragonfly>& shape_of(io::Type<Dragonfly>) {
  static const auto shape =
      io::Shape<Dragonfly>("dragonfly", "Groups of routers, joined all to all.")
          .required("groups", &Dragonfly::groups, "How many groups.", some())
          .required("routers", &Dragonfly::routers, "Routers in a group.", some())
          .required("nodes_per_router", &Dragonfly::nodes_per_router, "Servers on a router.", some())
          .required("global_links", &Dragonfly::global_links, "Links of a router to other groups.", some())
          .check([](const Dragonfly& dragonfly, const io::Value& value) {
            const long long most = 1LL * dragonfly.routers * dragonfly.global_links + 1;
            if (dragonfly.groups > most)
              value.error(fmt::format("{} groups, where {} routers with {} global links each reach {}",
                                      dragonfly.groups, dragonfly.routers, dragonfly.global_links, most),
                          "a group needs a link to every other: fewer groups, or more routers or global links");
          });
  return shape;
}

const io::Shape<Fabric>& shape_of(io::Type<Fabric>) {
  static const auto shape =
      io::Shape<Fabric>("fabric", "The switches between servers: one of three topologies.")
          .optional("fat_tree", &Fabric::fat_tree, "Leaves and spines.")
          .optional("torus", &Fabric::torus, "A torus.")
          .optional("dragonfly", &Fabric::dragonfly, "A dragonfly.")
          .optional("jobs", &Fabric::jobs, "Number of equal jobs whose servers alternate in the fabric; 1 if left out.",
                    io::between(1, most_jobs))
          .optional("reductions", &Fabric::reductions,
                    "Of gradients: 'flows', one for each rank (if left out), or 'steps', message by message.")
          .check([](const Fabric& fabric, const io::Value& value) {
            if (fabric.fat_tree.has_value() + fabric.torus.has_value() + fabric.dragonfly.has_value() != 1)
              value.error("a fabric is one of 'fat_tree', 'torus' and 'dragonfly'", "give exactly one of them");
          });
  return shape;
}

}  // namespace chipmix::engine
