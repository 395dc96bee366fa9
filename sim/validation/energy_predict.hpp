// Measured power and energy beside what the law of economics/power.hpp says.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "scenario/library.hpp"
#include "validation/energy_phase.hpp"
#include "validation/energy_row.hpp"

namespace chipmix::validation {

struct EnergyPrediction {
  bool supported = false;
  std::string reason;  ///< why not; else which phase the row stands for
  std::string family;  ///< of the die, or the device as the row names it
  Phase phase = Phase::other;
  std::string unit;  ///< "W" of one device, or "MWh" of all
  double measured = 0, predicted = 0;
  double left_out = 0;  ///< predicted with all that was fitted taken from other families

  double error() const { return predicted / measured - 1; }
  double left_out_error() const { return left_out / measured - 1; }
};

struct EnergyScore {
  int rows = 0;
  double median = 0, mean = 0, bias = 0;
  double left_out_median = 0, left_out_mean = 0, left_out_bias = 0;
};

struct EnergySummary {
  EnergyScore all;
  std::map<std::string, EnergyScore> by_boundary, by_family, by_phase, by_grade;
};

/// The same rows in the same order. `known` are the rows that what is fitted may be taken from.
std::vector<EnergyPrediction> predict_energy(const std::vector<EnergyRow>& rows, const std::vector<EnergyRow>& known,
                                             scenario::Library& library);

EnergySummary summarise(const std::vector<EnergyRow>& rows, const std::vector<EnergyPrediction>& predictions);

/// A file, or the *.json of a folder.
EnergyTable read_energy(const std::filesystem::path& path);
/// Those that come with chipmix, published_runs/energy of the first data folder that has it.
EnergyTable own_energy(const scenario::Library& library);

}  // namespace chipmix::validation
