// What crosses between islands: does it take the time its links and NICs allow?
#include "laws/islands.hpp"

#include <catch2/catch.hpp>

#include "../../support/islands.hpp"
#include "laws/collectives/placement.hpp"

namespace chipmix::laws {
namespace {

hardware::Cluster three(double links = 8) {
  return support::islands({{"h800-sxm5-80gb", 16}, {"ascend-910b2", 16}, {"mi300x", 16}}, "rdma-mixed-200",
                          links);
}

double nics(const hardware::Cluster& cluster, int island) {
  return across_port(cluster.groups[island]).rate.value() * cluster.groups[island].ranks();
}

double joined(const hardware::Cluster& cluster) {
  const auto& link = cluster.links.front();
  return link.link.bandwidth.value.value() * link.link.efficiency.value * link.count;
}

constexpr double large = 1e12;  // bytes: start-up does not matter

}  // namespace

TEST_CASE("a large message crosses at the rate of the narrowest of links and NICs") {
  for (double links : {1.0, 4.0, 1000.0}) {
    const hardware::Cluster cluster = three(links);
    const double rate = std::min({joined(cluster), nics(cluster, 0), nics(cluster, 1)});
    const Seconds time = island_send_time(Bytes{large}, {0, 16}, {1, 16}, cluster);
    CHECK(time.value() == Approx(large / rate).epsilon(1e-3));
  }
}

TEST_CASE("a tiny message takes the link's latency") {
  const hardware::Cluster cluster = three();
  const Seconds time = island_send_time(Bytes{1}, {0, 16}, {1, 16}, cluster);
  CHECK(time.value() == Approx(cluster.links.front().link.latency.value.value()).epsilon(1e-3));
}

TEST_CASE("two islands exchange a sum in the time one of them needs to send it") {
  const hardware::Cluster cluster = three();
  const auto time = island_all_reduce_time(Bytes{large}, {{0, 16}, {1, 16}}, cluster);
  REQUIRE(time);
  CHECK(time->value() == Approx(island_send_time(Bytes{large}, {0, 16}, {1, 16}, cluster).value()).epsilon(1e-3));
}

TEST_CASE("three islands go round or along a tree, whichever is faster") {
  hardware::Cluster cluster = three();
  const auto all = island_all_reduce_time(Bytes{large}, {{0, 16}, {1, 16}, {2, 16}}, cluster);
  REQUIRE(all);
  CHECK(all->value() <= Approx(large * 4 / 3 / joined(cluster)).epsilon(1e-3));
  cluster.links.pop_back();  // 1 and 2 are joined through 0 only: a tree
  const auto tree = island_all_reduce_time(Bytes{large}, {{0, 16}, {1, 16}, {2, 16}}, cluster);
  REQUIRE(tree);
  CHECK(tree->value() == Approx(large / std::min(joined(cluster), nics(cluster, 0) / 2)).epsilon(1e-3));
}

TEST_CASE("islands that nothing joins cannot add up, and cannot send") {
  hardware::Cluster cluster = three();
  cluster.links.resize(1);
  CHECK_FALSE(island_all_reduce_time(Bytes{1}, {{0, 16}, {1, 16}, {2, 16}}, cluster));
  CHECK_THROWS_AS(island_send_time(Bytes{1}, {0, 16}, {2, 16}, cluster), std::logic_error);
  CHECK(island_all_reduce_time(Bytes{1}, {{0, 16}}, cluster)->value() == 0);
}

TEST_CASE("more links are never slower") {
  double before = 1e300;
  for (double links = 1; links < 300; links *= 2) {
    const double time = island_all_reduce_time(Bytes{1e9}, {{0, 16}, {1, 16}}, three(links))->value();
    CHECK(time <= before);
    before = time;
  }
}

}  // namespace chipmix::laws
