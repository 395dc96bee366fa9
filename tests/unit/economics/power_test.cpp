// Power: do the law's terms come out as they were measured, and is nothing lost between the boundaries?
#include <catch2/catch.hpp>

#include "economics/cost.hpp"
#include "economics/power.hpp"

namespace chipmix::economics {
namespace {

PowerProfile a100() {
  PowerProfile profile;
  profile.idle.emplace().value = 0.14;
  profile.memory.emplace().value = 0.60;
  profile.host.emplace().value = Watts{150};
  profile.host_slope.value = 0.10;
  profile.embodied.emplace().value = Kilograms{318};
  return profile;
}

hardware::NodeGroup servers(double limit, int count) {
  hardware::NodeGroup group;
  group.device.power.value = Watts{limit};
  group.node.devices = 8;
  group.node.nics.value = 8;
  group.scale_out.bandwidth.value = BytesPerSecond{50e9};
  group.devices = 8 * count;
  return group;
}

}  // namespace

TEST_CASE("do phases of a DGX A100 draw what FlagPerf's tables say?") {
  // github.com/FlagOpen/FlagPerf, base/benchmarks: cards and server, watts a device.
  const auto drawn = [](Work work) { return draw(load(work, a100()), servers(400, 1), a100()); };
  CHECK(drawn(Work::matrix).device.value() == Approx(383.5).epsilon(0.03));
  CHECK(drawn(Work::matrix).server.value() == Approx(561).epsilon(0.05));
  CHECK(drawn(Work::memory).device.value() == Approx(239.3).epsilon(0.01));
  CHECK(drawn(Work::memory).server.value() == Approx(390).epsilon(0.07));
  CHECK(drawn(Work::communication).device.value() == Approx((146.1 + 103.2) / 2).epsilon(0.02));
  CHECK(drawn(Work::communication).server.value() == Approx((322.0 + 273.0) / 2).epsilon(0.06));
  CHECK(drawn(Work::waiting).server.value() == Approx(229).epsilon(0.06));
}

TEST_CASE("does an 8x H100 server in training draw what was metered?") {
  PowerProfile h100 = a100();
  h100.idle->value = 0.10;
  h100.host->value = Watts{1100.0 / 8};
  h100.host_slope.value = 0.24;
  // At most 76 % of the rated 10.2 kW in training (arXiv:2506.14551).
  const Draw busy = draw(0.95, servers(700, 1), h100);
  CHECK(busy.server.value() * 8 == Approx(0.76 * 10200).epsilon(0.02));
}

TEST_CASE("does a step use the power that its quiet phases leave, and never more than the limit?") {
  PowerProfile h100 = a100();
  CHECK(load(Work::matrix, h100) == Approx(0.98));
  const double at_full_clocks = load(usual_shares(), h100);
  h100.clocks = 0.84;
  CHECK(load(Work::matrix, h100) == Approx(0.98));
  CHECK(load(usual_shares(), h100) == Approx(at_full_clocks + 0.554 * 0.98 * (1 / 0.84 - 1)));
  // arXiv:2503.05804 and OLMo 3: 0.78 to 0.93 of 700 W; MLPerf training v5.0 on 8x B200: 0.95 and more.
  CHECK(load(usual_shares(), h100) == Approx(0.86).epsilon(0.03));
  CHECK(load(one_server_shares(), h100) == Approx(0.98));
  h100.clocks = 0.4;
  CHECK(load(usual_shares(), h100) == Approx(0.98));
}

TEST_CASE("does a device without readings of its family idle and stream by its memory, not by its limit?") {
  hardware::DeviceSpec device;
  device.power.value = Watts{1000};
  device.memory_bandwidth.value = BytesPerSecond{8e12};
  device.efficiency.memory.value = 0.759;
  device.efficiency.sustained.value = 0.79;
  PowerProfile none;
  const PowerProfile b200 = of_device(none, device);
  device.power.value = Watts{1200};
  const PowerProfile gb200 = of_device(none, device);
  CHECK(b200.clocks == 0.79);
  CHECK(b200.memory->value * 1000 == Approx(492).epsilon(0.05));  // AIConfigurator: 492 and 491 W
  CHECK(gb200.memory->value * 1200 == Approx(b200.memory->value * 1000));
  CHECK(b200.idle->value * 1000 == Approx(141).epsilon(0.05));
  CHECK(b200.idle->grade == Evidence::scaled);
  none.idle.emplace().value = 0.3;
  CHECK(of_device(none, device).idle->value == 0.3);
  device.memory_bandwidth.value = BytesPerSecond{1e15};
  CHECK(of_device(none, device).memory->value == PowerLaw{}.matrix);
}

TEST_CASE("is power larger at every boundary further out, and is one server without a network?") {
  const Draw one = draw(0.9, servers(400, 1), a100()), two = draw(0.9, servers(400, 2), a100());
  CHECK(one.it == one.server);
  CHECK(two.it.value() == Approx(two.server.value() + 40));
  CHECK(two.at(Boundary::device, 1.25) < two.at(Boundary::server, 1.25));
  CHECK(two.at(Boundary::facility, 1.25).value() == Approx(1.25 * two.it.value()));
}

TEST_CASE("does every account have its class, and do shares add to 1?") {
  estimate::Ledger<Seconds> step;
  for (int i = 0; i < engine::spent_count; ++i)
    step.charge(engine::name(static_cast<engine::Spent>(i)), Seconds{1}, "");
  const Shares shares = shares_of(step);
  double sum = 0;
  for (double share : shares) sum += share;
  CHECK(sum == Approx(1));
  CHECK(shares[static_cast<int>(Work::matrix)] == Approx(4.0 / engine::spent_count));
  sum = 0;
  for (double share : usual_shares()) sum += share;
  for (double share : one_server_shares()) sum += share;
  CHECK(sum == Approx(2));
}

TEST_CASE("is a host without a reading a share of its rated power?") {
  PowerProfile other = a100();
  other.host.reset();
  hardware::NodeGroup group = servers(400, 1);
  group.node.host_power.emplace().value = Watts{2300};
  CHECK(draw(0, group, other).server.value() == Approx(0.4 * 2300 / 8));
}

TEST_CASE("does a rented device bear the carbon of making it by its hours?") {
  CHECK(embodied(a100(), Seconds{4 * 8766 * seconds_per_hour}).value() == Approx(318));
}

TEST_CASE("does a load that is given override the step's, and is energy metered at the facility?") {
  Electricity how;
  how.pue.value = 1.25;
  const Usage usage{"device", 8, Seconds{10 * seconds_per_hour}};
  how.load.emplace().value = 0.75;
  CHECK(kilowatt_hours(energy(usage, servers(400, 1), a100(), how)) ==
        Approx(8 * 10 * (0.4 * 0.75 * 1.1 + 0.15) * 1.25));
  how.load.reset();
  CHECK(kilowatt_hours(energy(usage, servers(400, 1), a100(), how)) ==
        Approx(8 * 10 * (0.4 * load(usual_shares(), a100()) * 1.1 + 0.15) * 1.25));
}

}  // namespace chipmix::economics
