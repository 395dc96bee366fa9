// When owning a device costs what renting it does.
#pragma once

#include <string>

#include "scenario/scenario.hpp"

namespace chipmix::report {

/// A sentence for every device that one option owns and another rents: the share of hours in use,
///   u* = u · own / (rent + electricity beside the rent - electricity of the owner),
/// at which an hour of work costs the same: all but electricity is paid in idle hours too. Empty if there is none.
std::string own_remark(const scenario::Scenario& scenario);

}  // namespace chipmix::report
