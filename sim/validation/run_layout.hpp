// Where a published run's layers stand in its pipeline.
#pragma once

#include <string>
#include <vector>

#include "plan/plan.hpp"
#include "validation/published_run.hpp"

namespace chipmix::validation {

/// Layers of each chunk of a Megatron layout such as "Et|(tt|)*14,t|(tt|)*15,tL": E embedding, t layer, m prediction
/// layer, L loss, | ends a chunk, (...)*n repeats. Empty where the text is no such layout.
std::vector<int> layers_of_layout(const std::string& layout);

/// Puts the layers where the record says: a layout, a list by chunk and stage, or one by stage, in which embedding and
/// head count as layers where it holds two more than the model. Lists that do not match the model change nothing, and
/// the return value says so.
bool place_layers(const RunPlan& run, int layers, plan::ParallelPlan& plan);

/// What a list that does not match says, and what the model and the plan have.
std::string misplaced(const RunPlan& run, int layers, int pipeline, int interleave);

}  // namespace chipmix::validation
