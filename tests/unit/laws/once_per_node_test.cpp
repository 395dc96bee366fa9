// A token that crosses to each node once: what is left of an all-to-all between nodes.
#include <catch2/catch.hpp>

#include "collectives_machine.hpp"
#include "laws/collectives/placement.hpp"

namespace chipmix::laws::test {

TEST_CASE("of 8 copies to random nodes, how many cross where a node gets a token once?") {
  // N (1 - (1 - 1/N)^8) / 8
  CHECK(once_each(8, 2) == Approx(0.2490).epsilon(1e-3));
  CHECK(once_each(8, 4) == Approx(0.4499).epsilon(1e-3));
  CHECK(once_each(8, 8) == Approx(0.6564).epsilon(1e-3));
  CHECK(once_each(1, 8) == Approx(1));  // one copy has nothing to share
  CHECK(once_each(8, 1e6) == Approx(1).epsilon(1e-4));
  for (double nodes : {2, 4, 8, 16})
    for (double copies : {1, 2, 4, 8}) {
      CHECK(once_each(copies, nodes) <= 1);
      CHECK(once_each(copies, nodes) * copies <= nodes);
      CHECK(once_each(copies, nodes) <= once_each(copies, 2 * nodes));
      CHECK(once_each(copies, nodes) >= once_each(2 * copies, nodes));
    }
}

TEST_CASE("expert groups stand on as many nodes of eight as they reach") {
  CHECK(place({8, 1}, h100()).nodes == 1);
  CHECK(place({16, 1}, h100()).nodes == 2);
  CHECK(place({32, 1}, h100()).nodes == 4);
  CHECK(place({64, 1}, h100()).nodes == 8);
  CHECK(place({16, 2}, h100()).nodes == 4);  // experts cut over two ranks each
}

}  // namespace chipmix::laws::test
