// A supply of a scenario as a kind of device of the purchase problem.
#pragma once

#include "procurement/problem.hpp"
#include "scenario/scenario.hpp"

namespace chipmix::scenario {

inline constexpr double hours_per_month = 8766.0 / 12;

/// The figures with ranges behind what a supply costs.
struct Quotes {
  std::optional<economics::Ownership> own;
  std::optional<Sourced<Rent>> lease;
  std::optional<economics::Electricity> electricity;
  std::optional<Sourced<Tariff>> tariff;
};
Quotes quotes_of(const Scenario& scenario, const Supply& supply);

procurement::Kind kind_of(const Scenario& scenario, const Supply& supply, const Quotes& quotes);

}  // namespace chipmix::scenario
