// Heads, latent attention, sliding windows and shared keys of a config.json.
#include <fmt/format.h>

#include <algorithm>

#include "workload/hf_parts.hpp"

namespace chipmix::workload {
namespace {

const Spellings heads_keys{"num_attention_heads", "n_head"};
const Spellings kv_heads_keys{"num_key_value_heads", "num_kv_heads", "n_head_kv"};
const Spellings head_dim_keys{"head_dim", "attention_head_dim"};

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

/// Falcon's first architecture has one key/value head unless multi_query is false, whatever num_kv_heads says.
std::optional<int> falcon_kv_heads(const HfConfig& config) {
  if (config.family.model_type != "falcon" || flag(config.keys, {"new_decoder_architecture"}, false))
    return std::nullopt;
  if (flag(config.keys, {"multi_query"}, true)) return 1;
  return std::nullopt;
}

int kv_heads(const HfConfig& config, const ModelSpec& model) {
  if (const auto falcon = falcon_kv_heads(config)) return *falcon;
  const int heads = model.attention.heads;
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
  attention.kv_heads = attention.heads;
  attention.head_dim = latent.nope_dim + latent.rope_dim;
  attention.latent = latent;
}

std::vector<bool> listed_windows(const io::Value& list, int layers) {
  std::vector<bool> windows;
  for (const io::Value& element : list.as_list()) {
    const auto kind = element.as_text();
    if (kind && *kind != "sliding_attention" && *kind != "full_attention")
      element.error(fmt::format("attention of the kind '{}' is not supported", *kind),
                    "one of: full_attention, sliding_attention");
    windows.push_back(kind == "sliding_attention");
  }
  if (list.is_list() && static_cast<int>(windows.size()) != layers)
    list.error(fmt::format("'layer_types' has {} entries for {} layers", windows.size(), layers));
  return windows;
}

/// Without a list: gpt-oss alternates; qwen's lower max_window_layers layers have no window; others have it everywhere.
std::vector<bool> default_windows(const HfConfig& config, ModelSpec& model) {
  std::vector<bool> windows(model.layers, true);
  int full = 0;
  if (config.family.alternating_window) {
    model.assumed.emplace_back("every second layer has the sliding window, beginning with the first");
    for (int i = 1; i < model.layers; i += 2) windows[i] = false;
  } else if (flag(config.keys, {"use_sliding_window"}, false)) {
    full = count(config.keys, {"max_window_layers"}).value_or(0);
  }
  for (int i = 0; i < std::min(full, model.layers); ++i) windows[i] = false;
  return windows;
}

void read_window(const HfConfig& config, ModelSpec& model) {
  const bool is_qwen = config.family.model_type.starts_with("qwen");
  if (!flag(config.keys, {"use_sliding_window"}, !is_qwen)) return;
  model.attention.window = count(config.keys, {"sliding_window"}, 1);
  if (!model.attention.window) return;
  const auto list = find_any(config.keys, {"layer_types"});
  model.is_windowed_layer = list ? listed_windows(*list, model.layers) : default_windows(config, model);
}

}  // namespace

void read_attention(const HfConfig& config, ModelSpec& model) {
  AttentionSpec& a = model.attention;
  a.heads = required_count(config.keys, heads_keys);
  a.qkv_bias = is_on(config, config.family.qkv_bias);
  a.output_bias = is_on(config, config.family.output_bias);
  a.qk_norm = is_on(config, config.family.qk_norm);
  a.sinks = config.family.sinks;
  if (config.family.model_type.starts_with("deepseek") || find_any(config.keys, {"kv_lora_rank"})) {
    read_latent(config, a);
  } else {
    a.head_dim = head_dim(config, model);
    a.kv_heads = kv_heads(config, model);
  }
  read_window(config, model);
  if (flag(config.keys, {"use_cla"}, false)) model.kv_sharing = required_count(config.keys, {"cla_share_factor"});
  if (model.kv_sharing < 1) model.kv_sharing = 1;
}

}  // namespace chipmix::workload
