// Keys of the figures that money is calculated from: the same figure has the same key in every option that uses it.
#pragma once

#include <string>

#include "hardware/cluster.hpp"
#include "scenario/scenario.hpp"

namespace chipmix::report {

/// "h200", of a mix "mix/910b": whose price it is.
std::string holder(const scenario::Option& option, std::size_t group);

/// Whether a group pays the scenario's tariff.
bool has_common_tariff(const scenario::Scenario& scenario, const scenario::Option& option, std::size_t group);

inline std::string rent_key(const std::string& holder) { return "rent:" + holder; }
inline std::string commitment_key(const std::string& holder) { return "commitment discount:" + holder; }
/// `figure` as in the scenario file: "device", "duty".
inline std::string own_key(const std::string& figure, const std::string& holder) {
  return "own " + figure + ":" + holder;
}
inline std::string rate_key(const std::string& from, const std::string& to) { return "rate:" + from + ":" + to; }
inline std::string power_key(const hardware::DeviceSpec& device) { return "power:" + device.id; }
inline std::string host_power_key(const hardware::NodeSpec& node) { return "host power:" + node.id; }
inline const std::string load_key = "load", pue_key = "PUE", carbon_key = "carbon";
std::string tariff_key(const scenario::Scenario& scenario, const scenario::Option& option, std::size_t group);

}  // namespace chipmix::report
