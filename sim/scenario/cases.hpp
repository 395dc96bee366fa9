// The scenario as each case of its assumptions makes it.
#pragma once

#include <vector>

#include "scenario/scenario.hpp"

namespace chipmix::scenario {

struct Case {
  const AssumptionSpec* assumption = nullptr;  ///< of the scenario it was read from
  const CaseSpec* spec = nullptr;
  Scenario scenario;
};

/// All cases, in the order of the file. Throws InputError with the faults of all of them, each shown at the case's own
/// line: a path or value that does not fit, or options other than the scenario's.
std::vector<Case> read_cases(const Scenario& scenario, const io::Document& document, Library& library);

}  // namespace chipmix::scenario
