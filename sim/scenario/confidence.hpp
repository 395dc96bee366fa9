// How sure is the order of options, and what would change it?
#pragma once

#include <cstdint>

#include "scenario/answer.hpp"

namespace chipmix::scenario {

constexpr int usual_worlds = 10000;
constexpr std::uint64_t surety_seed = 1;  ///< of the worlds: the same for every question

/// Fills `surety` of every option that has a price. In each of many possible worlds every run's time and every price is
/// off by a factor of its range; runs on the same devices are off together, and so is one price wherever it is used. An
/// option is the cheapest of a world among those that keep deadline and budget there; where none does, among all;
/// options that cost the same there share it. Its
/// ties are with the cheapest other one, of those that keep the targets if it does; a tie in price moves the prices of
/// its devices, wherever they are paid, and leaves the rest.
void judge(Comparison& comparison, const Scenario& scenario, int worlds = usual_worlds);

/// The option that is as cheap as an answer of the comparison at its tie in price, and at its tie in share of peak.
/// Null where there is none.
const OptionAnswer* price_rival(const Comparison& comparison, const OptionAnswer& answer);
const OptionAnswer* rate_rival(const Comparison& comparison, const OptionAnswer& answer);

}  // namespace chipmix::scenario
