// The TOML that configurations are written in (https://toml.io/en/v1.0.0): tables, dotted keys, strings of one line or
// several, numbers, truth values, arrays and inline tables.
#pragma once

#include <string_view>
#include <vector>

#include "interop/yaml.hpp"

namespace chipmix::interop {

/// Values by their keys; those of an array of tables share the keys of the array. The first fault is recorded at its
/// place and ends the reading.
std::vector<Leaf> read_toml(std::string_view text, const Given& given);

}  // namespace chipmix::interop
