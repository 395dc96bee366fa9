// Keys of configurations that have other names than Megatron-LM's arguments: one table, read and written.
#pragma once

#include <array>
#include <string_view>

namespace chipmix::interop {

struct YamlName {
  std::string_view key;       ///< with dashes
  std::string_view flag;      ///< of Megatron-LM
  bool negated = false;       ///< true there is what the flag's absence is
  std::string_view neox{};    ///< as GPT-NeoX spells it; empty: it has no such key
  std::string_view bridge{};  ///< block of Megatron-Bridge that holds it; empty: not written there
};

/// GPT-NeoX (megatron/neox_arguments), NeMo and Megatron-Bridge (megatron/core/transformer/transformer_config.py,
/// training/config.py).
inline constexpr std::array yaml_names{
    YamlName{"pipe-parallel-size", "--pipeline-model-parallel-size", false, "pipe_parallel_size"},
    YamlName{"model-parallel-size", "--tensor-model-parallel-size", false, "model_parallel_size"},
    YamlName{"train-micro-batch-size-per-gpu", "--micro-batch-size", false, "train_micro_batch_size_per_gpu"},
    YamlName{"train-batch-size", "--global-batch-size", false, "train_batch_size"},
    YamlName{"intermediate-size", "--ffn-hidden-size", false, "intermediate_size"},
    YamlName{"no-weight-tying", "--untie-embeddings-and-output-weights", false, "no_weight_tying"},
    YamlName{"moe-num-experts", "--num-experts", false, "moe_num_experts"},
    YamlName{"num-moe-experts", "--num-experts", false, "", "model"},
    YamlName{"moe-top-k", "--moe-router-topk", false, "moe_top_k"},
    YamlName{"moe-expert-parallel-size", "--expert-model-parallel-size", false, "moe_expert_parallel_size"},
    YamlName{"num-nodes", "--nnodes", false, "num_nodes"},
    YamlName{"num-gpus", "--nproc-per-node", false, "num_gpus"},
    YamlName{"devices", "--nproc-per-node"},
    YamlName{"gpus-per-node", "--nproc-per-node"},
    YamlName{"encoder-seq-length", "--seq-length"},
    YamlName{"sequence-length", "--seq-length"},
    YamlName{"virtual-pipeline-model-parallel-size", "--num-virtual-stages-per-pipeline-rank", false, "", "model"},
    YamlName{"activations-checkpoint-granularity", "--recompute-granularity"},
    YamlName{"activations-checkpoint-method", "--recompute-method"},
    YamlName{"activations-checkpoint-num-layers", "--recompute-num-layers"},
    YamlName{"num-layers-in-first-pipeline-stage", "--decoder-first-pipeline-num-layers", false, "", "model"},
    YamlName{"num-layers-in-last-pipeline-stage", "--decoder-last-pipeline-num-layers", false, "", "model"},
    YamlName{"share-embeddings-and-output-weights", "--untie-embeddings-and-output-weights", true, "", "model"},
    YamlName{"add-bias-linear", "--disable-bias-linear", true, "", "model"},
    YamlName{"gated-linear-unit", "--swiglu", false, "", "model"},
    YamlName{"use-flash-attention", "--use-flash-attn"},
    YamlName{"grad-reduce-in-fp32", "--grad-reduce-in-bf16", true, "", "ddp"},
};

}  // namespace chipmix::interop
