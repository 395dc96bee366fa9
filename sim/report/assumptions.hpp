// What a comparison rests on: every price and figure behind it, with its range, grade and source.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/table.hpp"
#include "scenario/answer.hpp"

namespace chipmix::report {

struct Assumption {
  std::string key;   ///< which figure, the same wherever it is used: "rent:h200" (report/price_keys.hpp)
  std::string what;  ///< "rent", "device.efficiency.gemm.bf16"
  std::string of;    ///< options, or the device, link or stack; empty: of all
  double value = 0;
  std::optional<Interval<double>> range{};
  std::string unit{};  ///< of all three; empty: a share, ratio or count
  Evidence grade = Evidence::assumed;
  std::string source{};
  std::string path{};  ///< for --set, where it stands in the scenario file; empty: in a profile
};

/// What money is calculated from: exchange rates, electricity, each option's rent or ownership, the power of its
/// devices. Figures that several options share stand once.
std::vector<Assumption> price_assumptions(const scenario::Scenario& scenario);

/// What the time of the feasible options is calculated from: peak rates, efficiencies, memory and every other figure
/// whose range moves a step by 1 % or more; the formats of gradients and optimizer states; what interrupts runs.
std::vector<Assumption> time_assumptions(const scenario::Scenario& scenario, const scenario::Comparison& comparison);

/// Both, for people: a row for each figure, prices first.
Table assumptions_table(const scenario::Scenario& scenario, const scenario::Comparison& comparison);

}  // namespace chipmix::report
