// Which part of an option's answer a change can move. What moves money, tokens or interruptions alone leaves the plan
// and the time of a step as they are, so these need not be found again.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenario/scenario.hpp"

namespace chipmix::sweep {

enum class Lever {
  whole,        ///< more than one of these, or not known: all changes of the point are read together
  step,         ///< plan and time of a step alone
  rent,         ///< price and commitment
  own,          ///< what owning costs
  tariff,       ///< price of electricity
  electricity,  ///< load, PUE, carbon
  rates,        ///< exchange rates
  reliability,
  tokens,
  nothing  ///< of this option's answer
};

/// Of a change at a JSON pointer, for the option with this index in a scenario whose options keep their places.
Lever lever_of(const std::string& pointer, int option);

/// What the levers of one option set.
struct Terms {
  std::vector<std::optional<Sourced<Rent>>> rents;
  std::optional<economics::Commitment> commitment;
  std::vector<std::optional<economics::Ownership>> owned;
  std::vector<std::optional<Sourced<Tariff>>> tariffs;
  std::optional<economics::Electricity> electricity;
  ExchangeRates rates;
  std::optional<goodput::Reliability> reliability;
  double tokens = 0;
};

Terms terms_of(const scenario::Scenario& scenario, int option);

/// Puts what one lever sets into a scenario. The hourly cost of owned devices is then no longer right.
void pull(Lever lever, const Terms& terms, scenario::Scenario& scenario, int option);

}  // namespace chipmix::sweep
