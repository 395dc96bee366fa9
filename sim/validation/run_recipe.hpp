// What a publisher's launch recipes set for mixtures of experts, where a table of results does not say.
#pragma once

#include "hardware/cluster.hpp"
#include "validation/published_run.hpp"

namespace chipmix::validation {

/// Sets dispatcher, graphs and overlap of the stack as the recipes of the run's release do. What the record states is
/// set afterwards.
void apply_recipe(hardware::NodeGroup& group, const PublishedRun& run);

}  // namespace chipmix::validation
