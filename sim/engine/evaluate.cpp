#include "engine/evaluate.hpp"

#include "engine/event/event_engine.hpp"

namespace chipmix::engine {

estimate::Outcome evaluate(Kind kind, const plan::JobProgram& job, const hardware::Cluster& cluster,
                           const Disturbance& disturbance) {
  if (kind == Kind::event) return EventEngine(cluster, disturbance).estimate(job);
  return AnalyticalEngine(cluster).estimate(job);
}

}  // namespace chipmix::engine
