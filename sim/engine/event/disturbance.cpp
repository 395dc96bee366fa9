#include "engine/event/disturbance.hpp"

#include <algorithm>
#include <map>
#include <random>

namespace chipmix::engine {
namespace {

/// The slowest of so many devices, as a factor on the mean.
double slowest(std::mt19937_64& random, double spread, int ranks) {
  std::normal_distribution<double> normal(0, spread);
  double worst = normal(random);
  for (int rank = 1; rank < ranks; ++rank) worst = std::max(worst, normal(random));
  return std::max(0.1, 1 + worst);  // nobody is ten times as fast
}

}  // namespace

std::vector<ReplicaClass> replica_classes(const Disturbance& disturbance, int replicas, int stages, int ranks) {
  std::map<std::pair<std::vector<double>, std::vector<double>>, int> classes;
  std::mt19937_64 random(disturbance.jitter ? disturbance.jitter->seed : 0);
  for (int replica = 0; replica < replicas; ++replica) {
    std::vector<double> slow(stages, 1), ports(stages, 1);
    if (disturbance.jitter)
      for (double& factor : slow) factor = slowest(random, disturbance.jitter->spread, ranks);
    for (const SlowReplicas& one : disturbance.slow)
      if (replica < one.replicas) slow[one.stage] *= one.factor;
    for (const WeakPorts& one : disturbance.ports)
      if (replica < one.replicas) ports[one.stage] *= one.share;
    ++classes[{std::move(slow), std::move(ports)}];
  }
  std::vector<ReplicaClass> list;
  for (const auto& [traits, count] : classes) list.push_back({count, traits.first, traits.second});
  return list;
}

}  // namespace chipmix::engine
