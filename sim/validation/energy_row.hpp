// Measured power and energy of training, as people published them: rows of a table.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "economics/power.hpp"
#include "io/value.hpp"

namespace chipmix::validation {

struct EnergyRow {
  std::string id;
  std::string kind;  ///< run, node_power, device_power, rack, relation, embodied
  std::string device, model, conditions, notes;
  std::string method;  ///< measured, tdp, estimate
  std::string grade;   ///< A, A*, B, C
  std::string title, url, locator;
  economics::Boundary boundary = economics::Boundary::device;
  std::optional<double> devices, device_hours, energy_mwh;
  std::optional<double> watts;  ///< mean of one device, inside `boundary`
  std::optional<double> limit;  ///< of one device, W
  std::optional<double> pue;
};

/// Rows, and what was found wrong while they were read.
struct EnergyTable {
  std::vector<EnergyRow> rows;
  std::vector<Diagnostic> faults;
  std::vector<Diagnostic> unknown;  ///< members that are no field of a row, and are not read
};

/// Reads a list of rows. Members that are null read as absent; numbers of watts, hours and MWh are above 0. A row
/// without id or device, a boundary that is none of gpu, server, it and facility, and two rows of one id are faults;
/// the other rows are read all the same.
EnergyTable read_energy(const io::Value& table);

}  // namespace chipmix::validation
