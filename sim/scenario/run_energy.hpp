// Electricity of a run on one group of devices: busy by what its step does, idle where it waits.
#pragma once

#include <string>

#include "economics/power.hpp"
#include "scenario/answer.hpp"

namespace chipmix::scenario {

/// Device-time that draws power. Busy: steps. Idle: interrupted, moving, spares, and of what is owned the hours without
/// work that go with the run's, (1 / u - 1) for a share u of hours in use.
struct HeldTime {
  Seconds busy, idle;
  Seconds run;  ///< of it the run itself and its spares, without the hours between runs

  Seconds all() const { return busy + idle; }
};

struct RunEnergy {
  HeldTime held;
  double load = 0;             ///< of busy devices, over their limit
  economics::Draw busy, idle;  ///< of one device
  Joules facility;             ///< at the meter of the site
  std::string why;             ///< for the bill: watts at each boundary, and where the load comes from
};

/// The scenario must say how electricity is used. A load that it gives overrides the one of the step.
RunEnergy energy_of(const Scenario& scenario, const Option& option, const Run& run, int group);

}  // namespace chipmix::scenario
