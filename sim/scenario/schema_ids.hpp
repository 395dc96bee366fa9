// Ids that files may name, in their JSON Schema: an editor completes them, and lets other ids and paths stand.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "scenario/library.hpp"

namespace chipmix::scenario {

/// Adds the ids that the library has to every field of the schema that names a profile or a model.
void add_ids(nlohmann::ordered_json& schema, Library& library);

}  // namespace chipmix::scenario
