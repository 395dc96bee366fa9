#include "economics/power.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include "economics/ownership.hpp"

namespace chipmix::economics {

using engine::Spent;

Work work_of(Spent account) {
  switch (account) {
    case Spent::matrix_products:
    case Spent::experts:
    case Spent::head_and_loss:
    case Spent::recomputation:
      return Work::matrix;
    case Spent::attention:
      return Work::attention;
    case Spent::elementwise:
    case Spent::optimizer:
      return Work::memory;
    case Spent::tensor_communication:
    case Spent::context_communication:
    case Spent::expert_communication:
    case Spent::pipeline_sends:
    case Spent::gradient_reduction:
    case Spent::parameter_gather:
    case Spent::island_sync:
      return Work::communication;
    case Spent::host:
    case Spent::pipeline_bubble:
    case Spent::step_overhead:
    case Spent::stragglers:
      return Work::waiting;
  }
  throw std::logic_error("unknown account");
}

namespace {

constexpr const char* law_source = "law of economics/power.hpp over published_runs/energy, by memory bandwidth";

Sourced<double> by_law(double watts, const hardware::DeviceSpec& device, const PowerLaw& law) {
  Sourced<double> share;
  share.value = std::min(law.matrix, watts / device.power.value.value());
  share.grade = Evidence::scaled;
  share.source = law_source;
  return share;
}

}  // namespace

PowerProfile of_device(PowerProfile family, const hardware::DeviceSpec& device, const PowerLaw& law) {
  const double kept = device.efficiency.sustained.value;
  if (kept > 0 && kept <= 1) family.clocks = kept;
  const double nominal = device.memory_bandwidth.value.value() / 1e12;
  const double reached = nominal * device.efficiency.memory.value;
  if (!family.idle) family.idle = by_law(law.idle * std::sqrt(nominal), device, law);
  if (!family.memory) family.memory = by_law(law.memory * std::sqrt(reached), device, law);
  return family;
}

double weight(Work work, const PowerProfile& profile, const PowerLaw& law) {
  switch (work) {
    case Work::matrix:
      return law.matrix / profile.clocks;
    case Work::attention:
      return law.attention;
    case Work::memory:
      return profile.memory.value().value;
    case Work::communication:
      return law.communication;
    case Work::waiting:
      return law.waiting;
  }
  throw std::logic_error("unknown work");
}

Shares shares_of(const estimate::Ledger<Seconds>& step) {
  Shares shares{};
  const Seconds all = step.total();
  if (!(all > Seconds{})) return usual_shares();
  for (int i = 0; i < engine::spent_count; ++i) {
    const auto account = static_cast<Spent>(i);
    shares[static_cast<int>(work_of(account))] += step.total(engine::name(account)) / all;
  }
  return shares;
}

double load(const Shares& shares, const PowerProfile& profile, const PowerLaw& law) {
  double sum = 0;
  for (int i = 0; i < work_count; ++i) sum += shares[i] * weight(static_cast<Work>(i), profile, law);
  return std::min(law.matrix, sum);
}

double load(Work alone, const PowerProfile& profile, const PowerLaw& law) {
  return std::min(law.matrix, weight(alone, profile, law));
}

/// 596 dense runs of published_runs/, as chipmix times them: mean shares of their accounts.
Shares usual_shares() { return {0.554, 0.108, 0.048, 0.148, 0.142}; }

/// 30 runs on one server in published_runs/mlperf.json, as chipmix times them.
Shares one_server_shares() { return {0.569, 0.315, 0.062, 0.008, 0.046}; }

namespace {

/// Idle host over its rated power: A100 1.2 of 2.3 kW, H100 1.1 of 2.9 kW, B200 1.3 of 4.0 kW (sources in
/// hardware_profiles/power and nodes).
constexpr double idle_host = 0.4;
/// Switches and optics of one port of 400 Gbit/s: 10.8 W for a leaf port (MLPerf training v4.1, Dell, metered), three
/// such tiers and optics at their ends; 10-120 W are stated.
constexpr double watts_per_gigabyte = 40.0 / 50.0;

Watts host(const hardware::NodeGroup& group, const PowerProfile& profile) {
  if (profile.host) return profile.host->value;
  const auto& rated = group.node.host_power;
  return rated && group.node.devices > 0 ? rated->value * (idle_host / group.node.devices) : Watts{};
}

Watts network(const hardware::NodeGroup& group) {
  if (group.node.devices <= 0 || group.devices <= group.node.devices) return {};
  const double each = group.scale_out.bandwidth.value.value() / 1e9 * group.node.nics.value / group.node.devices;
  return Watts{each * watts_per_gigabyte};
}

}  // namespace

Draw draw(double load, const hardware::NodeGroup& group, const PowerProfile& profile) {
  Draw draw;
  draw.device = group.device.power.value * load;
  draw.server = draw.device * (1 + profile.host_slope.value) + host(group, profile);
  draw.it = draw.server + network(group);
  return draw;
}

Watts Draw::at(Boundary boundary, double pue) const {
  switch (boundary) {
    case Boundary::device:
      return device;
    case Boundary::server:
      return server;
    case Boundary::it:
      return it;
    case Boundary::facility:
      return it * pue;
  }
  throw std::logic_error("unknown boundary");
}

Kilograms embodied(const PowerProfile& profile, Seconds device_time) {
  if (!profile.embodied) return {};
  return profile.embodied->value * (device_time.value() / seconds_per_hour / (hours_per_year * embodied_years));
}

}  // namespace chipmix::economics
