// Is more never slower? Holds over all kinds, groups, sizes and machines tried.
#include <catch2/catch.hpp>

#include "collectives_machine.hpp"

using namespace chipmix;
using namespace chipmix::laws;
using namespace chipmix::laws::test;

namespace {

constexpr Collective kinds[] = {Collective::all_reduce, Collective::reduce_scatter, Collective::all_gather,
                                Collective::all_to_all, Collective::send};

template <class Visit>
void over_all(Visit&& visit) {
  auto thin = h100(64);
  thin.fabric.oversubscription.value = 3;
  thin.fabric.nodes_per_leaf.value = 4;
  for (const auto& machine : {h100(), ascend(), thin})
    for (auto kind : kinds)
      for (int size : {2, 3, 4, 8, 12, 16, 64, 256})
        for (int stride : {1, 2, 3, 8, 24})
          for (double bytes : {0.0, 1e3, 1e6, 3e7, 1e9}) visit(kind, bytes, Group{size, stride}, machine);
}

}  // namespace

TEST_CASE("is a larger message never faster") {
  over_all([](Collective kind, double bytes, Group group, const hardware::NodeGroup& machine) {
    CHECK(seconds(kind, bytes * 1.1 + 1, group, machine) > seconds(kind, bytes, group, machine));
  });
}

TEST_CASE("is more bandwidth or less latency never slower") {
  over_all([](Collective kind, double bytes, Group group, const hardware::NodeGroup& machine) {
    const double before = seconds(kind, bytes, group, machine) * (1 + 1e-12);
    auto inside = machine, across = machine, nics = machine, quick = machine;
    inside.scale_up.bandwidth.value *= 1.3;
    across.scale_out.bandwidth.value *= 1.3;
    nics.node.nics.value *= 2;
    quick.scale_up.latency.value *= 0.5;
    quick.scale_out.latency.value *= 0.5;
    for (const auto& better : {inside, across, nics, quick}) CHECK(seconds(kind, bytes, group, better) <= before);
  });
}

TEST_CASE("do the tiers add up and stay positive") {
  over_all([](Collective kind, double bytes, Group group, const hardware::NodeGroup& machine) {
    const auto tiers = collective_tiers(kind, Bytes{bytes}, group, machine);
    CHECK(tiers.inside.value() >= 0);
    CHECK(tiers.across.value() >= 0);
    CHECK(tiers.inside.value() + tiers.across.value() == Approx(seconds(kind, bytes, group, machine)));
  });
}

TEST_CASE("is a group inside one node never slower than the same across nodes") {
  for (const auto& machine : {h100(), a100()})
    for (auto kind : kinds)
      for (int size : {2, 4, 8})
        for (double bytes : {1e3, 1e6, 1e9})
          CHECK(seconds(kind, bytes, {size, 1}, machine) <= seconds(kind, bytes, {size, 8}, machine));
}
