#include "engine/evaluate.hpp"

#include "engine/event/event_player.hpp"
#include "engine/simgrid/simgrid_player.hpp"

namespace chipmix::engine {

TaskPlayer player(Kind kind) { return kind == Kind::simgrid ? play_simgrid : play_events; }

estimate::Outcome evaluate(Kind kind, const plan::JobProgram& job, const hardware::Cluster& cluster,
                           const Disturbance& disturbance) {
  if (plays_events(kind)) return EventEngine(cluster, disturbance, player(kind)).estimate(job);
  return AnalyticalEngine(cluster).estimate(job);
}

}  // namespace chipmix::engine
