// From arguments to a plan file: the other way of describe.hpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "interop/given.hpp"
#include "scenario/library.hpp"
#include "scenario/plan_file.hpp"

namespace chipmix::interop {

/// Layers of every chunk in pipeline order (stage 0's first chunk, stage 1's first chunk, ...), without those that do
/// nothing. Nothing if a fault was recorded.
std::optional<std::vector<int>> chunk_layers(const Given& given);

/// The plan, without its model's name. What contradicts itself, or has no like here, is a fault.
scenario::PlanFile understand_plan(Given& given);

/// Id of the library's model that has the sizes which the arguments state; empty, with a remark that names the nearest
/// one and what differs, if there is none.
std::string understand_model(Given& given, scenario::Library& library);

}  // namespace chipmix::interop
