// Attributes of a node of an execution trace, whatever its form.
#pragma once

#include "interop/chakra.hpp"

namespace chipmix::interop {

/// Keeps those that are of use here.
void take_attribute(ChakraNode& node, const std::string& name, std::optional<double> number, const std::string& text);

}  // namespace chipmix::interop
