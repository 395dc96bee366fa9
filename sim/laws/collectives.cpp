// A collective as two exchanges, one inside the nodes and one across them.
//
//   one node:                  t = t_inside
//   several, all_to_all:       t = t_inside + t_across
//   several, all others:       t = t_across + max(L_inside, t_inside - x_across)
//   send:                      t_inside where the peer's stride is within the node, else t_across
//
//   t, L, x: duration, start-up and transfer of an exchange (collectives/exchange.cpp), s.
//
// Reductions and gathers are cut into chunks that pass both tiers at once: the slower tier sets the pace, and adding
// the two would ask 4 nodes of B200 for 1.4 times their NICs to explain the measured all-reduce. An all-to-all is taken
// to send what stays after what leaves: the upper bound, off by a ninth for 16 H100.
#include "laws/collectives.hpp"

#include <algorithm>
#include <stdexcept>

#include "laws/collectives/network.hpp"

namespace chipmix::laws {
namespace {

using hardware::NodeGroup;

Exchange within(Collective kind, Bytes payload, double members, const NodeGroup& machine) {
  const bool direct = machine.scale_up.wiring == hardware::Wiring::full_mesh;
  if (direct) return mesh(kind, payload, members);
  Exchange exchange = ring(kind, payload, members);
  if (const auto& added = machine.scale_up.in_switch; added && kind == Collective::all_reduce) {
    const double slower = machine.scale_up.efficiency.value / added->value;  // bytes at the ring's rate
    exchange.moved = min(exchange.moved, in_switch(payload, members).moved * slower);
  }
  return exchange;
}

Port network_port(Collective kind, const Placement& placement, const NodeGroup& machine) {
  Port port = across_port(machine);
  port.rate *= 1 / slowdown(kind, placement, machine.fabric);
  return port;
}

/// A neighbour `stride` ranks away: a group of two.
TierTimes send(Bytes payload, const Group& group, const NodeGroup& machine) {
  const Placement pair = place({2, group.stride}, machine);
  const Exchange exchange{1, payload};
  if (pair.nodes <= 1) return {duration(exchange, inside_port({2, group.stride}, pair, machine)), Seconds{}};
  return {Seconds{}, duration(exchange, network_port(Collective::send, pair, machine))};
}

/// What a tier of several nodes does inside one of them.
Exchange inner_exchange(Collective kind, Bytes payload, const Placement& placement, const NodeGroup& machine) {
  Exchange exchange = within(kind, payload, placement.inside, machine);
  if (kind == Collective::all_to_all)
    exchange.moved = payload * ((placement.inside - 1) / placement.members);
  else
    exchange.moved = ring(kind, payload, placement.members).moved;
  return exchange;
}

TierTimes several_nodes(Collective kind, Bytes payload, const Group& group, const Placement& placement,
                        const NodeGroup& machine) {
  const Exchange outer = network(kind, payload, placement);
  const Port nic = network_port(kind, placement, machine);
  TierTimes times{Seconds{}, duration(outer, nic)};
  if (placement.inside <= 1) return times;
  const Exchange inner = inner_exchange(kind, payload, placement, machine);
  const Port port = inside_port(group, placement, machine);
  times.inside = duration(inner, port);
  if (kind != Collective::all_to_all) times.inside = max(startup(inner, port), times.inside - transfer(outer, nic));
  return times;
}

}  // namespace

TierTimes collective_tiers(Collective kind, Bytes payload, const Group& group, const NodeGroup& machine) {
  if (!(payload >= Bytes{})) throw std::logic_error("a collective needs a payload that is not negative");
  if (group.size == 1) return {};
  const Placement placement = place(group, machine);
  if (kind == Collective::send) return send(payload, group, machine);
  if (placement.nodes > 1) return several_nodes(kind, payload, group, placement, machine);
  const Exchange exchange = within(kind, payload, placement.members, machine);
  return {duration(exchange, inside_port(group, placement, machine)), Seconds{}};
}

Seconds collective_time(Collective kind, Bytes payload, const Group& group, const NodeGroup& machine) {
  const TierTimes times = collective_tiers(kind, payload, group, machine);
  return times.inside + times.across;
}

}  // namespace chipmix::laws
