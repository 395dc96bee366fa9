#include "interop/chakra_replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>
#include <unordered_map>

#include "base/diagnostic.hpp"
#include "engine/event/event_player.hpp"
#include "laws/roofline.hpp"

namespace chipmix::interop {
namespace {

using engine::TaskList;

/// CollectiveCommType of et_def.proto as collectives of the laws.
std::optional<plan::Collective> collective_of(std::int64_t type) {
  using plan::Collective;
  static const std::map<std::int64_t, Collective> all = {{0, Collective::all_reduce},
                                                         {2, Collective::all_gather},
                                                         {6, Collective::all_to_all},
                                                         {7, Collective::reduce_scatter},
                                                         {8, Collective::reduce_scatter}};
  const auto found = all.find(type);
  return found == all.end() ? std::nullopt : std::optional(found->second);
}

bool is_transfer(ChakraKind kind) {
  return kind == ChakraKind::send || kind == ChakraKind::receive || kind == ChakraKind::collective;
}

class Player {
 public:
  Player(const std::vector<ChakraTrace>& traces, const Machines& machines) : traces_(traces), machines_(machines) {
    for (const ChakraTrace& trace : traces) ports_[trace.rank] = {list_.link(1), list_.link(1)};
  }

  Replay play() {
    for (const ChakraTrace& trace : traces_) meet(trace);
    for (std::size_t i = 0; i < traces_.size(); ++i) add(traces_[i], ends_.emplace_back());
    for (std::size_t i = 0; i < traces_.size(); ++i) order(traces_[i], ends_[i]);
    std::vector<engine::Span> spans;
    try {
      spans = engine::play_events(list_);
    } catch (const std::logic_error&) {
      throw InputError({Diagnostic{traces_.front().file,
                                   {},
                                   "",
                                   "nodes of these traces wait for one another in a circle",
                                   "are they of one run, and all of the same iteration?",
                                   "",
                                   1}});
    }
    for (const engine::Span& span : spans) replay_.seconds = std::max(replay_.seconds, span.end);
    for (std::size_t i = 0; i < traces_.size(); ++i) rank(traces_[i], ends_[i], spans);
    return std::move(replay_);
  }

 private:
  /// The first and the last task of a node.
  struct Ends {
    int first = 0, last = 0;
  };
  /// A send and its receive, or a collective of several ranks.
  struct Meeting {
    int begin = -1, end = -1, members = 0;
  };
  using Key = std::tuple<std::string, std::int64_t, std::int64_t, std::int64_t, int>;

  /// Which meeting a node takes part in: transfers of one kind are counted by their order in the trace.
  Key key_of(const ChakraTrace& trace, const ChakraNode& node, std::map<Key, int>& seen) const {
    const bool is_send = node.kind == ChakraKind::send;
    Key key = node.kind == ChakraKind::collective
                  ? Key{"group " + node.group, node.collective.value_or(-1), node.tag.value_or(0), 0, 0}
                  : Key{"", is_send ? trace.rank : node.from.value_or(-1), is_send ? node.to.value_or(-1) : trace.rank,
                        node.tag.value_or(0), 0};
    const int turn = seen[key]++;
    std::get<4>(key) = turn;
    return key;
  }

  void meet(const ChakraTrace& trace) {
    std::map<Key, int> seen;
    for (const ChakraNode& node : trace.nodes)
      if (is_transfer(node.kind)) ++meetings_[key_of(trace, node, seen)].members;
  }

  void add(const ChakraTrace& trace, std::unordered_map<std::uint64_t, Ends>& ends) {
    std::map<Key, int> seen;
    for (const ChakraNode& node : trace.nodes) {
      if (!is_transfer(node.kind)) {
        const int task = list_.compute(work(node));
        ends[node.id] = {task, task};
        continue;
      }
      Meeting& meeting = meetings_[key_of(trace, node, seen)];
      ends[node.id] = node.kind == ChakraKind::collective ? collective(trace, node, meeting)
                                                          : end_of_transfer(trace, node, meeting);
    }
  }

  Ends collective(const ChakraTrace& trace, const ChakraNode& node, Meeting& meeting) {
    if (meeting.begin < 0) meeting.begin = list_.compute(0), meeting.end = list_.compute(0);
    const int flow = list_.flow(collective_seconds(node, meeting.members), links(node, trace.rank, trace.rank));
    list_.after(meeting.begin, flow);
    list_.after(flow, meeting.end);
    return {meeting.begin, meeting.end};
  }

  /// One flow from the sender's port to the receiver's; the send's node is done when it is.
  Ends end_of_transfer(const ChakraTrace& trace, const ChakraNode& node, Meeting& meeting) {
    const bool is_send = node.kind == ChakraKind::send, has_both = meeting.members > 1;
    if (!has_both) ++replay_.alone;
    if (!is_send && has_both) {
      if (meeting.begin < 0)
        meeting.begin = list_.compute(0);  // the receive, where it is read first
      else
        list_.after(meeting.end, meeting.begin);
      return {meeting.begin, meeting.begin};
    }
    const std::int64_t from = is_send ? trace.rank : node.from.value_or(trace.rank);
    const std::int64_t to = is_send ? node.to.value_or(trace.rank) : trace.rank;
    const int flow = list_.flow(send_seconds(node, from, to), links(node, from, to));
    if (has_both && meeting.begin >= 0) list_.after(flow, meeting.begin);
    if (has_both && meeting.begin < 0) meeting.begin = list_.compute(0), list_.after(flow, meeting.begin);
    meeting.end = flow;
    return {flow, flow};
  }

  void order(const ChakraTrace& trace, const std::unordered_map<std::uint64_t, Ends>& ends) {
    for (const ChakraNode& node : trace.nodes)
      for (const std::uint64_t id : node.after) {
        const int earlier = ends.at(id).last, later = ends.at(node.id).first;
        if (earlier != later) list_.after(earlier, later);
      }
  }

  std::vector<int> links(const ChakraNode& node, std::int64_t from, std::int64_t to) {
    std::vector<int> list;
    for (const int port : node.ports) {
      const auto [found, is_new] = own_.try_emplace(port, 0);
      if (is_new) found->second = list_.link(1);
      list.push_back(found->second);
    }
    if (!list.empty()) return list;
    if (const auto up = ports_.find(from); up != ports_.end()) list.push_back(up->second.first);
    if (const auto down = ports_.find(to); down != ports_.end()) list.push_back(down->second.second);
    return list;
  }

  /// What a law says on the machine, or the traced time by the ratio of two; kept where the law knows nothing.
  template <class Law>
  double taken(const ChakraNode& node, bool is_known, Law law) {
    if (!machines_.on || node.seconds == 0) return node.seconds;
    if (!is_known) {
      ++replay_.kept;
      return node.seconds;
    }
    const double there = law(*machines_.on);
    if (!machines_.traced) return there;
    const double here = law(*machines_.traced);
    return here > 0 ? node.seconds * there / here : there;
  }

  /// Of its products; older devices know no bf16.
  static Dtype format(const engine::Machine& machine) {
    const auto& peak = machine.rank.peak;
    for (const Dtype dtype : {Dtype::bf16, Dtype::fp16})
      if (peak.contains(dtype)) return dtype;
    return peak.begin()->first;
  }

  double work(const ChakraNode& node) {
    return taken(node, node.flops || node.bytes, [&](const engine::Machine& machine) {
      const double moving = node.bytes.value_or(0) / laws::reached_bandwidth(machine.rank).value();
      return std::max(moving, node.flops.value_or(0) / laws::reached_rate(format(machine), machine.rank).value());
    });
  }

  double collective_seconds(const ChakraNode& node, int members) {
    const auto kind = collective_of(node.collective.value_or(-1));
    return taken(node, kind && node.sent && members > 1, [&](const engine::Machine& machine) {
      return seconds(*kind, *node.sent, {members, 1}, machine);
    });
  }

  double send_seconds(const ChakraNode& node, std::int64_t from, std::int64_t to) {
    constexpr double most = 1 << 30;  // ranks apart; a trace may number its ranks as it likes
    const double between = std::abs(static_cast<double>(to) - static_cast<double>(from));
    const auto apart = static_cast<int>(std::clamp(between, 1.0, most));
    return taken(node, node.sent.has_value(), [&](const engine::Machine& machine) {
      return seconds(plan::Collective::send, *node.sent, {2, apart}, machine);
    });
  }

  static double seconds(plan::Collective kind, double bytes, plan::Group group, const engine::Machine& machine) {
    plan::CollectiveTask task;
    task.kind = kind, task.payload = Bytes(bytes), task.group = group;
    return engine::collective_seconds(task, machine).total;
  }

  void rank(const ChakraTrace& trace, const std::unordered_map<std::uint64_t, Ends>& ends,
            const std::vector<engine::Span>& spans) {
    ReplayedRank one{trace.rank, 0, 0, 0, trace.nodes.size()};
    for (const ChakraNode& node : trace.nodes) {
      const Ends& own = ends.at(node.id);
      const double taken = spans[own.last].end - spans[own.first].start;
      (is_transfer(node.kind) ? one.communicating : one.computing) += taken;
      one.end = std::max(one.end, spans[own.last].end);
    }
    replay_.ranks.push_back(one);
  }

  const std::vector<ChakraTrace>& traces_;
  const Machines& machines_;
  TaskList list_;
  std::map<std::int64_t, std::pair<int, int>> ports_;  ///< up and down, by rank
  std::map<int, int> own_;                             ///< links by the ports that traces name
  std::map<Key, Meeting> meetings_;
  std::vector<std::unordered_map<std::uint64_t, Ends>> ends_;
  Replay replay_;
};

}  // namespace

Replay replayed(const std::vector<ChakraTrace>& traces, const Machines& machines) {
  return Player(traces, machines).play();
}

}  // namespace chipmix::interop
