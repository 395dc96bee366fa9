// The figures of economics::PowerLaw, from measured rows.
#pragma once

#include <string>
#include <vector>

#include "economics/power.hpp"
#include "scenario/library.hpp"
#include "validation/energy_row.hpp"

namespace chipmix::validation {

/// Of the die, or the device as the row names it.
std::string family_of(const EnergyRow& row);

/// The device that the row names, or another of its maker where only the family is wanted: the longest beginning in
/// common with a name, the first word at least. `exact`: whether the name was known.
const hardware::DeviceSpec* measured_device(const EnergyRow& row, scenario::Library& library, bool& exact);

/// Each figure is the median over families of the medians of their rows at the device; a figure without rows stays as
/// it is shipped. Rows of the family `left_out` are not looked at.
economics::PowerLaw fitted_law(const std::vector<EnergyRow>& rows, scenario::Library& library,
                               const std::string& left_out = {});

}  // namespace chipmix::validation
