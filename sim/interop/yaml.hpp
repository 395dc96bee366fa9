// The YAML that configurations are written in: mappings and lists, by indentation or in brackets, plain and quoted
// values, comments. Anchors, tags and texts of several lines are refused.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "interop/given.hpp"

namespace chipmix::interop {

/// One value, and the keys above it; elements of a list have the keys of the list.
struct Leaf {
  std::vector<std::string> path;
  std::string value;
  std::size_t at = 0;  ///< of its last key
  std::size_t value_at = 0;
  bool is_element = false;
};

/// Faults are recorded at their place, the rest is read.
std::vector<Leaf> read_yaml(std::string_view text, const Given& given);

/// "${NAME:default}" as what is set, or else its default; the text as it is if it is nothing such.
std::string resolved(const std::string& value, const std::map<std::string, std::string>& set);

}  // namespace chipmix::interop
