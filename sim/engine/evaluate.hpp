// Which engine answers.
#pragma once

#include "engine/event/event_engine.hpp"
#include "estimate/estimate.hpp"
#include "hardware/cluster.hpp"
#include "plan/job_plan.hpp"

namespace chipmix::engine {

enum class Kind {
  analytical,  ///< closed forms and recurrences: milliseconds, nothing shared between tasks but devices
  event,       ///< the same work played with links that are shared, and with disturbances
  simgrid      ///< as event, played by SimGrid
};

/// Whether disturbances are seen and there is a step to look at.
inline bool plays_events(Kind kind) { return kind != Kind::analytical; }

/// Of an engine that plays events.
TaskPlayer player(Kind kind);

/// One step of a job. The analytical engine does not see a disturbance.
estimate::Outcome evaluate(Kind kind, const plan::JobProgram& job, const hardware::Cluster& cluster,
                           const Disturbance& disturbance);

}  // namespace chipmix::engine
