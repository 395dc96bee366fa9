// Do groups over several nodes share NICs, tiers and uplinks as they should?
#include <catch2/catch.hpp>
#include <cmath>

#include "collectives_machine.hpp"

using namespace chipmix;
using namespace chipmix::laws;
using namespace chipmix::laws::test;

// https://github.com/stas00/ml-engineering, network/README.md: 32 B200 on 4 nodes with 8 x 400 Gbit/s of EFA each.
TEST_CASE("do four nodes of B200 reach the measured all-reduce") {
  CHECK(bus_bandwidth(17179869184.0, {32, 1}, b200()) == Approx(381.8).epsilon(0.02));
  CHECK(bus_bandwidth(1024 * mib, {32, 1}, b200()) == Approx(361.99).epsilon(0.12));
  CHECK(bus_bandwidth(128 * mib, {32, 1}, b200()) == Approx(197.94).epsilon(0.15));
  CHECK(bus_bandwidth(16 * mib, {32, 1}, b200()) == Approx(64.43).epsilon(0.15));
  CHECK(bus_bandwidth(1 * mib, {32, 1}, b200()) == Approx(5.37).epsilon(0.15));
}

// https://github.com/lessizzmore/create-a3mega-ztan-fork: 2 nodes of 8 H100 with 8 x 200 Gbit/s each. The bandwidth
// would be twice what the NICs have if each node sent 2·S·(n-1)/n.
TEST_CASE("do two nodes reduce as a tree") {
  const auto machine = servers(2, link(450, 0.76, 3.3), link(25, 0.88, 146));
  CHECK(bus_bandwidth(8589934592.0, {16, 1}, machine) == Approx(338.8).epsilon(0.05));
  CHECK(bus_bandwidth(1024 * mib, {16, 1}, machine) == Approx(297.86).epsilon(0.06));
  CHECK(seconds(Collective::all_reduce, 64 * mib, {16, 1}, machine) == Approx(1261.6e-6).epsilon(0.35));
  CHECK(seconds(Collective::all_reduce, 1 * mib, {16, 1}, machine) < 2 * 203.2e-6);
}

// NVIDIA's chart all-reduce-bw-2025.png (stas00/ml-engineering): 192 GB/s on DGX A100 with 8 x 200, 370 on DGX H100
// with 8 x 400.
TEST_CASE("do DGX pods reach NVIDIA's multi-node all-reduce") {
  CHECK(bus_bandwidth(16e9, {128, 1}, a100()) == Approx(192).epsilon(0.03));
  CHECK(bus_bandwidth(16e9, {128, 1}, h100()) == Approx(370).epsilon(0.1));
}

TEST_CASE("do siblings share the NICs") {
  const auto machine = without_latency(h100());
  const double nic = 50e9 * 0.93;
  // Stride 8: one member a node, eight siblings, one NIC each.
  CHECK(seconds(Collective::all_gather, 1e9, {16, 8}, machine) == Approx(15.0 / 16 * 1e9 / nic));
  // Four NICs for eight ranks: half a NIC each.
  auto poor = machine;
  poor.node.nics.value = 4;
  CHECK(seconds(Collective::all_gather, 1e9, {16, 8}, poor) == Approx(15.0 / 16 * 1e9 / (nic / 2)));
  CHECK(seconds(Collective::send, 1e9, {2, 8}, poor) == Approx(1e9 / (nic / 2)));
  // Stride 2: four members a node carry a quarter each.
  CHECK(seconds(Collective::all_gather, 1e9, {16, 2}, machine) == Approx(15.0 / 16 * 1e9 / (4 * nic)));
}

TEST_CASE("does the slower tier set the pace of a large reduction") {
  const auto machine = without_latency(h100());
  const double moved = 63.0 / 64 * 1e9;
  // NVLink at 342 GB/s is slower than eight NICs at 46.5: what the network does not cover shows.
  const auto wide = collective_tiers(Collective::reduce_scatter, Bytes{1e9}, {64, 1}, machine);
  CHECK(wide.across.value() == Approx(moved / 372e9));
  CHECK(wide.inside.value() == Approx(moved / 342e9 - moved / 372e9));
  // NVLink at 207 GB/s is faster than eight NICs at 24: nothing shows.
  const auto narrow = collective_tiers(Collective::reduce_scatter, Bytes{1e9}, {64, 1}, without_latency(a100()));
  CHECK(narrow.across.value() == Approx(moved / 192e9));
  CHECK(narrow.inside.value() == 0);
  CHECK(seconds(Collective::reduce_scatter, 1e9, {16, 8}, machine) >
        seconds(Collective::reduce_scatter, 1e9, {64, 1}, machine));
}

TEST_CASE("does an all-to-all split into what stays and what leaves") {
  const auto machine = without_latency(h100());
  const auto tiers = collective_tiers(Collective::all_to_all, Bytes{64e6}, {64, 1}, machine);
  CHECK(tiers.inside.value() == Approx(7e6 / (450e9 * 0.76)));
  CHECK(tiers.across.value() == Approx(56e6 / (50e9 * 0.93)));
}

// DeepEP (github.com/deepseek-ai/DeepEP, docs/legacy.md), H800 with 400 Gbit/s: 43 to 58 GB/s through the NIC for 16 to
// 64 ranks.
TEST_CASE("does an expert all-to-all use the NIC as DeepEP measures it") {
  const auto h800 = servers(8, link(200, 0.78, 3.3), link(50, 0.93, 20));
  for (int ranks : {16, 32, 64}) {
    const double payload = 4096 * 8.0 * 7168;
    const double crossing = payload * (ranks - 8) / ranks;
    const double rate =
        crossing / collective_tiers(Collective::all_to_all, Bytes{payload}, {ranks, 1}, h800).across.value();
    CHECK(rate / 1e9 > 38);
    CHECK(rate / 1e9 < 50);
  }
}

TEST_CASE("is a neighbour inside the node while the stride is") {
  CHECK(collective_tiers(Collective::send, Bytes{1e8}, {2, 4}, h100()).across.value() == 0);
  const auto leaving = collective_tiers(Collective::send, Bytes{1e8}, {2, 8}, h100());
  CHECK(leaving.inside.value() == 0);
  CHECK(leaving.across.value() == Approx(1e8 / (50e9 * 0.93) + 3 * 20e-6).epsilon(0.01));
}

TEST_CASE("are uneven groups counted by the node with fewest") {
  const auto machine = without_latency(h100());
  const double nic = 50e9 * 0.93;
  // 12 ranks: 8 and 4, six on average.
  CHECK(collective_tiers(Collective::all_gather, Bytes{1e9}, {12, 1}, machine).across.value() ==
        Approx(11.0 / 12 * 1e9 / (6 * nic)));
  // Stride 3 in nodes of 8: two members each.
  CHECK(collective_tiers(Collective::all_gather, Bytes{1e9}, {8, 3}, machine).across.value() ==
        Approx(7.0 / 8 * 1e9 / (2 * nic)));
  // A stride beyond the node: every member alone.
  CHECK(collective_tiers(Collective::all_gather, Bytes{1e9}, {4, 12}, machine).inside.value() == 0);
}

TEST_CASE("does oversubscription slow only what leaves the leaf") {
  auto thin = without_latency(h100(128));
  const auto wide = thin;
  thin.fabric.oversubscription.value = 4;
  const auto ratio = [&](Collective kind, Group group) {
    return seconds(kind, 1e9, group, thin) / seconds(kind, 1e9, group, wide);
  };
  CHECK(ratio(Collective::all_to_all, {256, 1}) == Approx(1));     // 32 nodes: one leaf
  CHECK(ratio(Collective::all_gather, {1024, 1}) == Approx(1));    // 32 nodes a leaf feed one ring
  CHECK(ratio(Collective::all_gather, {4, 8 * 32}) == Approx(4));  // every member under another leaf
  CHECK(ratio(Collective::all_gather, {8, 8 * 16}) == Approx(2));  // two members a leaf
  CHECK(ratio(Collective::send, {2, 8 * 16}) == Approx(1));
  CHECK(ratio(Collective::send, {2, 8 * 32}) == Approx(4));
  const auto exchange = collective_tiers(Collective::all_to_all, Bytes{1e9}, {1024, 1}, thin).across.value();
  CHECK(exchange == Approx(4 * 768.0 / 1024 * 1e9 / (50e9 * 0.93)));  // three quarters leave at a quarter of the rate
}
