#include "engine/event/disturbance.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <tuple>

namespace chipmix::engine {
namespace {

/// The slowest of so many devices, as a factor on the mean.
double slowest(std::mt19937_64& random, double spread, int ranks) {
  std::normal_distribution<double> normal(0, spread);
  double worst = normal(random);
  for (int rank = 1; rank < ranks; ++rank) worst = std::max(worst, normal(random));
  return std::max(0.1, 1 + worst);  // nobody is ten times as fast
}

/// How many of the outages a replica has: as they count from the first one, that says which.
std::size_t hit(const Disturbance& disturbance, int replica) {
  return std::count_if(disturbance.outages.begin(), disturbance.outages.end(),
                       [&](const Outage& one) { return replica < one.replicas; });
}

std::vector<std::vector<Outage>> outages_of(const Disturbance& disturbance, int replica, int stages) {
  std::vector<std::vector<Outage>> list;
  for (const Outage& one : disturbance.outages)
    if (replica < one.replicas) {
      list.resize(stages);
      list[one.stage].push_back(one);
    }
  return list;
}

}  // namespace

std::vector<ReplicaClass> replica_classes(const Disturbance& disturbance, int replicas, int stages, int ranks) {
  std::vector<ReplicaClass> list;
  std::map<std::tuple<std::vector<double>, std::vector<double>, std::size_t>, std::size_t> known;  // places in `list`
  std::mt19937_64 random(disturbance.jitter ? disturbance.jitter->seed : 0);
  for (int replica = 0; replica < replicas; ++replica) {
    std::vector<double> slow(stages, 1), ports(stages, 1);
    if (disturbance.jitter)
      for (double& factor : slow) factor = slowest(random, disturbance.jitter->spread, ranks);
    for (const SlowReplicas& one : disturbance.slow)
      if (replica < one.replicas) slow[one.stage] *= one.factor;
    for (const WeakPorts& one : disturbance.ports)
      if (replica < one.replicas) ports[one.stage] *= one.share;
    const auto outages = outages_of(disturbance, replica, stages);
    const std::size_t kind = disturbance.fabric ? replica : hit(disturbance, replica);
    const auto [place, is_new] = known.try_emplace({slow, ports, kind}, list.size());
    if (is_new)
      list.push_back({1, std::move(slow), std::move(ports), outages, replica});
    else
      ++list[place->second].replicas;
  }
  for (int job = 1; disturbance.fabric && job < disturbance.fabric->jobs; ++job)
    for (int replica = 0; replica < replicas; ++replica)
      list.push_back({1, std::vector<double>(stages, 1), std::vector<double>(stages, 1), {}, replica, job});
  return list;
}

}  // namespace chipmix::engine
