// How long a group of ranks takes to exchange data. Pure functions of the message, the group and the machine.
// The laws stand in sim/laws/collectives/, one file each; docs/laws/communication.md says how well they hold.
#pragma once

#include "base/quantity.hpp"
#include "hardware/cluster.hpp"
#include "plan/shapes.hpp"

namespace chipmix::laws {

using plan::Collective;
using plan::Group;

/// Time of one collective while every other group of the same kind does the same on the other ranks (so that
/// groups share links and NICs). `payload`: all_reduce, reduce_scatter, all_gather: the whole (unscattered) buffer of
/// one rank; all_to_all: the bytes one rank sends in all, its own share included; send: the message.
/// A group of one takes no time. Throws std::logic_error for a group without ranks, a stride below 1 or a negative
/// payload.
Seconds collective_time(Collective kind, Bytes payload, const Group& group, const hardware::NodeGroup& machine);

/// The same, split by tier, for ledgers and tests; the two add up to collective_time. Both tiers work at once on large
/// reductions and gathers: `across` is then the network's whole time, `inside` what it does not cover.
struct TierTimes {
  Seconds inside;
  Seconds across;
};
TierTimes collective_tiers(Collective kind, Bytes payload, const Group& group, const hardware::NodeGroup& machine);

}  // namespace chipmix::laws
