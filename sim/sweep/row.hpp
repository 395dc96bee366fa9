// What a sweep says of one point and one option: one row, the same columns for all.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "scenario/answer.hpp"

namespace chipmix::sweep {

enum class Figure {
  devices,
  step_time,
  tokens_per_s,
  mfu,
  days,
  device_hours,
  cost,
  cost_per_1t,
  energy,
  carbon,
  goodput,
  days_p10,
  days_p90,
  cost_p10,
  cost_p90
};
inline constexpr std::size_t figure_count = static_cast<std::size_t>(Figure::cost_p90) + 1;

/// Names of the figures with their units, in order ("step_time_s", "cost_usd"); those of intervals only where asked.
std::vector<std::string> figure_names(const std::string& currency, bool intervals);

struct Row {
  std::string option;
  bool feasible = false;
  std::string plan;                            ///< in words; of several phases empty
  std::array<double, figure_count> figures{};  ///< not a number: not known, or not asked for
  std::string reason;                          ///< why the option cannot be done at this point
  std::string error;                           ///< what is wrong with the scenario at this point

  double& figure(Figure which) { return figures[static_cast<std::size_t>(which)]; }
};

/// Of an option without an answer.
Row refused(const std::string& option, std::string reason);
Row failed(const std::string& option, std::string error);
Row answered(const scenario::Scenario& scenario, const scenario::OptionAnswer& answer, std::string plan,
             bool intervals);

}  // namespace chipmix::sweep
