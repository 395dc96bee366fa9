// Passes with what they exchange, as tasks of a step.
#pragma once

#include <functional>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/event/step_list.hpp"

namespace chipmix::engine {

/// The first and the last task of a pass.
struct Ends {
  int first = 0, last = 0;
};

/// One pass of one class of replicas. `turn`: its place among the passes of its stage.
struct PassPlace {
  int replica_class = 0, stage = 0, turn = 0;
};

/// Adds passes to a list. A pass computes, with the exchanges that hide beside it; then it waits for those of its own
/// replica, then for those of experts, which begin when all replicas that exchange with it are there.
class ExchangeTasks {
 public:
  using NodeOf = std::function<int(int replica_class, int stage)>;

  /// `routes`, `node`: on a fabric only.
  ExchangeTasks(StepList& list, const std::vector<StageTraffic>& stages, const std::vector<ReplicaClass>& classes,
                const Routes* routes, NodeOf node);

  /// A pass that takes `computes` seconds beside its exchanges, which go through `ports`.
  Ends add(const PassPlace& place, double computes, const PassExchanges& exchanges, const std::vector<int>& ports);

 private:
  /// Where replicas wait for one another: before an exchange and after it.
  struct Meeting {
    int begin = -1, end = -1;
  };
  /// Of what a replica sends to other servers of its group: the share that takes a route, and one such route.
  struct Away {
    double share = 0;
    std::vector<int> route;
  };

  TaskList& tasks() { return list_.tasks; }
  Ends compute(const PassPlace& place, double seconds, const PassExchanges& exchanges, const std::vector<int>& ports);
  int exchange_experts(const PassPlace& place, double seconds, const std::vector<int>& ports, int before);
  /// Whose exchanges they are, as shares; the rest is of tensor groups.
  struct Whose {
    double experts = 0, context = 0;
  };
  void flows(const PassPlace& place, double seconds, double share_away, const Whose& whose,
             const std::vector<int>& ports, int earlier, int later);
  const Away& away(const PassPlace& place);
  const std::vector<int>& group(const PassPlace& place) const { return groups_[place.stage][place.replica_class]; }

  StepList& list_;
  const Routes* routes_;
  NodeOf node_;
  std::vector<std::vector<std::vector<int>>> groups_;      ///< by stage and class: the classes it exchanges tokens with
  std::map<std::tuple<int, int, int>, Meeting> meetings_;  ///< by stage, first class of the group, and turn
  std::map<std::pair<int, int>, Away> away_;               ///< by stage and class
};

}  // namespace chipmix::engine
