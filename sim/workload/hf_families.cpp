// The table of families: one row each, from the model classes of Hugging Face transformers
// (https://github.com/huggingface/transformers/tree/main/src/transformers/models), or the makers' own where the library
// has none: Ling (https://github.com/inclusionAI/Ling), Hunyuan-Large
// (https://github.com/Tencent/Tencent-Hunyuan-Large), Pangu Pro MoE
// (https://gitcode.com/ascend-tribe/pangu-pro-moe-model), Kimi K2 (https://huggingface.co/moonshotai/Kimi-K2-Instruct).
#include "workload/hf_families.hpp"

#include <algorithm>

namespace chipmix::workload {
namespace {

constexpr Switch never{"", false};
constexpr Switch always{"", true};
constexpr Switch attention_bias{"attention_bias", false};
constexpr Switch mlp_bias{"mlp_bias", false};

Family llama(std::string_view model_type) {
  return {.model_type = model_type, .qkv_bias = attention_bias, .output_bias = attention_bias, .mlp_bias = mlp_bias};
}

Family plain(std::string_view model_type) { return {.model_type = model_type}; }

Family mixtral() {
  Family f = plain("mixtral");
  f.dense_width_is_expert_width = true;
  return f;
}

Family qwen2(std::string_view model_type) {
  Family f = plain(model_type);
  f.qkv_bias = {"qkv_bias", true};
  f.shared_gate = model_type == "qwen2_moe";
  return f;
}

Family qwen3(std::string_view model_type) {
  return {.model_type = model_type, .qkv_bias = attention_bias, .output_bias = attention_bias, .qk_norm = always};
}

Family deepseek(std::string_view model_type) {
  Family f = llama(model_type);
  f.mlp_bias = never;
  f.router_bias = model_type != "deepseek_v2";
  return f;
}

Family bailing(std::string_view model_type) {
  constexpr Switch use_bias{"use_bias", false};
  return {.model_type = model_type,
          .qkv_bias = {"use_qkv_bias", false},
          .output_bias = use_bias,
          .mlp_bias = use_bias,
          .expert_bias = use_bias};
}

Family glm4_moe() { return {.model_type = "glm4_moe", .qkv_bias = attention_bias, .router_bias = true}; }

Family hunyuan(std::string_view model_type) {
  Family f = llama(model_type);
  f.expert_bias = mlp_bias;
  f.dense_width_is_expert_width = true;
  return f;
}

Family gpt(std::string_view model_type) {
  return {.model_type = model_type,
          .gated = false,
          .norm = Norm::layer,
          .qkv_bias = always,
          .output_bias = always,
          .mlp_bias = always,
          .tied = {"tie_word_embeddings", true},
          .learned_positions = true,
          .default_width = true,
          .dropout = true};
}

Family gpt_neox() {
  constexpr Switch biased{"attention_bias", true};
  return {.model_type = "gpt_neox",
          .gated = false,
          .norm = Norm::layer,
          .qkv_bias = biased,
          .output_bias = biased,
          .mlp_bias = always,
          .parallel_residual = {"use_parallel_residual", true}};
}

Family falcon() {
  constexpr Switch bias{"bias", false};
  return {.model_type = "falcon",
          .gated = false,
          .norm = Norm::layer,
          .qkv_bias = bias,
          .output_bias = bias,
          .mlp_bias = bias,
          .tied = {"tie_word_embeddings", true},
          .parallel_residual = {"parallel_attn", true},
          .default_width = true};
}

Family gpt_oss() {
  constexpr Switch biased{"attention_bias", true};
  return {.model_type = "gpt_oss",
          .qkv_bias = biased,
          .output_bias = biased,
          .expert_bias = always,
          .dense_width_is_expert_width = true,
          .router_bias = true,
          .sinks = true,
          .alternating_window = true};
}

}  // namespace

const std::vector<Family>& families() {
  static const std::vector<Family> table{llama("llama"),
                                         plain("mistral"),
                                         mixtral(),
                                         qwen2("qwen2"),
                                         qwen2("qwen2_moe"),
                                         qwen3("qwen3"),
                                         qwen3("qwen3_moe"),
                                         deepseek("deepseek_v2"),
                                         deepseek("deepseek_v3"),
                                         deepseek("kimi_k2"),
                                         bailing("bailing_moe"),
                                         bailing("bailing_moe_v2"),
                                         glm4_moe(),
                                         hunyuan("hunyuan"),
                                         hunyuan("hunyuan_v1_moe"),
                                         hunyuan("hunyuan_v1_dense"),
                                         plain("PanguProMoE"),
                                         plain("pangu_pro_moe"),
                                         gpt("gpt2"),
                                         gpt("gpt3"),
                                         gpt_neox(),
                                         falcon(),
                                         plain("phi3"),
                                         gpt_oss()};
  return table;
}

const Family* family_of(std::string_view model_type) {
  const auto& table = families();
  const auto is_it = [&](const Family& family) { return family.model_type == model_type; };
  const auto found = std::find_if(table.begin(), table.end(), is_it);
  return found == table.end() ? nullptr : &*found;
}

}  // namespace chipmix::workload
