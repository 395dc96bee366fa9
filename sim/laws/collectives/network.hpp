// The part of a collective that leaves the node.
#pragma once

#include "laws/collectives/placement.hpp"

namespace chipmix::laws {

/// What one rank moves through its share of the NICs.
Exchange network(plan::Collective kind, Bytes payload, const Placement& placement);

/// How many times longer the uplinks of an oversubscribed network hold this traffic up than the NICs do; at least 1.
double slowdown(plan::Collective kind, const Placement& placement, const hardware::FabricSpec& fabric);

}  // namespace chipmix::laws
