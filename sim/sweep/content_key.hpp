// Names of contents: the same contents have the same name on every machine.
#pragma once

#include <string>

#include "scenario/library.hpp"

namespace chipmix::sweep {

/// UUID of version 5 (SHA-1; RFC 4122, section 4.3) of a text in a namespace that is itself such a UUID; "" is the
/// namespace of URLs.
std::string content_key(const std::string& space, const std::string& text);

/// Of all profiles and models that the library knows, by their texts.
std::string data_key(scenario::Library& library);

}  // namespace chipmix::sweep
