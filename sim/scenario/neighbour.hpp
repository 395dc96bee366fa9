// "TP4 ZeRO-2" or "tensor=4,zero=gradients": a plan with a few of its choices changed, and how it compares.
#pragma once

#include <string>

#include "planner/neighbour.hpp"
#include "scenario/scenario.hpp"

namespace chipmix::scenario {

struct NeighbourAnswer {
  planner::Neighbour best;
  planner::Neighbour other;
};

/// `plan` with the changes, words as plan_words reads them: keys and values are those of a scenario's "plan". Data
/// parallelism is what remains of `ranks`; 1 where they cannot be divided. Throws std::invalid_argument in the user's
/// words.
plan::UniformPlan changed(const plan::UniformPlan& plan, const std::string& changes, int ranks);

/// `best`: of the option. The headroom of a search holds for both, a fixed plan has none.
NeighbourAnswer compare_neighbour(const Scenario& scenario, const Option& option, const plan::UniformPlan& best,
                                  const plan::UniformPlan& other);

}  // namespace chipmix::scenario
