// What the user says of an option beside its cluster, where it must fit the job or what else is said.
#pragma once

#include <cstddef>
#include <string>

#include "io/value.hpp"
#include "scenario/scenario.hpp"
#include "scenario/spec.hpp"

namespace chipmix::scenario {

/// The job that an own rate must be of.
struct RateJob {
  std::string model;  ///< as the scenario names it
  std::size_t stages = 0;
};

/// The user's own rate stands for the step and for practice; it must be of this job on this cluster.
void read_own_rate(const OptionSpec& spec, const io::Value& value, const RateJob& job, Option& option);

/// Nobody takes an owner's devices away: the bill would leave hours unpaid that the owner pays. `owner` has the "own".
void refuse_owned_spot(const Option& option, const io::Value& owner);

}  // namespace chipmix::scenario
