// What goes wrong in a step without ending it: slow devices, weak network ports, times that scatter.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

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

struct Disturbance {
  std::vector<SlowReplicas> slow;
  std::vector<WeakPorts> ports;
  std::optional<Jitter> jitter;  ///< instead of the expected wait for the slowest
  bool empty() const { return slow.empty() && ports.empty() && !jitter; }
};

/// Replicas of a pipeline that are alike.
struct ReplicaClass {
  int replicas = 1;
  std::vector<double> slow;   ///< factor on a pass, by stage
  std::vector<double> ports;  ///< share of the bandwidth, by stage
};

/// Divides `replicas` pipelines of so many stages into classes; `ranks`: of one stage of one replica, the slowest of
/// which sets its pace. Disturbances count replicas from the first one.
std::vector<ReplicaClass> replica_classes(const Disturbance& disturbance, int replicas, int stages, int ranks);

}  // namespace chipmix::engine
