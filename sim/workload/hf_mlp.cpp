// Dense and expert MLPs of a config.json, and which layer has which.
#include <fmt/format.h>

#include <algorithm>

#include "workload/hf_parts.hpp"

namespace chipmix::workload {
namespace {

const Spellings dense_width_keys{"intermediate_size", "n_inner", "ffn_hidden_size"};
const Spellings experts_keys{"num_experts", "n_routed_experts", "num_local_experts"};
const Spellings active_keys{"num_experts_per_tok", "moe_topk", "experts_per_token"};
const Spellings expert_width_keys{"moe_intermediate_size"};
const Spellings shared_keys{"n_shared_experts", "num_shared_experts", "num_shared_expert"};
const Spellings groups_keys{"n_group"};
const Spellings active_groups_keys{"topk_group"};

int expert_width(const HfConfig& config) {
  if (const auto width = count(config.keys, expert_width_keys, 1)) return *width;
  if (find_any(config.keys, expert_width_keys)) return 0;
  if (config.family.dense_width_is_expert_width) return required_count(config.keys, {"intermediate_size"});
  return required_count(config.keys, expert_width_keys);
}

/// "shared_expert_intermediate_size" is the width of all shared experts together, the others that of one.
void read_shared(const HfConfig& config, ExpertSpec& e) {
  if (const auto total = count(config.keys, {"shared_expert_intermediate_size"})) {
    e.shared_width = *total;
    e.shared = *total == 0 ? 0 : e.width > 0 && *total % e.width == 0 ? *total / e.width : 1;
    return;
  }
  e.shared = count(config.keys, shared_keys, 0, most_layers).value_or(0);
  const int each = count(config.keys, {"moe_shared_expert_intermediate_size"}, 1).value_or(e.width);
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
  if (method) return *method == "noaux_tc";
  return flag(config.keys, {"moe_router_enable_expert_bias", "router_enable_expert_bias"}, config.family.router_bias);
}

ExpertSpec read_experts(const HfConfig& config) {
  ExpertSpec e;
  e.experts = required_count(config.keys, experts_keys);
  e.active = required_count(config.keys, active_keys);
  e.width = expert_width(config);
  if (e.experts > 0 && e.active > e.experts)
    fault(config.keys, active_keys, fmt::format("a token cannot visit {} of {} experts", e.active, e.experts));
  read_shared(config, e);
  read_groups(config, e);
  e.bias = is_on(config, config.family.expert_bias);
  e.router_bias = has_router_bias(config);
  e.shared_gate = config.family.shared_gate && e.shared_width > 0;
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

std::vector<bool> moe_layers(const HfConfig& config, int layers) {
  for (const char* key : {"mlp_layer_types", "moe_layer_freq"})
    if (const auto value = find_any(config.keys, {key}); value && value->is_list()) return listed(*value, layers);
  const int dense = count(config.keys, {"first_k_dense_replace", "moe_layer_num_skipped"}).value_or(0);
  const int frequency = count(config.keys, {"moe_layer_freq"}, 1).value_or(1);
  const int step = count(config.keys, {"decoder_sparse_step"}, 1).value_or(1);
  std::vector<bool> moe(layers);
  for (int i = 0; i < layers; ++i) moe[i] = i >= dense && i % frequency == 0 && (i + 1) % step == 0;
  mark_dense(config, moe);
  return moe;
}

int dense_width(const HfConfig& config, const ModelSpec& model) {
  if (find_any(config.keys, dense_width_keys)) return count(config.keys, dense_width_keys, 1).value_or(0);
  if (config.family.default_width) return 4 * model.hidden;
  const auto& moe = model.is_moe_layer;
  const bool has_dense = std::find(moe.begin(), moe.end(), false) != moe.end();
  return has_dense ? required_count(config.keys, dense_width_keys) : 0;
}

}  // namespace

void read_mlp(const HfConfig& config, ModelSpec& model) {
  model.gated = config.family.gated;
  model.mlp_bias = is_on(config, config.family.mlp_bias);
  model.is_moe_layer.assign(model.layers, false);
  const auto experts = find_any(config.keys, experts_keys);
  const bool has_experts = experts && !(experts->is_number() && experts->as_number() == 0.0);
  if (has_experts) {
    model.moe = read_experts(config);
    model.is_moe_layer = moe_layers(config, model.layers);
  }
  model.dense_width = dense_width(config, model);
}

}  // namespace chipmix::workload
