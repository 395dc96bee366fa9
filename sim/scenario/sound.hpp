// The gate that every answer passes: nothing impossible leaves as an answer.
#pragma once

#include <optional>
#include <string>

#include "scenario/answer.hpp"

namespace chipmix::scenario {

/// What of an answer cannot be, in words, with the input it comes from; nothing where all of it can:
///
///   0 < share of peak <= 1;  0 < time of a step, duration < 10,000 years;  0 <= cost, energy, carbon, all finite
///   P10 <= 1 <= P90, as factors on duration and on cost
///   ledgers sum to what they explain;  0 <= weights <= peak memory of a stage
std::optional<std::string> impossible(const OptionAnswer& answer, const Scenario& scenario);

/// The answer, or its refusal where it is impossible.
OptionAnswer sound(OptionAnswer answer, const Scenario& scenario, const Option& option);

/// Throws InputError where shares of possible worlds are no probabilities.
void require_sound(const Comparison& comparison);

}  // namespace chipmix::scenario
