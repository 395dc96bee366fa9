// Which software ran, and what it does where its user says nothing.
#include <algorithm>
#include <array>
#include <utility>

#include "base/lower_case.hpp"
#include "validation/printed_words.hpp"
#include "validation/question.hpp"

namespace chipmix::validation {
namespace {

// ZeRO stage, sequence parallelism, flash attention and number format without a flag:
//  - Megatron-LM, arguments.py of its releases: no distributed optimizer, no sequence parallelism, attention unfused
//    before 2024; fp16 before 2022, when A100 papers were written with it;
//  - NeMo and Megatron-Core recipes (github.com/NVIDIA/NeMo scripts/performance): distributed optimizer, sequence
//    parallelism with tensor parallelism, fused attention, bf16;
//  - Megatron-DeepSpeed, as Megatron-LM; DeepSpeed ZeRO-3, its tutorial (deepspeed.ai/tutorials/zero);
//  - torchtitan, PyTorch FSDP2, llm-foundry: fully sharded, scaled_dot_product_attention or flash, bf16;
//  - nanotron (docs in github.com/huggingface/nanotron): ZeRO-0 unless set, flash attention, bf16;
//  - MindSpeed-LLM, MindFormers: distributed optimizer, sequence parallelism and flash attention in their examples.
constexpr std::array<StackDefaults, 19> table{{
    {"megatron-lm", 0, false, false, Dtype::fp16, true},
    {"megatron-core", 1, true, true, Dtype::bf16, false},
    {"megatron-core-2026", 1, true, true, Dtype::bf16, false},
    {"megatron-core-rocm", 1, true, true, Dtype::bf16, false},
    {"megatron-deepspeed", 0, false, false, Dtype::fp16, true},
    {"deepspeed", 3, false, false, Dtype::fp16, false},
    {"torchtitan", 3, true, true, Dtype::bf16, false},
    {"llm-foundry", 3, false, true, Dtype::bf16, false},
    {"pytorch-fsdp", 3, true, true, Dtype::bf16, false},
    {"pytorch", 0, false, true, Dtype::bf16, false},
    {"nanotron", 0, true, true, Dtype::bf16, true},
    {"mindspeed-llm", 1, true, true, Dtype::bf16, true},
    {"mindformers", 1, true, true, Dtype::bf16, false},
    {"hai-llm", 1, false, true, Dtype::fp8, false},
    {"megascale", 1, true, true, Dtype::bf16, false},
    {"internevo", 1, true, true, Dtype::bf16, true},
    {"paddle", 1, false, true, Dtype::fp16, false},
    {"megatron-kwai", 0, true, true, Dtype::bf16, true},
    {"xla", 3, true, true, Dtype::bf16, false},
}};

/// Words of a framework's name, and the stack that does what it does. The first that is found decides.
constexpr std::array<std::pair<const char*, const char*>, 31> words{{
    {"nanotron", "nanotron"},
    {"mindspeed", "mindspeed-llm"},
    {"ascendspeed", "mindspeed-llm"},
    {"paddle", "paddle"},
    {"kwai", "megatron-kwai"},
    {"maxtext", "xla"},
    {"pax", "xla"},
    {"alpa", "xla"},
    {"jax", "xla"},
    {"automodel", "pytorch-fsdp"},
    {"colossal", "deepspeed"},
    {"modellink", "mindspeed-llm"},
    {"mindformers", "mindformers"},
    {"mindspore", "mindformers"},
    {"torchtitan", "torchtitan"},
    {"foundry", "llm-foundry"},
    {"composer", "llm-foundry"},
    {"internevo", "internevo"},
    {"internlm", "internevo"},
    {"megascale", "megascale"},
    {"hai-llm", "hai-llm"},
    {"megatron-deepspeed", "megatron-deepspeed"},
    {"deepspeed", "deepspeed"},
    {"primus", "megatron-core-rocm"},
    {"rocm", "megatron-core-rocm"},
    {"nemo", "megatron-core"},
    {"bridge", "megatron-core"},
    {"megatron-core", "megatron-core"},
    {"megatron", "megatron-lm"},
    {"fsdp", "pytorch-fsdp"},
    {"torch", "pytorch"},
}};

/// From this release on Megatron-Bridge's published runs behave as if routers were launched as graphs and tokens
/// exchanged by HybridEP: the same plan on the same H100 takes 1.8 times as long in 26.02 (published_runs/).
constexpr Release graphs_since{2026, 2, 1};
constexpr int last_month = 12;  // of a year without one

bool is_known(const std::string& stack) {
  return std::any_of(table.begin(), table.end(), [&](const StackDefaults& row) { return row.stack == stack; });
}

}  // namespace

const StackDefaults& defaults_of(const std::string& stack) {
  for (const StackDefaults& row : table)
    if (row.stack == stack) return row;
  return table[1];
}

Release software_release(const PublishedRun& run) {
  constexpr std::size_t most_read = 200;  // characters: descriptions begin with what they describe
  for (const std::string& said : {run.plan.release, run.plan.framework})
    if (const auto found = release_in(std::string_view(said).substr(0, most_read)))
      return {found->year, found->month > 0 ? found->month : last_month, found->day};
  return {run.source.year, last_month, 0};
}

std::string stack_of(const PublishedRun& run, const hardware::DeviceSpec& device, Assumed& assumed) {
  if (run.plan.stack == "megatron-core" && software_release(run) >= graphs_since) return "megatron-core-2026";
  if (is_known(run.plan.stack)) return run.plan.stack;
  const std::string framework = lower_case(run.plan.stack + " " + run.plan.framework);
  for (const auto& [word, stack] : words)
    if (framework.find(word) != std::string::npos) {
      assumed.push_back(std::string("plan.stack = ") + stack + " (nearest to '" + run.plan.framework + "')");
      return stack;
    }
  assumed.push_back("plan.stack = " + device.stack + " (usual on the device)");
  return device.stack;
}

}  // namespace chipmix::validation
