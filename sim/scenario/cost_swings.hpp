// What moves the cost of an option, one figure at a time.
#pragma once

#include "scenario/answer.hpp"

namespace chipmix::scenario {

struct CostSwing {
  std::string figure;
  double at_low = 1, at_high = 1;  ///< factors on the option's cost
  std::string source;
};

/// Of an option of one run, the widest first: the run's time at the ends of its interval, and each figure behind the
/// rows of its bill at the ends of its range.
std::vector<CostSwing> cost_swings(const Scenario& scenario, const OptionAnswer& answer);

}  // namespace chipmix::scenario
