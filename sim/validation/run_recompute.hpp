// What of a published run's activations is recomputed, and in how many of its layers.
#pragma once

#include <string>
#include <vector>

#include "plan/plan.hpp"
#include "validation/question.hpp"

namespace chipmix::validation {

struct Recomputation {
  plan::Recompute kind = plan::Recompute::none;
  double share = 1;  ///< of the layers
  plan::Remade remade{};
};

/// What the record says; where it says nothing: none, then selective.
std::vector<Recomputation> recomputations(const RunPlan& plan, const std::string& stack, int layers, Assumed& assumed);

}  // namespace chipmix::validation
