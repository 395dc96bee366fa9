#include "engine/event/fabric/fabric.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdint>

namespace chipmix::engine {
namespace {

std::string misfit(const Torus& torus, int nodes) {
  std::int64_t has = 1;
  for (int size : torus.dimensions) has *= size;
  if (has == nodes) return {};
  return fmt::format("a torus of {} has {} servers, the plan's jobs {}", fmt::join(torus.dimensions, " × "), has,
                     nodes);
}

std::string misfit(const Dragonfly& shape, int nodes) {
  const std::int64_t most = std::int64_t{shape.routers} * shape.global_links + 1;
  if (shape.groups > most)
    return fmt::format("a dragonfly of {} groups: {} routers with {} links to other groups reach {} groups at most",
                       shape.groups, shape.routers, shape.global_links, most);
  const std::int64_t has = std::int64_t{shape.groups} * shape.routers * shape.nodes_per_router;
  if (has == nodes) return {};
  return fmt::format("a dragonfly of {} × {} × {} has {} servers, the plan's jobs {}", shape.groups, shape.routers,
                     shape.nodes_per_router, has, nodes);
}

}  // namespace

std::string misfit(const Fabric& fabric, int nodes) {
  if (fabric.torus) return misfit(*fabric.torus, nodes);
  if (fabric.dragonfly) return misfit(*fabric.dragonfly, nodes);
  return {};
}

std::unique_ptr<Routes> routes(const Fabric& fabric, int nodes, int ports, TaskList& links) {
  if (fabric.torus) return torus(*fabric.torus, ports, links);
  if (fabric.dragonfly) return dragonfly(*fabric.dragonfly, ports, links);
  return fat_tree(fabric.fat_tree.value_or(FatTree{.nodes_per_leaf = nodes}), nodes, ports, links);
}

}  // namespace chipmix::engine
