// Heads, latent attention, gates, indexers and shared keys of a config.json.
#include <fmt/format.h>

#include <algorithm>

#include "workload/hf_windows.hpp"

namespace chipmix::workload {
namespace {

const Spellings heads_keys{"num_attention_heads", "n_head", "n_heads"};
const Spellings kv_heads_keys{"num_key_value_heads",  "num_kv_heads",          "n_head_kv",
                              "num_attention_groups", "multi_query_group_num", "kv_n_heads"};
const Spellings head_dim_keys{"head_dim", "attention_head_dim", "kv_channels"};

int head_dim(const HfConfig& config, const ModelSpec& model) {
  if (find_any(config.keys, head_dim_keys)) return count(config.keys, head_dim_keys, 1).value_or(0);
  const int heads = model.attention.heads;
  if (heads == 0 || model.hidden == 0) return 0;
  if (model.hidden % heads != 0)
    fault(config.keys, heads_keys,
          fmt::format("hidden size {} is not divisible by {} attention heads", model.hidden, heads),
          "state 'head_dim' if heads and hidden size are independent");
  return model.hidden / heads;
}

/// Falcon's first architecture has one key/value head unless multi_query is false, whatever num_kv_heads says; so has
/// StarCoder's, and ChatGLM's has its own number of them only where multi_query_attention is on.
std::optional<int> special_kv_heads(const HfConfig& config, int heads) {
  const std::string_view type = config.family.model_type;
  if (type == "chatglm" && !flag(config.keys, {"multi_query_attention"}, false)) {
    config.keys.pass_over({"multi_query_group_num"});
    return heads;
  }
  if (type != "falcon" && type != "gpt_bigcode") return std::nullopt;
  if (type == "falcon" && flag(config.keys, {"new_decoder_architecture"}, false)) {
    config.keys.pass_over({"multi_query"});
    return std::nullopt;
  }
  if (!flag(config.keys, {"multi_query"}, true)) return std::nullopt;
  config.keys.pass_over({"num_kv_heads", "n_head_kv"});
  return 1;
}

int kv_heads(const HfConfig& config, const ModelSpec& model) {
  const int heads = model.attention.heads;
  if (const auto special = special_kv_heads(config, heads)) return *special;
  if (!find_any(config.keys, kv_heads_keys)) return heads;
  const int kv = count(config.keys, kv_heads_keys, 1).value_or(0);
  if (kv > 0 && heads > 0 && heads % kv != 0)
    fault(config.keys, kv_heads_keys,
          fmt::format("{} attention heads are not divisible by {} key/value heads", heads, kv));
  return kv;
}

void read_latent(const HfConfig& config, AttentionSpec& attention) {
  LatentAttention latent;
  latent.kv_rank = required_count(config.keys, {"kv_lora_rank"});
  latent.q_rank = count(config.keys, {"q_lora_rank"}).value_or(0);
  latent.nope_dim = required_count(config.keys, {"qk_nope_head_dim"});
  latent.rope_dim = required_count(config.keys, {"qk_rope_head_dim"});
  latent.value_dim = required_count(config.keys, {"v_head_dim"});
  config.keys.pass_over({"num_key_value_heads", "head_dim"});
  attention.kv_heads = attention.heads;
  attention.qk_norm = false;  // of the latents, always there
  attention.head_dim = latent.nope_dim + latent.rope_dim;
  attention.latent = latent;
}

/// DeepSeek-V3.2, GLM-5: which keys a token attends to is chosen by an indexer.
void read_indexer(const HfConfig& config, ModelSpec& model) {
  if (!find_any(config.keys, {"index_topk"})) return;
  if (!model.attention.latent)
    fault(config.keys, {"index_topk"}, "chosen keys are modelled with latent attention only");
  IndexerSpec indexer;
  indexer.chosen = count(config.keys, {"index_topk"}, 1).value_or(1);
  indexer.heads = required_count(config.keys, {"index_n_heads"});
  indexer.head_dim = required_count(config.keys, {"index_head_dim"});
  model.attention.indexer = indexer;
  const auto types = find_any(config.keys, {"indexer_types"});
  if (!types) return;
  for (const io::Value& type : types->as_list()) {
    const auto word = type.as_text();
    if (word && *word != "full" && *word != "shared")
      type.error(fmt::format("indexers of the kind '{}' are not modelled", *word));
    model.borrows_index.push_back(word == "shared");
  }
  if (static_cast<int>(model.borrows_index.size()) != model.layers)
    types->error(fmt::format("{} entries for {} layers", model.borrows_index.size(), model.layers));
  model.borrows_index.resize(model.layers);
}

void read_norms(const HfConfig& config, AttentionSpec& a) {
  const Family& family = config.family;
  const Switch name = family.qk_norm;
  config.keys.pass_over({"use_qk_norm"});
  a.qk_norm = is_on(config, name) || flag(config.keys, {"qk_layernorm", "use_qk_layernorm"}, false);
  a.qk_norm_spans_heads = family.qk_norm_spans_heads || family.model_type == "cohere";
  if (const auto type = text(config.keys, {"qk_norm_type"})) a.qk_norm_spans_heads = *type == "per_layer";
  if (family.model_type == "stablelm") a.qk_norm_spans_heads = true;  // a norm of its own for every head
}

/// Windowed layers with heads of their own: Gemma 4 says those of the others, MiMo-V2 and Step-3.5 theirs.
void read_other_heads(const HfConfig& config, ModelSpec& model) {
  const Keys& keys = config.keys;
  AttentionSpec other = model.attention;
  if (keys.find("global_head_dim")) {
    AttentionSpec& full = model.attention;
    full.head_dim = count(keys, {"global_head_dim"}, 1).value_or(full.head_dim);
    full.values_are_keys = flag(keys, {"attention_k_eq_v"}, false);
    if (full.values_are_keys) full.kv_heads = count(keys, {"num_global_key_value_heads"}, 1).value_or(full.kv_heads);
    keys.pass_over({"num_global_key_value_heads"});
  } else if (keys.find("swa_head_dim") || keys.find("swa_num_attention_heads")) {
    other.heads = count(keys, {"swa_num_attention_heads"}, 1).value_or(other.heads);
    other.kv_heads = count(keys, {"swa_num_key_value_heads"}, 1).value_or(other.kv_heads);
    other.head_dim = count(keys, {"swa_head_dim"}, 1).value_or(other.head_dim);
    other.value_dim = count(keys, {"swa_v_head_dim"}, 1).value_or(other.value_dim);
    other.sinks = flag(keys, {"add_swa_attention_sink_bias"}, false);
    model.attention.sinks = flag(keys, {"add_full_attention_sink_bias"}, false);
  } else if (const auto inner = keys.find("attention_other_setting"); inner && inner->is_object()) {
    const Keys own(*inner);
    other.heads = required_count(own, heads_keys);
    other.kv_heads = count(own, kv_heads_keys, 1).value_or(other.kv_heads);
    other.head_dim = count(own, head_dim_keys, 1).value_or(other.head_dim);
    if (model.attention.gate > 0) other.gate = other.heads;
  } else {
    return;
  }
  model.windowed_attention = other;
}

/// One learned number per element of the attended values, or per head.
void read_gate(const HfConfig& config, AttentionSpec& a) {
  const double values = a.latent ? static_cast<double>(a.heads) * a.latent->value_dim : a.heads * 1.0 * a.per_value();
  if (is_on(config, config.family.gate)) a.gate = static_cast<int>(values);
  if (flag(config.keys, {"use_head_wise_attn_gate"}, false)) a.gate = a.heads;
}

}  // namespace

void read_attention(const HfConfig& config, ModelSpec& model) {
  AttentionSpec& a = model.attention;
  const Keys& keys = config.keys;
  const auto& mixers = model.mixers;
  const bool has_attention =
      std::any_of(mixers.begin(), mixers.end(), [](Mixer m) { return m == Mixer::attention || m == Mixer::both; });
  if (!has_attention) {
    a.heads = a.kv_heads = a.head_dim = 1;  // no layer has it: any number divides
    return;
  }
  a.heads = required_count(keys, heads_keys);
  a.qkv_bias = is_on(config, config.family.qkv_bias);
  a.output_bias = is_on(config, config.family.output_bias);
  if (config.family.mlp_sizes == MlpSizes::halved) a.output_bias = !flag(keys, {"no_bias"}, true);
  read_norms(config, a);
  a.sinks = config.family.sinks;
  const bool has_latent = config.family.latent || find_any(keys, {"kv_lora_rank"});
  if (has_latent && flag(keys, {"use_mla"}, true)) {
    read_latent(config, a);
  } else {
    keys.pass_over({"kv_lora_rank", "q_lora_rank", "qk_nope_head_dim", "qk_rope_head_dim"});
    a.head_dim = head_dim(config, model);
    a.kv_heads = kv_heads(config, model);
    a.value_dim = count(keys, {"v_head_dim"}, 1).value_or(0);
    a.query_rank = count(keys, {"share_q_dim"}).value_or(0);
  }
  read_gate(config, a);
  read_window(config, model);
  read_indexer(config, model);
  read_other_heads(config, model);
  if (flag(keys, {"use_cla"}, false)) model.kv_sharing = required_count(keys, {"cla_share_factor"});
  keys.pass_over({"cla_share_factor"});
  if (model.kv_sharing < 1) model.kv_sharing = 1;
}

}  // namespace chipmix::workload
