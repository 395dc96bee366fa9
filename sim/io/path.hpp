// Paths into a file as people type them: "options.0.devices", "options.D.devices" by name, or a JSON pointer.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace chipmix::io {

/// Why a path leads nowhere; an empty message if it leads somewhere.
struct PathFault {
  std::string pointer;  ///< how far it leads; to the value, if it leads somewhere
  std::string message;
  std::string hint;
};

/// Puts `value` where `path` leads. A key that does not exist is added if the object it belongs to exists.
PathFault replace_at(nlohmann::ordered_json& root, const std::string& path, nlohmann::ordered_json value);

}  // namespace chipmix::io
