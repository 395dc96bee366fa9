// The launch arguments of Megatron-LM and its descendants, in their own terms: what the flag tables read and write.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace chipmix::interop {

using Number = std::optional<int>;
using Text = std::optional<std::string>;

/// Absent values mean the framework's own default.
struct Arguments {
  // launcher
  Number nodes, processes, world;

  // model
  Number layers, hidden, ffn, heads, query_groups, kv_channels, vocabulary, padded_vocabulary, positions;
  Number vocabulary_multiple, prediction_layers;
  bool grouped_queries = false, untied = false, swiglu = false, squared_relu = false;
  bool no_bias = false, qkv_bias = false, qk_norm = false, rotary = false;
  Text normalization, position_type, hidden_dropout, attention_dropout;
  bool latent = false;
  Number q_rank, kv_rank, nope_dim, rope_dim, value_dim;
  Number experts, active_experts, expert_width, shared_width, shared_experts, expert_groups, active_groups;
  Number dense_first;  ///< MindSpeed: so many layers without experts at the beginning
  Text expert_layers;  ///< one layer in N, or a list such as [0]*3+[1]*58
  bool router_bias = false, shared_gate = false;

  // parallelism
  Number tensor, pipeline, context, expert, expert_tensor;
  Number layers_per_chunk, chunks, first_layers, last_layers;
  bool counts_embedding = false, counts_loss = false;
  Text layout;        ///< Ett|tt|ttL
  Text layer_list;    ///< MindSpeed: layers of each stage
  Text layer_matrix;  ///< MindSpeed: layers of each chunk of each stage
  Text empty_layers;  ///< MindSpeed: layers that do nothing
  bool sequence_parallel = false, distributed_optimizer = false, megatron_fsdp = false, torch_fsdp = false;
  Text sharding;
  bool experts_over_tensor = false;  ///< MindSpeed: tensor ranks divide the experts, not each expert
  Text context_algorithm;
  Number ulysses;                           ///< of the context group, ranks that exchange heads for tokens
  std::vector<std::string> context_levels;  ///< sizes of the context group's levels, the inner one first
  Number zero_stage;                        ///< Megatron-DeepSpeed
  bool no_pipeline = false;                 ///< Megatron-DeepSpeed: stages are not made by DeepSpeed

  bool has_meshes = false;  ///< FlagScale: runs of stages with degrees and devices of their own
  std::vector<std::string> meshes, mesh_devices, mesh_layers, mesh_cuts;

  // training
  Number micro_batch, global_batch, sequence_length;
  Number accumulation;  ///< micro-batches of a step, where the global batch is not said
  bool bf16 = false, fp16 = false;
  Text fp8, optimizer;
  Text recompute, recompute_method;
  Number recompute_layers;
  std::vector<std::string> recompute_modules;
  bool fp8_hybrid = false;                                                               ///< an older spelling
  bool recompute_whole = false, deepspeed_recompute = false, recompute_latents = false;  ///< older and other spellings
  bool flash = false;
  Text attention, implementation;  ///< --attention-backend, --transformer-impl
  bool wide_gradients = false, narrow_gradients = false, precise_optimizer = false, reuses_weights = false;
  Text main_gradients, main_weights, first_moment, second_moment;
  bool optimizer_in_host = false;
  Text optimizer_in_host_share, capacity;
  Number layers_in_host;
  bool swaps_optimizer = false;  ///< MindSpeed: optimizer states wait in host memory, and are stepped on the device
  Number adapter_rank;           ///< MindSpeed-LLM: adapters on frozen weights
  Text stage;
  bool recompute_selective = false, recompute_per_stage = false, recompute_activation = false, recompute_norm = false;
  bool recompute_ahead = false;           ///< MindSpeed: recomputation that does not wait for its gradient
  Number activation_layers, norm_layers;  ///< MindSpeed: of a stage, layers that recompute these parts
  Text zero_memory;                       ///< MindSpeed: the level of its recomputation of experts
  Number zero_memory_layers;
  bool swaps_attention = false, swaps_attention_output = false;  ///< MindSpeed: they wait in host memory
  bool offloads_modules = false;
  std::vector<std::string> modules_in_host;
  bool half_gradients = false, half_moments = false;  ///< MindSpeed-LLM, O2
  bool quantised_base = false;                        ///< MindSpeed-LLM, QLoRA
  Number head_slices, loss_chunk;                     ///< slices of the loss, or tokens of each slice
  Text recompute_ids;                                 ///< Primus: the layers that are recomputed
  bool zero_bubble = false;                           ///< Megatron-DeepSpeed: ZB-H1
  Text loss_mode, schedule;
  Text partition;  ///< BigScience: "type:transformer|embedding": both count as layers
};

}  // namespace chipmix::interop
