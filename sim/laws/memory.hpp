// Peak memory of one rank of a stage, entry by entry.
#pragma once

#include "estimate/estimate.hpp"
#include "hardware/cluster.hpp"
#include "plan/program.hpp"

namespace chipmix::laws {

/// What one rank keeps besides activations: weights, gradients, optimizer states.
struct StateBytes {
  Bytes weights, gradients, optimizer;
};

/// Bytes of state, sharded as ZeRO says (arXiv:1910.02054, section 5): with N_d ranks sharing a dense weight and N_e an
/// expert weight,  M = Σ_{i in dense, experts} Ψ_i (w/s_w + g/s_g + o/s_o),  s = N_i where that state is sharded,
/// else 1. w, g and o, bytes per weight of weights, gradient and optimizer state, are the stack's.
/// Bytes per weight that synchronisation in intervals keeps, `outer`, are sharded as optimizer states are.
/// Training in fp32 or TF32 keeps no second copy of the weights: w = 4, and o less 4 where it holds one.
StateBytes state_bytes(const plan::RankParameters& parameters, const plan::Degrees& degrees, plan::Zero zero,
                       const hardware::SoftwareStack& stack, Dtype dtype = Dtype::bf16, double outer = 0);

/// Σ states + activations of the micro-batches in flight + working set + whole weights of sharded layers + stand-ins of
/// gradients + workspace, which is what PyTorch calls allocated; + allocator slack, reserved; + framework, the
/// device's.
estimate::StageMemory stage_memory(const plan::Program& program, int stage, const hardware::NodeGroup& group);

/// The total of stage_memory without the entries.
Bytes stage_peak(const plan::Program& program, int stage, const hardware::NodeGroup& group);

/// The part of a stage's peak that the stack's own logs print.
Bytes reported_peak(const estimate::StageMemory& memory, const hardware::SoftwareStack& stack);

}  // namespace chipmix::laws
