// Keys of a config.json that nothing read: harmless ones by name, the rest refused if they sound as if they shaped the
// model. An unknown key that may change parameters or operations is refused; it is never skipped silently.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "workload/hf_keys.hpp"

namespace chipmix::workload {
namespace {

/// Parts of names under which configurations say sizes and kinds of layers.
constexpr std::array structural{
    "layer", "expert",  "dim",   "size",     "head",   "rank", "window", "state",  "width", "pattern", "ssm",  "mamba",
    "conv",  "linear",  "block", "ffn",      "mlp",    "attn", "atten",  "moe",    "gate",  "period",  "freq", "kernel",
    "expan", "group",   "index", "compress", "sparse", "shar", "bias",   "hidden", "inner", "depth",   "lora", "mtp",
    "nextn", "predict", "kv",    "cross",    "qk",     "norm", "recur",  "query",  "embed", "ratio",   "cla"};

/// Beginnings of such names: numbers of something, and switches.
constexpr std::array structural_starts{"n_", "num_", "hc_", "use_", "d_"};

/// Ends of names of rates, scales, ids and switches that change neither weights nor products.
constexpr std::array harmless_ends{
    "_eps",     "_epsilon",     "dropout",     "_pdrop",          "_prob",        "_drop",        "_id",
    "_ids",     "_std",         "_coef",       "_coeff",          "_alpha",       "_beta",        "_gamma",
    "_theta",   "_scaling",     "_scale",      "_factor",         "_dtype",       "_version",     "_loss",
    "_limit",   "_limits",      "_function",   "_func",           "_multiplier",  "_multipliers", "_clip",
    "_softcap", "_softcapping", "_capping",    "_base",           "_token",       "_index",       "_range",
    "_weight",  "_cache",       "_kernels",    "_interleave",     "_interleaved", "_temperature", "_tokens",
    "_act",     "_activation",  "_penalty",    "_implementation", "_exponent",    "_impl",        "_backend",
    "_logits",  "_method",      "_method_type"};

/// Harmless ones that sound structural: positions, precision, generation, training.
constexpr std::array harmless{"rope_ratio",
                              "ffn_act_fn",
                              "skip_bias_add_qkv",
                              "do_layer_norm_before",
                              "layerdrop",
                              "enable_bias",
                              "layer_norm_elementwise_affine",
                              "rope_local_base_freq",
                              "order_of_interleaved_layers",
                              "use_embedding_sharing",
                              "use_gated_activation",
                              "use_parallel_block",
                              "num_media_embeds",
                              "moe_capacity",
                              "weight_share_add_bias",
                              "use_associative_scan",
                              "use_mambapy",
                              "use_falcon_mambapy",
                              "fused_add_norm",
                              "rms_norm",
                              "pad_vocab_size_multiple",
                              "ssm_cfg",
                              "attn_temperature_tuning",
                              "mamba_inner_layernorms",
                              "moe_drop_tokens",
                              "fp32_residual_connection",
                              "time_step_init_scheme",
                              "cache_implementation",
                              "max_position_embeddings",
                              "original_max_position_embeddings",
                              "max_sequence_length",
                              "max_seq_len",
                              "seq_length",
                              "model_max_length",
                              "rotary_dim",
                              "rope_dim",
                              "rotary_emb_base",
                              "rope_scaling",
                              "rope_parameters",
                              "partial_rotary_factor",
                              "partial_rotary_factors",
                              "rotary_pct",
                              "norm_topk_prob",
                              "scoring_func",
                              "score_function",
                              "moe_router_activation_func",
                              "moe_renormalize",
                              "norm_expert_weight",
                              "seq_aux",
                              "ep_size",
                              "pretraining_tp",
                              "chunk_size_feed_forward",
                              "use_cache",
                              "num_beams",
                              "num_beam_groups",
                              "num_return_sequences",
                              "no_repeat_ngram_size",
                              "encoder_no_repeat_ngram_size",
                              "output_hidden_states",
                              "output_attentions",
                              "pruned_heads",
                              "cross_attention_hidden_size",
                              "num_logits_to_keep",
                              "use_mamba_kernels",
                              "residual_in_fp32",
                              "rescale_prenorm_residual",
                              "time_step_min",
                              "time_step_max",
                              "time_step_floor",
                              "time_step_limit",
                              "quantization_config",
                              "quantization",
                              "id2label",
                              "label2id",
                              "task_specific_params",
                              "auto_map",
                              "chipmix",
                              "return_dict",
                              "scale_embedding",
                              "scale_embeddings",
                              "mla_use_nope",
                              "rmsnorm",
                              "post_layer_norm",
                              "apply_query_key_layer_scaling",
                              "return_dict_in_generate",
                              "output_gate_type",
                              "need_fp32_gate",
                              "use_im_start_end",
                              "max_window_size",
                              "layernorm_epsilon",
                              "use_bfloat16",
                              "use_return_dict",
                              "use_flash_attn",
                              "_flash_attn_2_enabled",
                              "attn_implementation",
                              "_attn_implementation",
                              "_attn_implementation_autoset",
                              "no_rope_layers",
                              "no_rope_layer_interval",
                              "nope_layer_interval",
                              "use_rope",
                              "use_mrope",
                              "mrope_section",
                              "use_dynamic_ntk",
                              "use_logn_attn",
                              "logn_attn",
                              "use_grouped_topk",
                              "moe_router_dtype",
                              "moe_shared_expert_overlap",
                              "use_rmsnorm",
                              "qk_head_dim",
                              "rope_interleave",
                              "alibi",
                              "alibi_bias_max",
                              "use_flex_attention",
                              "apply_residual_connection_post_layernorm",
                              "slow_but_exact",
                              "skip_bias_add",
                              "bias_dropout_fusion",
                              "masked_softmax_fusion",
                              "hidden_dropout_prob",
                              "attention_probs_dropout_prob",
                              "attention_softmax_in_fp32",
                              "scale_attention_softmax_in_fp32",
                              "scale_attn_weights",
                              "scale_attn_by_inverse_layer_idx",
                              "reorder_and_upcast_attn",
                              "summary_type",
                              "summary_use_proj",
                              "summary_proj_to_labels",
                              "summary_first_dropout",
                              "summary_activation",
                              "gradient_checkpointing",
                              "init_cutoff_factor",
                              "init_method",
                              "use_gemma_norm",
                              "weight_norm",
                              "norm_after_topk",
                              "scale_emb",
                              "dim_model_base",
                              "scale_depth",
                              "query_pre_attn_scalar",
                              "use_bidirectional_attention",
                              "enable_moe_fp32_combine",
                              "moe_use_hard_gate",
                              "moe_multimodal_paired_experts",
                              "moe_gate_act",
                              "moe_group",
                              "moe_all_to_all_dropout",
                              "moe_gate",
                              "moe_dropout_prob",
                              "num_experts_per_group",
                              "attention_multiplier",
                              "mamba_chunk_size",
                              "chunk_size",
                              "mamba_conv_state",
                              "yarn_only_types",
                              "use_rope_layers",
                              "swa_rope_theta",
                              "vocab_size_per_layer_input",
                              "use_long_factor",
                              "use_scaled_rope",
                              "embedding_multiplier",
                              "router_jitter_noise",
                              "input_jitter_noise",
                              "moe_token_dropping",
                              "moe_min_capacity",
                              "moe_train_capacity_factor",
                              "moe_eval_capacity_factor",
                              "enable_expert_tensor_parallelism",
                              "moe_loss_weight",
                              "moe_jitter_eps",
                              "moe_normalize_expert_weights",
                              "uniform_expert_assignment",
                              "is_decoder",
                              "add_cross_attention",
                              "tie_encoder_decoder",
                              "attention_probs_dropout",
                              "index_share_for_mtp_iteration",
                              "index_skip_topk_offset",
                              "index_topk_freq",
                              "mtp_use_dedicated_embeddings",
                              "mamba_act",
                              "mamba_hidden_act",
                              "ssm_multipliers",
                              "mlp_multipliers",
                              "attention_in_multiplier",
                              "attention_out_multiplier",
                              "key_multiplier",
                              "moe_capacity_factor",
                              "moe_expert_capacity",
                              "num_ctx",
                              "use_sequence_parallel",
                              "clip_qkv",
                              "no_rope_layer",
                              "norm_reduction_type",
                              "parallel_lm_logits",
                              "use_cutlass_fused_rope"};

/// Beginnings of names that speak of images, sounds, positions, limits and initial values.
constexpr std::array harmless_starts{"vit_",   "anyres_", "vision_", "image_", "img_", "audio_",
                                     "video_", "mm_",     "max_",    "min_",   "rope", "initializer_"};

/// Objects that hold another model beside the language model.
constexpr std::array towers{"vision",     "visual",    "audio",          "image",     "vit",    "sound",
                            "speech",     "projector", "code_predictor", "token2wav", "talker", "img_processor",
                            "embd_layer", "dit"};

template <std::size_t N>
bool is_one_of(std::string_view key, const std::array<const char*, N>& names) {
  return std::any_of(names.begin(), names.end(), [&](const char* name) { return key == name; });
}

template <std::size_t N>
bool has_one_of(std::string_view key, const std::array<const char*, N>& parts) {
  return std::any_of(parts.begin(), parts.end(), [&](const char* part) { return key.find(part) != key.npos; });
}

bool is_harmless(std::string_view key) {
  const bool by_end =
      std::any_of(harmless_ends.begin(), harmless_ends.end(), [&](const char* end) { return key.ends_with(end); });
  const bool by_start = std::any_of(harmless_starts.begin(), harmless_starts.end(),
                                    [&](const char* start) { return key.starts_with(start); });
  return by_end || by_start || is_one_of(key, harmless);
}

bool is_structural(std::string_view key) {
  const bool by_start = std::any_of(structural_starts.begin(), structural_starts.end(),
                                    [&](const char* start) { return key.starts_with(start); });
  return by_start || has_one_of(key, structural);
}

bool says_something(const io::Value& value) {
  if (value.is_null()) return false;
  const std::string text = value.to_json();
  return text != "false" && text != "0" && text != "0.0" && text != "[]" && text != "{}" && text != "\"\"" &&
         text != "1.0";
}

bool is_tower(std::string_view key, const io::Value& value) { return value.is_object() && has_one_of(key, towers); }

void skip_tower(std::string_view key, std::vector<std::string>& assumed) {
  assumed.push_back(fmt::format("'{}' is left out: only the language model is modelled", key));
}

void refuse(const std::string& key, const io::Value& value) {
  value.error_at_key(fmt::format("'{}' may change the model's weights or operations, and is not modelled", key),
                     "leave the key out if it changes nothing; docs/models.md says what is modelled");
}

void check(const Keys& config, const std::string& key, const io::Value& value, std::vector<std::string>& assumed) {
  if (config.was_read(key) || !says_something(value)) return;
  if (is_tower(key, value)) return skip_tower(key, assumed);
  if (is_harmless(key)) return;
  if (is_structural(key)) refuse(key, value);
}

}  // namespace

void refuse_unread(const Keys& config, std::vector<std::string>& assumed) {
  const auto& inner = inner_objects();
  for (const auto& [key, value] : config.object().members()) {
    if (value.is_object() && std::find(inner.begin(), inner.end(), key) != inner.end())
      for (const auto& [name, member] : value.members()) check(config, name, member, assumed);
    else
      check(config, key, value, assumed);
  }
}

void refuse_unread_around(const Keys& root, std::string_view text, std::vector<std::string>& assumed) {
  for (const auto& [key, value] : root.object().members()) {
    if (!value.is_object() || key == text || !says_something(value)) continue;
    if (is_tower(key, value))
      skip_tower(key, assumed);
    else if (!is_harmless(key))
      refuse(key, value);
  }
}

}  // namespace chipmix::workload
