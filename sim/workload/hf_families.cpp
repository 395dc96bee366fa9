// The table of families: one row each, from the model classes of Hugging Face transformers
// (https://github.com/huggingface/transformers/tree/main/src/transformers/models), or the makers' own where the library
// has none: Ling (https://github.com/inclusionAI/Ling), Hunyuan-Large
// (https://github.com/Tencent/Tencent-Hunyuan-Large), Pangu (https://gitcode.com/ascend-tribe/pangu-pro-moe-model),
// Kimi (https://huggingface.co/moonshotai/Kimi-K2-Instruct), InternLM, Baichuan, MiniCPM, Step, MiMo, Grok (the
// modeling files beside their weights on huggingface.co).
#include "workload/hf_families.hpp"

#include <algorithm>

namespace chipmix::workload {
namespace {

using Types = std::vector<std::string_view>;

constexpr Switch never{"", false};
constexpr Switch always{"", true};
constexpr Switch attention_bias{"attention_bias", false};
constexpr Switch biased_attention{"attention_bias", true};
constexpr Switch mlp_bias{"mlp_bias", false};
constexpr Switch use_bias{"use_bias", false};
constexpr Switch tied{"tie_word_embeddings", true};

/// RMS norms and a gated MLP, biases where the file says.
const Family llama{.qkv_bias = attention_bias, .output_bias = attention_bias, .mlp_bias = mlp_bias};
const Family plain{};

Family with(Family family, void (*change)(Family&)) {
  change(family);
  return family;
}

/// Layer norms with biases, biases in every projection, a plain MLP.
const Family gpt{.gated = false,
                 .norm = Norm::layer,
                 .qkv_bias = always,
                 .output_bias = always,
                 .mlp_bias = always,
                 .tied = tied,
                 .learned_positions = true,
                 .default_width = true,
                 .dropout = true};

const Family qwen2{.qkv_bias = {"qkv_bias", true}, .window_needs_switch = true};
const Family qwen3{
    .qkv_bias = attention_bias, .output_bias = attention_bias, .qk_norm = always, .window_needs_switch = true};
const Family qwen3_next = with(qwen3, [](Family& f) {
  f.gate = {"attn_output_gate", true};
  f.shared_gate = true;
  f.recurrence = Recurrence::gated_delta;
  f.full_interval = 4;
});

const Family deepseek_v2{.qkv_bias = attention_bias, .output_bias = attention_bias, .latent = true};
const Family deepseek_v3 = with(deepseek_v2, [](Family& f) { f.router_bias = always; });

const Family bailing{
    .qkv_bias = {"use_qkv_bias", false}, .output_bias = use_bias, .mlp_bias = use_bias, .expert_bias = use_bias};
const Family glm4_moe{.qkv_bias = attention_bias, .router_bias = always};
const Family gemma{.qkv_bias = attention_bias, .output_bias = attention_bias, .tied = tied, .window_pattern = 2};
const Family granite_moe{.qkv_bias = attention_bias,
                         .output_bias = attention_bias,
                         .dense_width_is_expert_width = true,
                         .mlp_sizes = MlpSizes::granite};
const Family cohere{.norm = Norm::layer_without_bias,
                    .qkv_bias = attention_bias,
                    .output_bias = attention_bias,
                    .tied = tied,
                    .parallel_residual = always,
                    .shared_norm = true};

struct Row {
  Types types;
  Family family;
};

std::vector<Row> llama_like() {
  return {{{"llama", "mistral", "ministral", "ministral3", "Yi", "granite"}, llama},
          {{"phi3", "PanguProMoE", "pangu_pro_moe", "exaone", "baichuan", "aquila"}, plain},
          {{"deepseek"}, llama},
          {{"smollm3", "minicpm"}, with(llama, [](Family& f) { f.tied = tied; })},
          {{"mixtral"}, with(plain, [](Family& f) { f.dense_width_is_expert_width = true; })},
          {{"seed_oss"},
           with(llama,
                [](Family& f) {
                  f.output_bias = {"attention_out_bias", false};
                })},
          {{"internlm"},
           with(plain,
                [](Family& f) {
                  f.qkv_bias = f.output_bias = {"bias", true};
                })},
          {{"internlm2"},
           with(plain,
                [](Family& f) {
                  f.qkv_bias = f.output_bias = {"bias", false};
                })},
          {{"internlm3"},
           with(plain,
                [](Family& f) {
                  f.qkv_bias = {"qkv_bias", false};
                  f.output_bias = f.mlp_bias = {"bias", false};
                })},
          {{"PanguEmbedded"},
           with(plain,
                [](Family& f) {
                  f.qkv_bias = f.output_bias = {"bias", true};
                })},
          {{"minicpm3"}, with(plain, [](Family& f) { f.latent = true, f.tied = tied; })},
          {{"llama4_text"},
           with(llama,
                [](Family& f) {
                  f.mlp_sizes = MlpSizes::llama4;
                  f.qk_norm = never;  // without weights, whatever use_qk_norm says
                })},
          {{"apertus"},
           with(llama,
                [](Family& f) {
                  f.gated = false;
                  f.qk_norm = {"qk_norm", true};
                  f.activation_weights = 2;
                })},
          {{"arcee"}, with(llama, [](Family& f) { f.gated = false; })},
          {{"ernie4_5"},
           with(plain,
                [](Family& f) {
                  f.qkv_bias = f.output_bias = f.mlp_bias = use_bias;
                  f.tied = tied;
                })},
          {{"ernie4_5_moe"}, with(plain, [](Family& f) {
             f.qkv_bias = f.output_bias = f.mlp_bias = f.expert_bias = use_bias;
             f.tied = tied;
             f.router_bias = {"moe_use_aux_free", true};
             f.mlp_sizes = MlpSizes::ernie;
           })}};
}

std::vector<Row> asian_makers() {
  return {{{"qwen"},
           with(plain,
                [](Family& f) {
                  f.qkv_bias = always;
                  f.mlp_sizes = MlpSizes::halved;
                })},
          {{"qwen2", "qwen2_vl", "qwen2_5_vl", "qwen2_vl_text", "qwen2_5_vl_text"}, qwen2},
          {{"mimo"}, with(qwen2, [](Family& f) { f.qkv_bias = biased_attention; })},
          {{"qwen2_moe"}, with(qwen2, [](Family& f) { f.shared_gate = true; })},
          {{"qwen3", "qwen3_moe", "qwen3_vl_text", "qwen3_vl_moe_text"}, qwen3},
          {{"qwen3_next", "qwen3_5_text", "qwen3_5_moe_text"}, qwen3_next},
          {{"deepseek_v2"}, deepseek_v2},
          {{"deepseek_v3", "deepseek_v32", "kimi_k2", "glm_moe_dsa", "glm4_moe_lite", "pangu_ultra_moe"}, deepseek_v3},
          {{"kimi_linear"}, with(deepseek_v3, [](Family& f) { f.recurrence = Recurrence::kimi_delta; })},
          {{"bailing_moe", "bailing_moe_v2"}, bailing},
          {{"bailing_moe_linear", "bailing_moe_linear_v2"},
           with(bailing, [](Family& f) { f.recurrence = Recurrence::bailing; })},
          {{"bailing_hybrid"}, with(bailing, [](Family& f) { f.recurrence = Recurrence::bailing, f.latent = true; })},
          {{"glm4_moe", "glm4v_moe_text"}, glm4_moe},
          {{"glm"}, with(plain, [](Family& f) { f.qkv_bias = biased_attention; })},
          {{"glm4", "glm4v_text"}, with(plain, [](Family& f) { f.qkv_bias = attention_bias, f.extra_norms = 2; })},
          {{"chatglm"},
           with(plain,
                [](Family& f) {
                  f.qkv_bias = {"add_qkv_bias", false};
                  f.output_bias = f.mlp_bias = {"add_bias_linear", false};
                })},
          {{"hunyuan", "hunyuan_v1_moe", "hunyuan_v1_dense"},
           with(llama,
                [](Family& f) {
                  f.expert_bias = mlp_bias;
                  f.dense_width_is_expert_width = true;
                })},
          {{"minimax_m2"},
           with(plain,
                [](Family& f) {
                  f.qk_norm_spans_heads = true;
                  f.dense_width_is_expert_width = true;
                  f.router_bias = {"use_routing_bias", true};
                })},
          {{"minimax", "minimax_text_01", "minimax_m1"},
           with(plain,
                [](Family& f) {
                  f.dense_width_is_expert_width = true;
                  f.recurrence = Recurrence::lightning;
                })},
          {{"step3_text"}, plain},
          {{"step3p5", "step3p7", "step3p7_flash"},
           with(plain,
                [](Family& f) {
                  f.qk_norm = always;
                  f.router_bias = {"use_moe_router_bias", true};
                })},
          {{"mimo_v2_flash"}, with(llama, [](Family& f) { f.router_bias = always; })},
          {{"dots1"}, with(qwen3, [](Family& f) { f.router_bias = always; })}};
}

std::vector<Row> american_makers() {
  return {{{"gemma"}, with(gemma, [](Family& f) { f.window_pattern = 0; })},
          {{"gemma2"}, with(gemma, [](Family& f) { f.extra_norms = 2; })},
          {{"gemma3_text"},
           with(gemma,
                [](Family& f) {
                  f.extra_norms = 2;
                  f.qk_norm = always;
                  f.window_pattern = 6;
                })},
          {{"gemma4_text"},
           with(gemma,
                [](Family& f) {
                  f.extra_norms = 2;
                  f.qk_norm = always;
                  f.window_pattern = 6;
                  f.mlp_sizes = MlpSizes::gemma4;
                })},
          {{"phi"},
           with(gpt,
                [](Family& f) {
                  f.tied = {"tie_word_embeddings", false};
                  f.learned_positions = f.dropout = false;
                  f.parallel_residual = f.head_bias = always;
                  f.shared_norm = true;
                })},
          {{"phimoe"},
           with(llama,
                [](Family& f) {
                  f.norm = Norm::layer;
                  f.head_bias = {"lm_head_bias", false};
                  f.dense_width_is_expert_width = true;
                })},
          {{"olmo"}, with(llama, [](Family& f) { f.norm = Norm::layer_without_weights; })},
          {{"olmo2", "olmo3"}, with(llama, [](Family& f) { f.qk_norm = always, f.qk_norm_spans_heads = true; })},
          {{"olmoe"},
           with(llama,
                [](Family& f) {
                  f.qk_norm = always;
                  f.qk_norm_spans_heads = f.dense_width_is_expert_width = true;
                })},
          {{"granitemoe", "granitemoeshared"}, granite_moe},
          {{"granitemoehybrid"}, with(granite_moe, [](Family& f) { f.recurrence = Recurrence::mamba2; })},
          {{"nemotron"}, with(llama, [](Family& f) { f.gated = false, f.norm = Norm::layer; })},
          {{"nemotron_h"},
           with(llama,
                [](Family& f) {
                  f.gated = false;
                  f.router_bias = always;
                  f.recurrence = Recurrence::mamba2;
                })},
          {{"dbrx"},
           with(plain,
                [](Family& f) {
                  f.norm = Norm::layer_without_bias;
                  f.dense_width_is_expert_width = true;
                })},
          {{"arctic"},
           with(plain,
                [](Family& f) {
                  f.dense_width_is_expert_width = true;
                  f.mlp_sizes = MlpSizes::arctic;
                })},
          {{"grok-1"}, with(plain, [](Family& f) { f.dense_width_is_expert_width = true, f.extra_norms = 2; })},
          {{"gpt_oss"}, with(plain, [](Family& f) {
             f.qkv_bias = f.output_bias = biased_attention;
             f.expert_bias = f.router_bias = always;
             f.dense_width_is_expert_width = f.sinks = true;
             f.window_pattern = 2;
           })}};
}

std::vector<Row> other_makers() {
  return {{{"jamba"},
           with(plain,
                [](Family& f) {
                  f.dense_width_is_expert_width = true;
                  f.recurrence = Recurrence::mamba;
                })},
          {{"falcon_h1"},
           with(llama,
                [](Family& f) {
                  f.recurrence = Recurrence::mamba2;
                  f.otherwise = Mixer::both;
                })},
          {{"bamba"}, with(llama, [](Family& f) { f.recurrence = Recurrence::mamba2; })},
          {{"falcon_mamba", "mamba"},
           with(plain,
                [](Family& f) {
                  f.tied = tied;
                  f.recurrence = Recurrence::mamba;
                  f.otherwise = Mixer::linear;
                })},
          {{"cohere"}, cohere},
          {{"cohere2"}, with(cohere, [](Family& f) { f.window_pattern = 4; })},
          {{"exaone4"}, with(plain, [](Family& f) { f.qk_norm = always; })},
          {{"stablelm"},
           with(plain,
                [](Family& f) {
                  f.norm = Norm::layer;
                  f.qkv_bias = {"use_qkv_bias", false};
                  f.parallel_residual = {"use_parallel_residual", false};
                  f.shared_norm = true;
                })},
          {{"starcoder2"}, with(gpt, [](Family& f) {
             f.qkv_bias = f.output_bias = f.mlp_bias = {"use_bias", true};
             f.learned_positions = f.dropout = false;
           })}};
}

std::vector<Row> gpt_like() {
  return {{{"gpt2", "gpt3", "gpt_bigcode"}, gpt},
          {{"opt"}, with(gpt, [](Family& f) { f.position_offset = 2; })},
          {{"bloom"}, with(gpt, [](Family& f) { f.learned_positions = false, f.embedding_norm = true; })},
          {{"gpt_neox"},
           with(gpt,
                [](Family& f) {
                  f.qkv_bias = f.output_bias = biased_attention;
                  f.tied = {"tie_word_embeddings", false};
                  f.parallel_residual = {"use_parallel_residual", true};
                  f.learned_positions = f.dropout = f.default_width = false;
                })},
          {{"gptj"},
           with(gpt,
                [](Family& f) {
                  f.qkv_bias = f.output_bias = never;
                  f.tied = {"tie_word_embeddings", false};
                  f.parallel_residual = f.head_bias = always;
                  f.shared_norm = true;
                  f.learned_positions = false;
                })},
          {{"falcon"}, with(gpt, [](Family& f) {
             f.qkv_bias = f.output_bias = f.mlp_bias = {"bias", false};
             f.parallel_residual = {"parallel_attn", true};
             f.learned_positions = f.dropout = false;
           })}};
}

}  // namespace

const std::vector<Family>& families() {
  static const std::vector<Family> table = [] {
    std::vector<Family> all;
    for (const auto& rows : {llama_like(), asian_makers(), american_makers(), other_makers(), gpt_like()})
      for (const Row& row : rows)
        for (const std::string_view type : row.types) {
          all.push_back(row.family);
          all.back().model_type = type;
        }
    return all;
  }();
  return table;
}

const Family* family_of(std::string_view model_type) {
  const auto& table = families();
  const auto is_it = [&](const Family& family) { return family.model_type == model_type; };
  const auto found = std::find_if(table.begin(), table.end(), is_it);
  return found == table.end() ? nullptr : &*found;
}

}  // namespace chipmix::workload
