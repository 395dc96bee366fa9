#include "engine/event/collective.hpp"

namespace chipmix::engine {
namespace {

/// Tasks that a member's next message waits for, and those of the round that is being added.
struct Progress {
  std::vector<std::vector<int>> done, now;

  void next_round() {
    for (std::size_t i = 0; i < now.size(); ++i)
      if (!now[i].empty()) {
        done[i] = std::move(now[i]);
        now[i].clear();
      }
  }
};

}  // namespace

std::vector<int> play(const std::vector<Message>& messages, double payload, double latency,
                      const std::vector<Member>& members, const std::vector<int>& earlier, const Between& between,
                      TaskList& list) {
  const std::size_t a_switch_too = members.size();  // its progress stands behind the members'
  Progress progress;
  progress.done.resize(members.size() + 1);
  progress.now.resize(members.size() + 1);
  for (std::size_t i = 0; i < earlier.size(); ++i) progress.done[i] = {earlier[i]};
  list.expect(messages.size() + members.size(), 2 * messages.size(), 2 * messages.size() + members.size());
  int round = 0;
  for (const Message& one : messages) {
    if (one.round != round) progress.next_round();
    round = one.round;
    std::vector<int> links;
    if (one.from != a_switch) links.push_back(members[one.from].up);
    if (one.to != a_switch) links.push_back(members[one.to].down);
    if (one.from != a_switch && one.to != a_switch && between)
      for (int link : between(one.from, one.to)) links.push_back(link);
    const int flow = list.flow(one.share * payload, links, latency);
    const std::size_t from = one.from == a_switch ? a_switch_too : one.from;
    const std::size_t to = one.to == a_switch ? a_switch_too : one.to;
    for (int before : progress.done[from]) list.after(before, flow);
    progress.now[from].push_back(flow);
    progress.now[to].push_back(flow);
  }
  progress.next_round();
  std::vector<int> ends;
  for (std::size_t i = 0; i < members.size(); ++i) {
    ends.push_back(list.compute(0));
    for (int before : progress.done[i]) list.after(before, ends.back());
  }
  return ends;
}

}  // namespace chipmix::engine
