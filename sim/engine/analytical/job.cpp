// Several pipelines that train one model: who waits for whom, and what they exchange.
//
//   t = max over lanes of t_lane + t_sync / H          s per step
//
//   H       steps between synchronisations; 1 where gradients are added up in every step
//   t_sync  all-reduce of S = g · Ψ bytes between the lanes' islands (laws/islands.cpp)
//   g, Ψ    bytes per weight of a gradient (the widest of the stacks), weights of the model
//
// Lanes on islands of their own reduce all together. Where a lane stands on several islands, each other lane exchanges
// with the first: the weights that one has on island i and the other on island j cross from i to j, all pairs at once;
// on the same island they go over its own network. Nothing of it is taken to hide behind the backward pass: none of the
// cross-vendor libraries says so. With H > 1 the lanes' weights are exchanged in the format of gradients, and the outer
// optimizer's own time (some 20 bytes per weight and rank every H steps) is left out.
#include <algorithm>
#include <map>
#include <set>

#include "engine/analytical/analytical.hpp"
#include "laws/islands.hpp"

namespace chipmix::engine {
namespace {

/// A part of the model, as a share of its weights from `begin` to `end`, on an island.
struct Part {
  int island = 0;
  int ranks = 0;
  double begin = 0, end = 0;
};

double weights(const plan::StageProgram& stage) {
  return stage.parameters.dense * stage.degrees.tensor +
         stage.parameters.experts * stage.degrees.expert * stage.degrees.expert_tensor;
}

std::vector<Part> parts(const plan::Program& lane) {
  double all = 0;
  for (const plan::StageProgram& stage : lane.stages) all += weights(stage);
  std::vector<Part> list;
  double at = 0;
  for (const plan::StageProgram& stage : lane.stages) {
    const double share = weights(stage) / all;
    list.push_back({stage.node_group, stage.degrees.ranks(), at, at + share});
    at += share;
  }
  return list;
}

std::vector<laws::Side> sides(const plan::Program& lane) {
  std::map<int, int> ranks;
  for (const plan::StageProgram& stage : lane.stages) ranks[stage.node_group] += stage.degrees.ranks();
  std::vector<laws::Side> list;
  for (const auto& [island, count] : ranks) list.push_back({island, count});
  return list;
}

/// Whether every lane stands on one island, and no two on the same.
bool have_own_islands(const std::vector<plan::Program>& lanes) {
  std::set<int> seen;
  for (const plan::Program& lane : lanes) {
    const auto list = sides(lane);
    if (list.size() != 1 || !seen.insert(list.front().island).second) return false;
  }
  return true;
}

/// The exchange of two lanes, for each pair of islands the bytes that cross and the ranks at either end.
std::optional<Seconds> pair_time(Bytes all, const plan::Program& one, const plan::Program& other,
                                 const hardware::Cluster& cluster) {
  struct Crossing {
    double share = 0;
    int from = 0, to = 0;
  };
  std::map<std::pair<int, int>, Crossing> crossings;
  for (const Part& a : parts(one))
    for (const Part& b : parts(other)) {
      const double share = std::min(a.end, b.end) - std::max(a.begin, b.begin);
      if (share <= 0) continue;
      Crossing& crossing = crossings[{a.island, b.island}];
      crossing.share += share;
      crossing.from += a.ranks;
      crossing.to += b.ranks;
    }
  Seconds longest;
  for (const auto& [pair, crossing] : crossings) {
    const Bytes bytes = all * crossing.share;
    const auto time =
        pair.first == pair.second
            ? std::optional(laws::island_network_time(bytes, {pair.first, crossing.from}, cluster))
            : laws::island_all_reduce_time(bytes, {{pair.first, crossing.from}, {pair.second, crossing.to}}, cluster);
    if (!time) return std::nullopt;
    longest = max(longest, *time);
  }
  return longest;
}

}  // namespace

std::optional<double> AnalyticalEngine::sync_time(const plan::JobProgram& job) const {
  if (job.lanes.size() < 2) return 0;
  double width = 0;
  for (const plan::Program& lane : job.lanes)
    for (const laws::Side& side : sides(lane))
      width = std::max(width, cluster_.groups[side.island].stack.gradient_bytes_in(lane.stages.front().dtype));
  const Bytes bytes{width * job.parameters};
  std::optional<Seconds> time = Seconds{};
  if (have_own_islands(job.lanes)) {
    std::vector<laws::Side> islands;
    for (const plan::Program& lane : job.lanes) islands.push_back(sides(lane).front());
    time = laws::island_all_reduce_time(bytes, islands, islands_);
  } else {
    for (std::size_t lane = 1; lane < job.lanes.size() && time; ++lane) {
      const auto pair = pair_time(bytes, job.lanes.front(), job.lanes[lane], islands_);
      time = pair ? std::optional(*time + *pair) : std::nullopt;
    }
  }
  if (!time) return std::nullopt;
  return time->value() / job.sync_interval;
}

Times AnalyticalEngine::step_times(const plan::JobProgram& job) {
  Times slowest = step_times(job.lanes.front());
  for (std::size_t lane = 1; lane < job.lanes.size(); ++lane)
    if (const Times times = step_times(job.lanes[lane]); times.total() > slowest.total()) slowest = times;
  slowest[Spent::island_sync] += sync_time(job).value();
  return slowest;
}

}  // namespace chipmix::engine
