// Collectives of so many rounds played message by message, in the memory of what is under way.
#pragma once

#include <functional>

#include "engine/event/collective.hpp"

namespace chipmix::engine {

/// A pattern in which every member sends one message a round; the next one waits until it has sent its own and got the
/// one of its giver.
struct Rounds {
  struct Send {
    int to = 0;
    double share = 0;  ///< of a member's payload
  };
  int members = 0, count = 0;
  std::function<Send(int round, int member)> send;
  std::function<int(int round, int member)> giver;
  bool are_alike = false;  ///< every round sends the same
};

/// Ring, halving_doubling or all_to_all, with the messages of `messages`. Throws std::logic_error for another.
Rounds rounds(Pattern pattern, int n);

/// Links by number: what they carry a second.
struct MemberLinks {
  std::vector<double> capacities;
  std::vector<Member> members;
  Between between;  ///< if anything lies between two members
};

/// Seconds until all members are done, as play_events has them for the tasks of `play`. Where rounds are alike, periods
/// are skipped: when all members set out at one moment, after k rounds and T seconds again, nothing tells the second
/// moment from the first, so that every k rounds from there take T.
double play_rounds(const Rounds& rounds, double payload, double latency, const MemberLinks& links);

}  // namespace chipmix::engine
