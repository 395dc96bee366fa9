// What goes wrong in a step without ending it: slow devices, weak network ports, times that scatter.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/quantity.hpp"
#include "engine/event/fabric/fabric.hpp"

namespace chipmix::engine {

/// Some replicas of a stage whose passes take longer.
struct SlowReplicas {
  int stage = 0;
  int replicas = 1;
  double factor = 1;  ///< on the time of a pass
};

/// Some replicas of a stage whose ports to other servers are weaker: a dead NIC of two leaves a half.
struct WeakPorts {
  int stage = 0;
  int replicas = 1;
  double share = 1;  ///< of the bandwidth that is left
};

/// Every device is a little faster or slower than the others, for the whole step: normal, around the mean.
struct Jitter {
  double spread = 0;  ///< standard deviation, as a share of the time of a pass
  int seed = 1;
};

/// Some replicas of a stage whose ports to other servers are weaker for a while: a link that flaps, a cable drawn.
struct Outage {
  int stage = 0;
  int replicas = 1;
  double share = 0;     ///< of the bandwidth that is left
  Seconds from, lasts;  ///< from the start of the step
};

struct Disturbance {
  std::vector<SlowReplicas> slow{};
  std::vector<WeakPorts> ports{};
  std::vector<Outage> outages{};
  std::optional<Jitter> jitter{};  ///< instead of the expected wait for the slowest
  std::optional<Fabric> fabric{};  ///< instead of one that never fills
  bool empty() const { return slow.empty() && ports.empty() && outages.empty() && !jitter && !fabric; }
};

/// Replicas of a pipeline that are alike.
struct ReplicaClass {
  int replicas = 1;
  std::vector<double> slow;                    ///< factor on a pass, by stage
  std::vector<double> ports;                   ///< share of the bandwidth, by stage
  std::vector<std::vector<Outage>> outages{};  ///< by stage; none at all where there are none
  int first = 0;                               ///< of the replicas
  int job = 0;                                 ///< of those that share a fabric; what is asked about is job 0
};

/// Divides `replicas` pipelines of so many stages into classes; `ranks`: of one stage of one replica, the slowest of
/// which sets its pace. Disturbances count replicas from the first one. On a fabric every replica of every job is a
/// class of its own, as its routes are.
std::vector<ReplicaClass> replica_classes(const Disturbance& disturbance, int replicas, int stages, int ranks);

}  // namespace chipmix::engine
