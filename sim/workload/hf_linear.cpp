// The sizes of layers with a recurrent state, of each kind that is modelled. Weights follow the model classes of
// Hugging Face transformers (modeling_qwen3_next.py, modeling_minimax.py, modeling_jamba.py, modeling_nemotron_h.py,
// modeling_granitemoehybrid.py, modeling_falcon_h1.py) and the makers' own for Kimi Linear and Ling 2.5.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "workload/hf_parts.hpp"

namespace chipmix::workload {
namespace {

constexpr double delta_chunk = 64;       // tokens (github.com/fla-org/flash-linear-attention, ops/gated_delta_rule)
constexpr double lightning_chunk = 256;  // tokens (arXiv:2401.04658, section 4; lightning_attn2.py)

/// Floating-point operations of a recurrence in chunks of c tokens, per token and head of key size k and value size v:
/// scores and values within the chunk 2c(k + v), reading and writing the state 4kv; the delta rule's triangular
/// inverse, its products with keys and values, and the correction of the state 2ck + 2c(k + v) + 2kv more
/// (arXiv:2412.06464, section 3.3). As keys of attention, 2(k + v) each.
double keys_of(double chunk, double k, double v, bool delta) {
  const double plain = 2 * chunk * (k + v) + 4 * k * v;
  const double correction = delta ? 2 * chunk * k + 2 * chunk * (k + v) + 2 * k * v : 0;
  return (plain + correction) / (2 * (k + v));
}

/// Gated DeltaNet (arXiv:2412.06464) as in Qwen3-Next: queries, keys, values, output gate, and per value head a decay
/// and a step size.
LinearSpec gated_delta(const HfConfig& config) {
  const Keys& keys = config.keys;
  const double key_heads = required_count(keys, {"linear_num_key_heads"});
  LinearSpec l;
  l.kind = "gated delta rule";
  l.heads = required_count(keys, {"linear_num_value_heads"});
  l.key_dim = required_count(keys, {"linear_key_head_dim"});
  l.value_dim = required_count(keys, {"linear_value_head_dim"});
  l.kernel = required_count(keys, {"linear_conv_kernel_dim"});
  l.projected = 2 * key_heads * l.key_dim + 2 * l.inner() + 2 * l.heads;
  l.convolved = 2 * key_heads * l.key_dim + l.inner();
  l.vectors = 2 * l.heads + l.value_dim;
  l.keys = keys_of(delta_chunk, l.key_dim, l.value_dim, true);
  return l;
}

/// Kimi Delta Attention (arXiv:2510.26692): decay and output gate through one head's size.
LinearSpec kimi_delta(const HfConfig& config, double hidden) {
  LinearSpec l;
  l.kind = "Kimi delta attention";
  const auto inner = config.keys.find("linear_attn_config");
  if (!inner || !inner->is_object()) {
    fault(config.keys, {"linear_attn_config"}, "missing object 'linear_attn_config' with the sizes of its recurrence");
    return l;
  }
  const Keys keys(*inner);
  l.heads = required_count(keys, {"num_heads"});
  l.key_dim = l.value_dim = required_count(keys, {"head_dim"});
  l.kernel = required_count(keys, {"short_conv_kernel_size"});
  l.projected = 3 * l.inner() + l.heads;
  l.convolved = 3 * l.inner();
  l.small = {{"decay_down", hidden, l.key_dim},
             {"decay_up", l.key_dim, l.inner()},
             {"gate_down", hidden, l.key_dim},
             {"gate_up", l.key_dim, l.inner()}};
  l.vectors = l.heads + l.inner() + l.value_dim;
  l.keys = keys_of(delta_chunk, l.key_dim, l.value_dim, true);
  return l;
}

/// Lightning attention (arXiv:2501.08313): queries, keys and values of every head, an output gate, a norm.
LinearSpec lightning(const HfConfig& config, const ModelSpec& model) {
  const Keys& keys = config.keys;
  const bool is_bailing = config.family.recurrence == Recurrence::bailing;
  LinearSpec l;
  l.kind = "lightning attention";
  l.heads = required_count(keys, {"num_attention_heads"});
  const int usual = l.heads > 0 ? static_cast<int>(model.hidden / l.heads) : 0;
  l.key_dim = l.value_dim = count(keys, {"head_dim"}, 1).value_or(usual);
  l.projected = 4 * l.inner();
  const bool has_norms = is_bailing && flag(keys, {"use_qk_norm"}, false);
  l.vectors = l.inner() + (has_norms ? 2 * l.key_dim : 0);
  l.bias = is_bailing && flag(keys, {"use_qkv_bias"}, false);
  l.keys = keys_of(lightning_chunk, l.key_dim, l.value_dim, false);
  keys.pass_over({"group_norm_size", "linear_silu", "block", "postnorm", "shared_moe_mode", "rope_interleave"});
  return l;
}

/// A number, or "auto".
int count_or_auto(const Keys& keys, const Spellings& spellings, int automatic) {
  const auto value = find_any(keys, spellings);
  if (!value || value->is_text()) return automatic;
  return count(keys, spellings, 1).value_or(automatic);
}

/// Mamba (arXiv:2312.00752); Jamba puts norms on step sizes and states.
LinearSpec mamba(const HfConfig& config, const ModelSpec& model) {
  const Keys& keys = config.keys;
  const double h = model.hidden, inner = h * count(keys, {"mamba_expand", "expand"}, 1).value_or(2);
  const double rank = count_or_auto(keys, {"mamba_dt_rank", "time_step_rank"}, (model.hidden + 15) / 16);
  LinearSpec l;
  l.kind = "Mamba state space";
  l.heads = inner;
  l.value_dim = 1;
  l.key_dim = count(keys, {"mamba_d_state", "state_size"}, 1).value_or(16);
  l.kernel = count(keys, {"mamba_d_conv", "conv_kernel"}, 1).value_or(4);
  l.convolution_bias = flag(keys, {"mamba_conv_bias", "use_conv_bias"}, true);
  l.bias = flag(keys, {"mamba_proj_bias", "use_bias"}, false);
  l.projected = 2 * inner;
  l.convolved = inner;
  l.small = {{"step_and_state", inner, rank + 2 * l.key_dim}, {"step", rank, inner, true}};
  if (const auto said = count(keys, {"d_inner"}); said && *said != inner)
    fault(keys, {"d_inner"}, fmt::format("an inner width other than {:.0f} is not modelled", inner));
  const bool is_normed = config.family.model_type == "jamba";
  l.vectors = inner * l.key_dim + inner + (is_normed ? rank + 2 * l.key_dim : 0);
  return l;
}

/// Mamba-2 (arXiv:2405.21060): values, output gate, states in and out per group, a step size per head.
LinearSpec mamba2(const HfConfig& config, const ModelSpec& model) {
  const Keys& keys = config.keys;
  LinearSpec l;
  l.kind = "Mamba-2 state space";
  const int heads = required_count(keys, {"mamba_num_heads", "mamba_n_heads"});
  const double expanded = 1.0 * model.hidden * count(keys, {"mamba_expand", "expand"}, 1).value_or(2);
  const double inner = count(keys, {"mamba_d_ssm"}, 1).value_or(static_cast<int>(std::min<double>(expanded, most)));
  const int usual = heads > 0 ? static_cast<int>(inner / heads) : 0;
  l.heads = heads;
  l.value_dim = count_or_auto(keys, {"mamba_head_dim", "mamba_d_head"}, usual);
  l.key_dim = required_count(keys, {"ssm_state_size", "mamba_d_state"});
  l.kernel = count(keys, {"conv_kernel", "mamba_d_conv"}, 1).value_or(4);
  l.convolution_bias = flag(keys, {"use_conv_bias", "mamba_conv_bias"}, true);
  l.bias = flag(keys, {"mamba_proj_bias"}, false) || flag(keys, {"use_bias"}, false) ||
           flag(keys, {"projectors_bias"}, false);
  const double groups = count(keys, {"n_groups", "mamba_n_groups"}, 1).value_or(1);
  l.projected = 2 * l.inner() + 2 * groups * l.key_dim + l.heads;
  l.convolved = l.inner() + 2 * groups * l.key_dim;
  const bool is_normed = config.family.model_type != "falcon_h1" || flag(keys, {"mamba_rms_norm"}, false);
  l.vectors = 3 * l.heads + (is_normed ? l.inner() : 0);
  l.keys = keys_of(count(keys, {"chunk_size", "mamba_chunk_size"}, 1).value_or(256), l.key_dim, l.value_dim, false);
  keys.pass_over({"mamba_norm_before_gate", "mamba_rms_norm", "mamba_use_mlp", "time_step_rank", "mamba_dt_rank"});
  return l;
}

LinearSpec linear_of(const HfConfig& config, const ModelSpec& model) {
  switch (config.family.recurrence) {
    case Recurrence::gated_delta:
      return gated_delta(config);
    case Recurrence::kimi_delta:
      return kimi_delta(config, model.hidden);
    case Recurrence::lightning:
    case Recurrence::bailing:
      return lightning(config, model);
    case Recurrence::mamba:
      return mamba(config, model);
    case Recurrence::mamba2:
      return mamba2(config, model);
    case Recurrence::none:
      break;
  }
  return {};
}

/// Sizes of a recurrence that no layer has.
void pass_over_sizes(const Keys& keys) {
  keys.pass_over({"mamba_expand", "mamba_dt_rank", "mamba_d_state", "mamba_d_conv", "mamba_conv_bias",
                  "mamba_proj_bias", "mamba_n_heads", "mamba_d_head", "mamba_n_groups", "mamba_d_ssm",
                  "linear_attn_config"});
}

}  // namespace

void read_linear(const HfConfig& config, ModelSpec& model) {
  const auto& mixers = model.mixers;
  const auto has_one = [](Mixer m) { return m == Mixer::linear || m == Mixer::both; };
  if (config.family.recurrence == Recurrence::none) return;
  if (std::none_of(mixers.begin(), mixers.end(), has_one)) return pass_over_sizes(config.keys);
  model.linear = linear_of(config, model);
  config.keys.pass_over({"attn_layer_offset", "linear_attn_config"});
  model.assumed.push_back(
      fmt::format("layers with {}: no measured run has their kernels, they cost what products and streams of their "
                  "sizes do",
                  model.linear->kind));
}

}  // namespace chipmix::workload
