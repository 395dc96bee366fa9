// When owning a device costs what renting it does.
#pragma once

#include <string>

#include "scenario/scenario.hpp"

namespace chipmix::report {

/// A sentence for every device that one option owns and another rents: the share of hours in use, u* = u · own / rent,
/// at which an hour costs the same. Empty if there is none.
std::string own_remark(const scenario::Scenario& scenario);

}  // namespace chipmix::report
