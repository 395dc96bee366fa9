// What the passes of a stage send through the ports to other servers: the exchanges of experts, tensor and context
// groups, taken out of the passes so that they can share the ports with everything else.
#pragma once

#include "engine/analytical/block_cost.hpp"

namespace chipmix::engine {

/// Seconds that exchanges hold a rank's ports to other servers when they have them to themselves. `exposed`: the pass
/// waits for it; `hidden`: the stack runs it beside the pass.
struct Exchange {
  double exposed = 0, hidden = 0;

  double total() const { return exposed + hidden; }
  Exchange& operator+=(const Exchange& other) {
    exposed += other.exposed;
    hidden += other.hidden;
    return *this;
  }
  friend Exchange operator*(Exchange one, double n) { return {one.exposed * n, one.hidden * n}; }
};

/// Of one pass of a chunk. Those of experts join several replicas, the others one: of tensor and context groups.
struct PassExchanges {
  Exchange experts, replica;
  double context = 0;  ///< of `replica`: seconds of context groups
  double exposed() const { return experts.exposed + replica.exposed; }
  double total() const { return experts.total() + replica.total(); }
};

struct ChunkExchanges {
  PassExchanges forward, backward;
};

/// One micro-batch through a chunk. The backward pass holds what recomputation exchanges again: all that the layers'
/// forward pass does where it is full, for its `share` of the layers.
ChunkExchanges exchanges_of(const plan::ChunkProgram& chunk, const Machine& machine, plan::Recompute recompute,
                            double share);

/// Replicas of a stage that exchange tokens of experts with one another; 1: each by itself.
int replicas_together(const plan::StageProgram& stage);

}  // namespace chipmix::engine
