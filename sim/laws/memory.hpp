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
/// Training in fp32 or TF32 keeps no second copy of the weights: w = 4, o less 4 where it holds one, g = 4 or more.
/// `shard_group`: ranks that share what is sharded where they are fewer than N_i (HSDP: replicated over the others);
/// 0: all.
StateBytes state_bytes(const plan::RankParameters& parameters, const plan::Degrees& degrees, plan::Zero zero,
                       const hardware::SoftwareStack& stack, Dtype dtype = Dtype::bf16, double outer = 0,
                       int shard_group = 0);

/// What A bytes of activations in flight leave on the device when the share a of them waits in host memory:
///   (1 - a) A + a min(A, 4 u)     u: bytes copied at a time, of a pipeline's chunk or else of a layer
/// Four units stay whatever waits: in either direction one computes while another is copied. The number is set by the
/// four peaks with recomputation of Megatron-Kwai (github.com/kwai/Megatron-Kwai, atc24ae).
Bytes left_on_device(Bytes in_flight, Bytes unit, double offloaded);

/// Σ states + activations of the micro-batches in flight + working set + whole weights of sharded layers + stand-ins of
/// gradients + workspace, which is what PyTorch calls allocated; + allocator slack, reserved; + framework, the
/// device's.
estimate::StageMemory stage_memory(const plan::Program& program, int stage, const hardware::NodeGroup& group);

/// Allocated peak through the end of the first step, which Megatron's one-time report prints (training.py,
/// report_memory): Adam makes its moments, m of the o bytes, in the first update, when no activation is left; the
/// update holds one weight's gradient more in fp32:  max(allocated - m Ψ/s_o, states + 4 max(Ψ_i)).
Bytes first_step_peak(const plan::Program& program, int stage, const hardware::NodeGroup& group);

/// The total of stage_memory without the entries.
Bytes stage_peak(const plan::Program& program, int stage, const hardware::NodeGroup& group);

/// One peak, as three tools print it.
struct Peaks {
  Bytes allocated;  ///< tensors (torch.cuda.max_memory_allocated)
  Bytes reserved;   ///< + blocks of the allocator that no tensor fills (max_memory_reserved)
  Bytes device;     ///< + context, libraries, communication buffers (nvidia-smi, rocm-smi, npu-smi)

  /// By "allocated", "reserved" and "device".
  Bytes of(const std::string& tool) const;
};
Peaks peaks(const estimate::StageMemory& memory);

/// The part of a stage's peak that the stack's own logs print.
Bytes reported_peak(const estimate::StageMemory& memory, const hardware::SoftwareStack& stack);

}  // namespace chipmix::laws
