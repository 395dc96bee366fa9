// Collectives taken apart into messages, and played as flows.
//
// n members, each with a payload; a message carries a share of it from one member to another in a round. A round's
// messages of a member wait for what it sent and got in the round before.
//
//   ring              2(n - 1) rounds of 1/n to the next member (Patarasuk and Yuan, J. Parallel Distrib. Comput.,
//   2009) tree              binomial: reduced to member 0 and back in 2⌈log2 n⌉ rounds of the whole payload
//   halving_doubling  n = 2^k: 1/2, 1/4, ... with the partner whose number differs in a bit, and back (Thakur,
//                     Rabenseifner and Gropp, Int. J. High Perform. Comput. Appl., 2005, section 4.3)
//   hierarchical      rings: reduce-scatter within a node of g members, all-reduce of 1/g between nodes, all-gather
//   in_network        switches reduce: the payload up, the sum down (SHARP; Graham et al., COMHPC 2016)
//   all_to_all        n - 1 rounds of 1/n to the member that many places on
//   node_limited      all to all in two hops: between nodes to the member of the same place, then within the node
#pragma once

#include <functional>
#include <vector>

#include "engine/event/task_list.hpp"

namespace chipmix::engine {

enum class Pattern { ring, tree, halving_doubling, hierarchical, in_network, all_to_all, node_limited };

constexpr int a_switch = -1;  ///< instead of a member

struct Message {
  int round = 0;
  int from = 0, to = 0;
  double share = 0;  ///< of a member's payload
};

/// In the order of rounds. `node`: members in a node, which divides n (hierarchical, node_limited). Throws
/// std::logic_error where the pattern is none for n.
std::vector<Message> messages(Pattern pattern, int n, int node = 1);

/// All of a pair's messages as one, in round 0: the same bytes on the same links at once.
std::vector<Message> aggregated(const std::vector<Message>& messages);

/// A member's two ports, and what lies between two members.
struct Member {
  int up = 0, down = 0;
};
using Between = std::function<std::vector<int>(int from, int to)>;

/// Adds the flows: `payload` in the unit of the links' capacities times seconds, `latency` seconds before each message.
/// The first round waits for `earlier[member]` (none: empty). Returns the tasks that end each member's part.
std::vector<int> play(const std::vector<Message>& messages, double payload, double latency,
                      const std::vector<Member>& members, const std::vector<int>& earlier, const Between& between,
                      TaskList& list);

}  // namespace chipmix::engine
