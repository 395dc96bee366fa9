// One tier's share of a collective: how many steps, how many bytes through one rank's port, at what rate.
#pragma once

#include "base/quantity.hpp"
#include "plan/shapes.hpp"

namespace chipmix::laws {

/// What one rank has of a tier: the rate large messages reach (one direction) and the start-up of one step.
struct Port {
  BytesPerSecond rate;
  Seconds latency;
};

/// What one rank has to do on a tier.
struct Exchange {
  double steps = 0;
  Bytes moved;
};

/// Start-up of the steps with a message too small to matter.
Seconds startup(const Exchange& exchange, const Port& port);
/// Time the bytes need at the full rate.
Seconds transfer(const Exchange& exchange, const Port& port);
/// Start-up and transfer of a real message, protocol change included.
Seconds duration(const Exchange& exchange, const Port& port);

/// Steps of a binary tree over n members, one way: ⌈log2 n⌉, and 0 for a single member.
double depth(double members);

/// Ring and tree among n members that all reach each other at the full rate (ring.cpp).
Exchange ring(plan::Collective kind, Bytes payload, double members);
/// All-reduce in a switch that adds (in_switch.cpp).
Exchange in_switch(Bytes payload, double members);
/// Direct exchange among n members with one link a pair (mesh.cpp).
Exchange mesh(plan::Collective kind, Bytes payload, double members);

}  // namespace chipmix::laws
