// A published whole run as searches that the planner can do: one for each stage.
#pragma once

#include <vector>

#include "planner/space.hpp"
#include "validation/question.hpp"
#include "validation/whole_run.hpp"

namespace chipmix::validation {

struct WholePart {
  workload::TrainingJob job;
  hardware::Cluster cluster;
  planner::SearchSpace stated;  ///< plans with the degrees that the source prints
};

struct WholeQuestion {
  std::vector<WholePart> parts;
  Assumed assumed;
};

/// Where the source does not say how many devices: enough to finish in one to three months. Where it does not say the
/// batch: a usual one. Throws Unanswerable.
WholeQuestion whole_question_of(const WholeRun& run, scenario::Library& library);

}  // namespace chipmix::validation
