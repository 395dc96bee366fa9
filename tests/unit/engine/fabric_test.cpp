// Routes: does every pair of servers have one, of the length its topology gives?
#include "engine/event/fabric/fabric.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <set>

namespace chipmix::engine {
namespace {

std::size_t longest(const Routes& routes, int nodes) {
  std::size_t most = 0;
  for (int from = 0; from < nodes; ++from)
    for (int to = 0; to < nodes; ++to) {
      const auto route = routes.between(from, to);
      if (from == to) CHECK(route.empty());
      CHECK(std::set<int>(route.begin(), route.end()).size() == route.size());
      most = std::max(most, route.size());
    }
  return most;
}

}  // namespace

TEST_CASE("are a torus's routes as long as half of each ring, and its links used evenly?") {
  TaskList links;
  const auto routes = torus({{4, 3, 2}}, 1, links);
  CHECK(links.capacities().size() == 2 * 3 * 24);
  CHECK(longest(*routes, 24) == 2 + 1 + 1);
  CHECK(routes->between(0, 3).size() == 1);  // round the other way
  std::map<int, int> uses;
  for (int node = 0; node < 24; ++node)
    for (int link : routes->between(node, node - node % 4 + (node + 1) % 4)) ++uses[link];
  CHECK(uses.size() == 24);
  for (const auto& [link, count] : uses) CHECK(count == 1);
}

TEST_CASE("does a dragonfly reach any server over at most one global link and two local ones?") {
  const Dragonfly shape{9, 4, 2, 2};
  TaskList links;
  const auto routes = dragonfly(shape, 1, links);
  CHECK(longest(*routes, 72) == 3);
  CHECK(routes->between(0, 1).empty());
  CHECK(misfit(Fabric{.dragonfly = shape}, 72).empty());
  CHECK(misfit(Fabric{.dragonfly = Dragonfly{10, 4, 2, 2}}, 80) ==
        "a dragonfly of 10 groups: 4 routers with 2 links to other groups reach 9 groups at most");
  CHECK(misfit(Fabric{.dragonfly = shape}, 64) == "a dragonfly of 9 × 4 × 2 has 72 servers, the plan's jobs 64");
}

TEST_CASE("does a fat tree spare the spines within a leaf, and give what is left above it?") {
  TaskList links;
  const auto routes = fat_tree({4, 2, Paths::spread, 1}, 16, 1, links);
  CHECK(routes->between(0, 3).empty());
  CHECK(routes->between(0, 4).size() == 2);
  CHECK(links.capacities() == std::vector<double>(8, 2.0));
  TaskList single;
  const auto hashed = fat_tree({4, 1, Paths::hashed, 1}, 16, 1, single);
  CHECK(single.capacities() == std::vector<double>(32, 1.0));
  std::set<int> used;
  for (int to = 4; to < 16; ++to) used.insert(hashed->between(0, to).front());
  CHECK(used.size() > 1);
  CHECK(hashed->between(0, 9) == hashed->between(0, 9));
}

}  // namespace chipmix::engine
