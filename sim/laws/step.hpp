// What a step costs beyond its micro-batches: gradients reduced, weights gathered, the optimizer run.
#pragma once

#include "hardware/cluster.hpp"
#include "plan/program.hpp"

namespace chipmix::laws {

/// Whole (nothing hidden) times of one stage's step work.
struct StepWork {
  Seconds gradient_reduction;  ///< over the replicas, dense and expert weights one after the other
  Seconds parameter_gather;    ///< of weights sharded over the replicas, once
  Seconds optimizer;           ///< Adam on the rank's share of the weights
};

/// ZeRO-0: all-reduce of g bytes per weight. From ZeRO-1 on: reduce-scatter of g and all-gather of 2 bytes per weight,
/// in fp32 4 (arXiv:1910.02054, section 7). Dense weights are shared by data x context ranks (stride: tensor), experts
/// by ranks / expert (stride: expert).
///
/// The optimizer step, kernel by kernel, bytes per weight (PyTorch and Apex multi-tensor kernels as Megatron-LM calls
/// them): gradients set to zero g, of all weights whose gradient the rank holds; and of the rank's share of the weights
/// their norm g, clipping 2g, Adam g + 12 read (master weight, two moments) and 12 written, the 16-bit weight 4 + 2.
/// So M = g·Ψ_held + (4g + 30)·Ψ_local; with g = 4 and nothing sharded 50 bytes per weight.
StepWork step_work(const plan::StageProgram& stage, plan::Zero zero, const hardware::NodeGroup& group,
                   const hardware::DeviceSpec& rank, bool is_base_frozen = false);

/// What remains visible of `work` when a share `overlap` of it may hide behind `cover`:  work - min(overlap·work,
/// cover).
Seconds exposed(Seconds work, double overlap, Seconds cover);

}  // namespace chipmix::laws
