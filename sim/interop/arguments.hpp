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

  // training
  Number micro_batch, global_batch, sequence_length;
  bool bf16 = false, fp16 = false;
  Text fp8, optimizer;
  Text recompute, recompute_method;
  Number recompute_layers;
  std::vector<std::string> recompute_modules;
  bool recompute_selective = false, recompute_per_stage = false, recompute_activation = false, recompute_norm = false;
};

}  // namespace chipmix::interop
