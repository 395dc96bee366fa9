#include "engine/event/exchange_tasks.hpp"

#include <algorithm>

namespace chipmix::engine {
namespace {

/// Of every class those whose replicas exchange tokens with its own. A class that stands for replicas of several groups
/// is put to its first: the step waits for the slowest group in any case.
std::vector<std::vector<int>> groups_of(const std::vector<ReplicaClass>& classes, int replicas_together) {
  std::map<std::pair<int, int>, std::vector<int>> members;
  const auto key = [&](const ReplicaClass& one) { return std::pair(one.job, one.first / replicas_together); };
  for (std::size_t one = 0; one < classes.size(); ++one) members[key(classes[one])].push_back(static_cast<int>(one));
  std::vector<std::vector<int>> groups;
  for (const ReplicaClass& one : classes) groups.push_back(members[key(one)]);
  return groups;
}

double context_share(const PassExchanges& exchanges) {
  const double all = exchanges.replica.total();
  return all > 0 ? exchanges.context / all : 0;
}

}  // namespace

ExchangeTasks::ExchangeTasks(StepList& list, const std::vector<StageTraffic>& stages,
                             const std::vector<ReplicaClass>& classes, const Routes* routes, NodeOf node)
    : list_(list), routes_(routes), node_(std::move(node)) {
  for (const StageTraffic& stage : stages)
    groups_.push_back(stage.exchanges.empty() ? std::vector<std::vector<int>>{}
                                              : groups_of(classes, stage.replicas_together));
}

Ends ExchangeTasks::add(const PassPlace& place, double computes, const PassExchanges& exchanges,
                        const std::vector<int>& ports) {
  Ends ends = compute(place, computes, exchanges, ports);
  if (exchanges.replica.exposed > 0) {
    const int end = tasks().compute(0);
    flows(place, exchanges.replica.exposed, 0, {0, context_share(exchanges)}, ports, ends.last, end);
    ends.last = end;
  }
  if (exchanges.experts.exposed > 0) ends.last = exchange_experts(place, exchanges.experts.exposed, ports, ends.last);
  return ends;
}

/// What hides beside a pass is no longer than it.
Ends ExchangeTasks::compute(const PassPlace& place, double seconds, const PassExchanges& exchanges,
                            const std::vector<int>& ports) {
  const double experts = exchanges.experts.hidden, all = experts + exchanges.replica.hidden;
  const double beside = std::min(all, seconds);
  if (beside <= 0) {
    const int task = tasks().compute(seconds);
    return {task, task};
  }
  const int begin = tasks().compute(0), work = tasks().compute(seconds), end = tasks().compute(0);
  tasks().after(begin, work);
  tasks().after(work, end);
  flows(place, beside * experts / all, experts > 0 ? away(place).share : 0, {1, 0}, ports, begin, end);
  flows(place, beside * (1 - experts / all), 0, {0, context_share(exchanges)}, ports, begin, end);
  return {begin, end};
}

int ExchangeTasks::exchange_experts(const PassPlace& place, double seconds, const std::vector<int>& ports, int before) {
  const double share = away(place).share;
  if (group(place).size() == 1) {
    const int end = tasks().compute(0);
    flows(place, seconds, share, {1, 0}, ports, before, end);
    return end;
  }
  Meeting& meeting = meetings_[{place.stage, group(place).front(), place.turn}];
  if (meeting.begin < 0) meeting = {tasks().compute(0), tasks().compute(0)};
  tasks().after(before, meeting.begin);
  flows(place, seconds, share, {1, 0}, ports, meeting.begin, meeting.end);
  return meeting.end;
}

void ExchangeTasks::flows(const PassPlace& place, double seconds, double share_away, const Whose& whose,
                          const std::vector<int>& ports, int earlier, int later) {
  const auto flow = [&](double amount, const std::vector<int>& links) {
    if (amount <= 0) return;
    const int task = tasks().flow(amount, links);
    list_.transfers.push_back(
        {task, place.replica_class, place.stage, false, 0, 0, true, whose.experts, whose.context});
    tasks().after(earlier, task);
    tasks().after(task, later);
  };
  flow(seconds * (1 - share_away), ports);
  if (share_away == 0) return;
  std::vector<int> links = ports;
  const std::vector<int>& route = away(place).route;
  links.insert(links.end(), route.begin(), route.end());
  flow(seconds * share_away, links);
}

/// The route is to a server half the group away, so that the replicas of a group load all its switches alike.
const ExchangeTasks::Away& ExchangeTasks::away(const PassPlace& place) {
  const auto [entry, is_new] = away_.try_emplace({place.stage, place.replica_class});
  Away& away = entry->second;
  if (!is_new || !routes_) return away;
  const std::vector<int>& all = group(place);
  const int own = node_(place.replica_class, place.stage);
  const std::size_t begin = std::find(all.begin(), all.end(), place.replica_class) - all.begin() + all.size() / 2;
  int others = 0, far = 0;
  for (std::size_t step = 0; step < all.size(); ++step) {
    const int other = node_(all[(begin + step) % all.size()], place.stage);
    if (other == own) continue;
    ++others;
    const std::vector<int> route = routes_->between(own, other);
    if (!route.empty() && ++far == 1) away.route = route;
  }
  away.share = others > 0 ? static_cast<double>(far) / others : 0;
  return away;
}

}  // namespace chipmix::engine
