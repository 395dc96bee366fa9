// What the training software adds and hides. The same chips run the same plan at other speeds under another stack.
#pragma once

#include <algorithm>
#include <map>
#include <string>

#include "base/dtype.hpp"
#include "base/quantity.hpp"
#include "base/sourced.hpp"
#include "io/shape.hpp"

namespace chipmix::hardware {

/// How tokens reach the experts of other ranks.
enum class Dispatcher {
  all_to_all,     ///< each token goes to each of its experts
  all_gather,     ///< each rank gets the tokens of all ranks of the group (MindSpeed, Megatron's default for long)
  once_per_node,  ///< a token crosses the network once per node, then the fast links (DeepEP, HybridEP)
};

/// What the host launches as one graph instead of kernel by kernel.
struct GraphScope {
  bool attention = false, router = false, everything = false;
  friend auto operator<=>(const GraphScope&, const GraphScope&) = default;
};
const io::Shape<GraphScope>& shape_of(io::Type<GraphScope>);

/// Publishers whose training runs of a stack on a die were compared with predictions.
struct Publishers {
  int dense = 0, moe = 0;
};
const io::Shape<Publishers>& shape_of(io::Type<Publishers>);

struct SoftwareStack {
  std::string id;
  std::string name;
  std::string network;             ///< id of the link that its published runs used, where they do not say; may be empty
  bool flash_attention = true;     ///< attention scores stay on chip
  bool fused_kernels = true;       ///< norm, activation, rotary and loss each in one kernel
  bool fused_accumulation = true;  ///< the product that makes a gradient adds it to those of earlier micro-batches
  bool whole_vocabulary = false;   ///< every tensor-parallel rank has the whole embedding table and whole logits
  Dispatcher dispatcher = Dispatcher::all_to_all;
  bool grouped_experts = true;       ///< the products of a rank's experts run in parallel
  bool synchronises_routing = true;  ///< the host waits for the number of tokens of each expert, in every layer
  bool overlaps_batches = false;     ///< tokens are exchanged beside another micro-batch's compute
  GraphScope graphs{};               ///< CUDA graphs
  bool keeps_gathered = false;       ///< weights gathered (ZeRO-3, FSDP) stay whole until the backward pass is over
  bool keeps_outputs = false;        ///< a pipeline stage keeps its outputs until their gradients have come back
  bool written_out = false;          ///< norms and gated activations are written out and keep what each step needs
  /// What its logs print: "allocated", "first step" (allocated until the first update is over), "reserved" or "device".
  std::string reported_memory = "allocated";
  Sourced<double> tensor_overlap;        ///< share of tensor-parallel communication hidden behind compute
  Sourced<double> fused_tensor_overlap;  ///< the same where products and collectives are fused (async TP, MC2)
  Sourced<double> gradient_overlap;      ///< share of the gradient reduction that may hide behind the backward pass
  Sourced<double> parameter_overlap;     ///< share of parameter gathers (ZeRO-3/FSDP, distributed optimizer) hidden
  Sourced<double> pipeline_overlap;      ///< share of pipeline sends hidden
  Sourced<double> context_overlap;       ///< share of the context-parallel key/value exchange hidden
  Sourced<double> expert_overlap;        ///< share of the expert all-to-all hidden
  Sourced<double> batch_overlap = {.value = 0.8};  ///< the same beside another micro-batch's compute
  Sourced<double>
      expert_efficiency;  ///< rate of expert products, uneven routing included, over the device's grouped rate
  Sourced<double> fp8_rate = {.value = 1};  ///< of 8-bit products, casts and scaling included, over the device's own
  Sourced<double> attention_efficiency;     ///< rate of the stack's attention kernel over the best one of the device
  Sourced<double> selective_products;  ///< share of matrix products that selective recomputation runs again; mostly 0
  Sourced<double> shard_rate;          ///< rate of ZeRO-3 gathers and reductions over that of plain collectives
  Sourced<double> reserved_units;      ///< share of compute units that do communication only; mostly 0
  Sourced<double> collective_rate;     ///< rate of collectives inside a node, beside compute, over a benchmark of them
  Sourced<double> network_rate;        ///< the same between nodes
  Sourced<Seconds> network_latency;    ///< added to each step of a collective between nodes; mostly 0
  Sourced<double> jitter;              ///< spread of a rank's step time over its mean: all wait for the slowest
  Sourced<Seconds> host_per_kernel;    ///< host time to launch a kernel, framework included; a floor under a pass
  Sourced<Seconds> tensor_stall;       ///< where TP and PP meet, a floor per layer, pass and tensor-parallel rank
  Sourced<Seconds> host_per_micro_batch;
  Sourced<Seconds> host_per_step;
  Sourced<Seconds> host_per_rank_pair;          ///< of an optimizer step, for each pair of ranks of the job; mostly 0
  Sourced<double> weight_bytes = {.value = 2};  ///< per weight: 2, or 4 where the fp32 weights are what is kept (FSDP)
  Sourced<double> placeholder_bytes = {
      .value = 0};  ///< per weight of a layer: tensors returned for gradients added elsewhere
  Sourced<double> logit_bytes = {.value = 10};  ///< per logit while the loss runs: 16-bit logits, fp32 copies, gradient
  Sourced<Bytes> workspace;                     ///< scratch memory of libraries, inside the framework's allocator
  Sourced<double> memory_residual = {.value = 1};  ///< 1; its range: measured over predicted peak memory (80 %)
  Sourced<double> gradient_bytes;   ///< per weight: 4 where gradients are accumulated in fp32, 2 in 16 bit
  Sourced<double> optimizer_bytes;  ///< per weight: 12 for Adam with fp32 master weights and moments
  Sourced<Bytes> framework_memory;  ///< driver context, communication buffers, workspaces
  Sourced<double> residual;         ///< 1; its range: measured over predicted step time of runs of one publisher (80 %)
  std::map<std::string, Publishers> seen;  ///< by die (device_family.hpp)
  Sourced<double> allocator_slack;         ///< share of activation memory lost to fragmentation

  /// Bytes of gradient per weight in a number format: products of fp32 or TF32 numbers have fp32 gradients (PyTorch: a
  /// gradient has the format of its parameter).
  double gradient_bytes_in(Dtype dtype) const {
    return is_wide(dtype) ? std::max(gradient_bytes.value, bytes_per_element(dtype)) : gradient_bytes.value;
  }
  /// Bytes of a weight as it is gathered: 2, or 4 in fp32 and TF32.
  static double gathered_bytes_in(Dtype dtype) { return is_wide(dtype) ? bytes_per_element(dtype) : 2; }
  static bool is_wide(Dtype dtype) { return bytes_per_element(dtype) > 2; }
};

const io::Names<Dispatcher>& names_of(io::Type<Dispatcher>);
const io::Shape<SoftwareStack>& shape_of(io::Type<SoftwareStack>);

}  // namespace chipmix::hardware
