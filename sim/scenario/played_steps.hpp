// One step of an answer's plan, played in several ways.
#pragma once

#include <vector>

#include "engine/evaluate.hpp"
#include "scenario/answer.hpp"

namespace chipmix::scenario {

/// The step as one engine sees it.
struct EngineStep {
  engine::Kind kind = engine::Kind::analytical;
  estimate::Outcome outcome;
  double seconds = 0;  ///< that the engine took
};

/// The step by all engines: analytical, event, simgrid. Disturbances are seen by the last two. One run, feasible.
std::vector<EngineStep> step_by_engine(const Scenario& scenario, const Option& option, const OptionAnswer& answer);

/// Seconds of the step played with other devices and other paths for each seed from 1 on: every replica a little faster
/// or slower (the option's own spread, or else that of its software stack), hashed paths chosen again. One
/// feasible run.
std::vector<double> steps_by_seed(const Scenario& scenario, const Option& option, const OptionAnswer& answer, int seeds,
                                  int jobs);

}  // namespace chipmix::scenario
