// Dense and expert MLPs of a config.json, and which layer has which.
#include <fmt/format.h>

#include <algorithm>

#include "workload/hf_parts.hpp"

namespace chipmix::workload {
namespace {

const Spellings dense_width_keys{"intermediate_size", "n_inner", "ffn_hidden_size", "ffn_dim", "ffn_hidden_dim"};
const Spellings experts_keys{"num_experts", "n_routed_experts", "num_local_experts", "moe_num_experts"};
const Spellings active_keys{"num_experts_per_tok", "moe_topk",      "experts_per_token",     "moe_k",
                            "moe_top_k",           "top_k_experts", "num_experts_per_token", "num_selected_experts"};
const Spellings expert_width_keys{"moe_intermediate_size", "expert_intermediate_size"};
const Spellings shared_keys{"n_shared_experts", "num_shared_experts", "num_shared_expert", "moe_num_shared_experts"};
const Spellings each_shared_keys{"moe_shared_expert_intermediate_size"};
const Spellings all_shared_keys{"shared_expert_intermediate_size", "shared_intermediate_size", "share_expert_dim"};
const Spellings groups_keys{"n_group", "num_expert_group"};
const Spellings active_groups_keys{"topk_group"};

int expert_width(const HfConfig& config) {
  if (config.family.mlp_sizes == MlpSizes::llama4) return required_count(config.keys, {"intermediate_size"});
  if (const auto width = count(config.keys, expert_width_keys, 1)) return *width;
  if (find_any(config.keys, expert_width_keys)) return 0;
  if (config.family.dense_width_is_expert_width) return required_count(config.keys, dense_width_keys);
  return required_count(config.keys, expert_width_keys);
}

void set_shared(ExpertSpec& e, int total) {
  e.shared_width = total;
  e.shared = total == 0 ? 0 : e.width > 0 && total % e.width == 0 ? total / e.width : 1;
}

/// What is beside the routed experts: a width of all shared experts together, or a number of experts and the width of
/// one (that of a routed one if nothing is said), or a dense MLP.
void read_shared(const HfConfig& config, const ModelSpec& model, ExpertSpec& e) {
  const MlpSizes sizes = config.family.mlp_sizes;
  if (sizes == MlpSizes::llama4) return set_shared(e, e.width);
  if (sizes == MlpSizes::gemma4) return set_shared(e, required_count(config.keys, dense_width_keys));
  if (sizes == MlpSizes::arctic) {
    config.keys.pass_over({"parallel_attn_mlp_res"});
    return set_shared(e, flag(config.keys, {"use_residual", "parallel_attn_mlp_res"}, true) ? model.hidden : 0);
  }
  if (const auto total = count(config.keys, all_shared_keys)) {
    config.keys.pass_over(shared_keys);
    return set_shared(e, *total);
  }
  e.shared = count(config.keys, shared_keys, 0, most_layers).value_or(0);
  if (!flag(config.keys, {"use_mixed_mlp_moe"}, true)) e.shared = 0;  // Hunyuan's switch of shared experts
  const int each = count(config.keys, each_shared_keys, 1).value_or(e.width);
  const double total = static_cast<double>(e.shared) * each;
  if (total > most)
    return fault(config.keys, shared_keys, fmt::format("shared experts {:.0f} wide are too large", total));
  e.shared_width = static_cast<int>(total);
}

void read_groups(const HfConfig& config, ExpertSpec& e) {
  e.groups = count(config.keys, groups_keys, 1).value_or(1);
  e.active_groups = count(config.keys, active_groups_keys, 1).value_or(e.groups);
  if (e.experts % e.groups != 0)
    fault(config.keys, groups_keys, fmt::format("{} experts are not divisible by {} groups", e.experts, e.groups));
  if (e.active_groups > e.groups)
    fault(config.keys, active_groups_keys,
          fmt::format("a token cannot visit {} of {} groups of experts", e.active_groups, e.groups));
}

bool has_router_bias(const HfConfig& config) {
  const auto method = text(config.keys, {"topk_method"});
  const bool is_said = flag(config.keys, {"moe_router_enable_expert_bias", "router_enable_expert_bias"}, false);
  if (method) return *method == "noaux_tc";
  return is_said || is_on(config, config.family.router_bias);
}

ExpertSpec read_experts(const HfConfig& config, const ModelSpec& model) {
  ExpertSpec e;
  e.experts = required_count(config.keys, experts_keys);
  e.active = required_count(config.keys, active_keys);
  e.width = expert_width(config);
  if (e.experts > 0 && e.active > e.experts)
    fault(config.keys, active_keys, fmt::format("a token cannot visit {} of {} experts", e.active, e.experts));
  read_shared(config, model, e);
  read_groups(config, e);
  e.latent = count(config.keys, {"moe_latent_size"}).value_or(0);
  e.bias = is_on(config, config.family.expert_bias);
  e.router_bias = has_router_bias(config);
  e.shared_gate = config.family.shared_gate && e.shared_width > 0;
  if (config.family.mlp_sizes == MlpSizes::gemma4) e.router_scales = model.hidden + e.experts;
  return e;
}

/// A list with one entry per layer that is 1 or "sparse" where the layer has experts.
std::vector<bool> listed(const io::Value& list, int layers) {
  std::vector<bool> moe;
  for (const io::Value& element : list.as_list())
    moe.push_back(element.is_text() ? element.as_text() == "sparse" : element.as_integer().value_or(0) != 0);
  if (static_cast<int>(moe.size()) != layers) list.error(fmt::format("{} entries for {} layers", moe.size(), layers));
  moe.resize(layers);
  return moe;
}

void mark_dense(const HfConfig& config, std::vector<bool>& moe) {
  const auto only = find_any(config.keys, {"mlp_only_layers"});
  if (!only) return;
  for (const io::Value& element : only->as_list()) {
    const auto layer = element.as_integer();
    if (layer && (*layer < 0 || *layer >= static_cast<int>(moe.size())))
      element.error(fmt::format("there is no layer {} among {}", *layer, moe.size()));
    else if (layer)
      moe[*layer] = false;
  }
}

/// Numbers of layers: a list, or text with commas.
std::vector<bool> numbered(const HfConfig& config, const io::Value& value, int layers) {
  std::vector<bool> moe(layers);
  const auto mark = [&](long long layer) {
    if (layer >= 0 && layer < layers) return void(moe[layer] = true);
    fault(config.keys, {"moe_layers_enum", "moe_layers"}, fmt::format("there is no layer {} among {}", layer, layers));
  };
  if (value.is_list()) {
    for (const io::Value& element : value.as_list())
      if (const auto layer = element.as_integer()) mark(*layer);
    return moe;
  }
  const std::string list = value.as_text().value_or("");
  for (std::size_t at = 0; at < list.size();
       at = list.find_first_of(',', at) == list.npos ? list.size() : list.find_first_of(',', at) + 1)
    mark(std::atoll(list.c_str() + at));
  return moe;
}

/// ERNIE 4.5: from one layer to another, the last if none or -1 is said.
std::vector<bool> ranged(const HfConfig& config, int layers) {
  const int interval = count(config.keys, {"moe_layer_interval"}, 1).value_or(1);
  const int first = count(config.keys, {"moe_layer_start_index"}).value_or(0);
  const auto end = find_any(config.keys, {"moe_layer_end_index"});
  const long long said = end ? end->as_integer().value_or(-1) : -1;
  const long long last = said < 0 ? layers - 1 : said;
  std::vector<bool> moe(layers);
  for (int i = 0; i < layers; ++i) moe[i] = (i + 1) % interval == 0 && i >= first && i <= last;
  return moe;
}

std::vector<bool> moe_layers(const HfConfig& config, int layers) {
  const Keys& keys = config.keys;
  for (const char* key : {"mlp_layer_types", "moe_layer_freq"})
    if (const auto value = find_any(keys, {key}); value && value->is_list()) {
      keys.pass_over({"first_k_dense_replace", "moe_layer_freq"});
      return listed(*value, layers);
    }
  const auto numbers = find_any(keys, {"moe_layers_enum", "moe_layers"});
  if (numbers && !numbers->is_number()) {
    keys.pass_over({"first_k_dense_replace", "interleave_moe_layer_step", "moe_every_n_layer"});
    return numbered(config, *numbers, layers);
  }
  if (has_any(keys, {"moe_layer_start_index", "moe_layer_end_index", "moe_layer_interval"}))
    return ranged(config, layers);
  const int dense = count(keys, {"first_k_dense_replace", "moe_layer_num_skipped"}).value_or(0);
  const int frequency = count(keys, {"moe_layer_freq"}, 1).value_or(1);
  const int step =
      count(keys, {"decoder_sparse_step", "interleave_moe_layer_step", "moe_layer_frequency"}, 1).value_or(1);
  const int period = count(keys, {"expert_layer_period"}, 1).value_or(1);
  const int offset = count(keys, {"expert_layer_offset"}).value_or(0);
  std::vector<bool> moe(layers);
  for (int i = 0; i < layers; ++i)
    moe[i] = i >= dense && i % frequency == 0 && (i + 1) % step == 0 && i % period == offset % period;
  mark_dense(config, moe);
  return moe;
}

/// Layers with a dense MLP.
bool has_dense(const ModelSpec& model) {
  for (int i = 0; i < model.layers; ++i)
    if (model.has_mlp[i] && !model.is_moe_layer[i]) return true;
  return false;
}

int dense_width(const HfConfig& config, const ModelSpec& model) {
  const Keys& keys = config.keys;
  const MlpSizes sizes = config.family.mlp_sizes;
  if (sizes == MlpSizes::llama4 && find_any(keys, {"intermediate_size_mlp"}))
    return count(keys, {"intermediate_size_mlp"}, 1).value_or(0);
  if (sizes == MlpSizes::granite && !model.moe && find_any(keys, {"shared_intermediate_size"})) {
    keys.pass_over(dense_width_keys);
    return count(keys, {"shared_intermediate_size"}, 1).value_or(0);
  }
  if (find_any(keys, {"dense_intermediate_size"})) return count(keys, {"dense_intermediate_size"}, 1).value_or(0);
  if (find_any(keys, dense_width_keys)) {
    const int width = count(keys, dense_width_keys, 1).value_or(0);
    return sizes == MlpSizes::halved ? width / 2 : width;
  }
  if (config.family.default_width) return 4 * model.hidden;
  return has_dense(model) ? required_count(keys, dense_width_keys) : 0;
}

/// Keys of experts that a model without experts carries along.
void pass_over_experts(const Keys& keys) {
  for (const Spellings& names : {experts_keys, active_keys, expert_width_keys, shared_keys, each_shared_keys,
                                 all_shared_keys, groups_keys, active_groups_keys})
    keys.pass_over(names);
  keys.pass_over({"decoder_sparse_step", "moe_layer_freq", "first_k_dense_replace", "mlp_only_layers",
                  "expert_layer_period", "expert_layer_offset", "use_moe", "enable_moe_block", "topk_method",
                  "use_mixed_mlp_moe"});
}

}  // namespace

void read_mlp(const HfConfig& config, ModelSpec& model) {
  const Keys& keys = config.keys;
  model.gated = config.family.gated;
  model.mlp_bias = is_on(config, config.family.mlp_bias);
  if (config.family.mlp_sizes == MlpSizes::halved) model.mlp_bias = !flag(keys, {"no_bias"}, true);
  model.activation_weights = config.family.activation_weights;
  const auto experts = find_any(keys, experts_keys);
  const bool is_off = !flag(keys, {"enable_moe_block", "use_moe"}, true);
  const double number = experts && experts->is_number() ? experts->as_number().value_or(0) : 1;
  const bool is_one = number == 1 && config.family.model_type == "jamba";  // a dense MLP
  if (experts && number != 0 && !is_one && !is_off) {
    const bool is_patterned = std::find(model.mixers.begin(), model.mixers.end(), Mixer::none) != model.mixers.end();
    model.moe = read_experts(config, model);
    if (!is_patterned) model.is_moe_layer = moe_layers(config, model.layers);
  }
  if (!model.moe || std::find(model.is_moe_layer.begin(), model.is_moe_layer.end(), true) == model.is_moe_layer.end()) {
    pass_over_experts(keys);
    model.is_moe_layer.assign(model.layers, false);
  }
  model.dense_width = dense_width(config, model);
}

}  // namespace chipmix::workload
