// Is an all-reduce done by the switch as fast as published, and never slower
// than the ring?
#include <catch2/catch.hpp>

#include "collectives_machine.hpp"

using namespace chipmix;
using namespace chipmix::laws;
using namespace chipmix::laws::test;

namespace {

hardware::NodeGroup adding(double share) {
  auto machine = h100(1);
  machine.scale_up.efficiency.value = 0.81;
  machine.scale_up.in_switch.emplace().value = share;
  return machine;
}

}  // namespace

// https://github.com/stas00/ml-engineering, network/README.md: bus bandwidth by
// number of H200, large messages.
TEST_CASE("does the switch gain with the number of members") {
  const double measured[] = {363.3, 414.2, 435.6, 460.0, 473.1};
  for (int n = 4; n <= 8; ++n)
    CHECK(bus_bandwidth(1e13, {n, 1}, adding(0.676)) == Approx(measured[n - 4]).epsilon(0.025));
}

// https://github.com/Azure/AI-benchmarking-guide, Azure_Results, commit
// 8fd0c6e: all-reduce of 8 H100.
TEST_CASE("does eight H100 with NVLS reach the measured all-reduce to a fifth from 4 MiB on") {
  const double measured[][2] = {{4, 128.73}, {16, 234.45}, {64, 361.78}, {128, 400.61}, {512, 438.46}};
  for (const auto& [size, bandwidth] : measured)
    CHECK(bus_bandwidth(size * mib, {8, 1}, adding(0.65)) == Approx(bandwidth).epsilon(size < 64 ? 0.21 : 0.12));
}

TEST_CASE("is a switch that adds never slower, and used for all-reduce alone") {
  for (double share : {0.1, 0.5, 0.9}) {
    auto ring = adding(share);
    ring.scale_up.in_switch.reset();
    for (int n : {2, 4, 8})
      CHECK(seconds(Collective::all_reduce, 1e8, {n, 1}, adding(share)) <=
            seconds(Collective::all_reduce, 1e8, {n, 1}, ring));
    CHECK(seconds(Collective::all_gather, 1e8, {8, 1}, adding(share)) ==
          seconds(Collective::all_gather, 1e8, {8, 1}, ring));
  }
}
