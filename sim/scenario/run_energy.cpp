#include "scenario/run_energy.hpp"

#include <fmt/format.h>

namespace chipmix::scenario {
namespace {

using economics::Boundary;
using economics::Draw;

HeldTime held(const Option& option, const Run& run, int group) {
  const double devices = run.used[group];
  const auto& own = option.owned[group];
  HeldTime held;
  held.busy = run.steady * devices;
  held.run = run.held() * (devices * (1 + run.spares));
  held.idle = held.run - held.busy;
  if (own) held.idle += held.busy * (1 / own->utilisation.value - 1);
  return held;
}

/// "620 W a device, 930 W at the server, 970 W of IT".
std::string watts(const Draw& draw) {
  return fmt::format("{:.0f} W a device, {:.0f} W at the server, {:.0f} W of IT", draw.device.value(),
                     draw.server.value(), draw.it.value());
}

std::string reason(const RunEnergy& e, const economics::Electricity& how) {
  std::string text = fmt::format("busy {} ({}), PUE {:g}", watts(e.busy),
                                 how.load ? fmt::format("load {:.2f} as the scenario gives it", e.load)
                                          : fmt::format("load {:.2f} from what the step does", e.load),
                                 how.pue.value);
  if (e.held.idle > e.held.all() * 1e-9)
    text += fmt::format("; {:.0f} idle device-hours at {:.0f} W of IT", hours(e.held.idle), e.idle.it.value());
  return text;
}

}  // namespace

RunEnergy energy_of(const Scenario& scenario, const Option& option, const Run& run, int group) {
  const auto& nodes = option.cluster->groups[group];
  const auto& profile = option.power.at(group);
  const auto& how = *scenario.electricity;
  RunEnergy e;
  e.held = held(option, run, group);
  e.load = how.load ? how.load->value : economics::load(economics::shares_of(run.estimate.time), profile);
  e.busy = economics::draw(e.load, nodes, profile);
  e.idle = economics::draw(profile.idle->value, nodes, profile);
  const auto meter = [&](const Draw& draw) { return draw.at(Boundary::facility, how.pue.value); };
  e.facility = meter(e.busy) * e.held.busy + meter(e.idle) * e.held.idle;
  e.why = reason(e, how);
  return e;
}

}  // namespace chipmix::scenario
