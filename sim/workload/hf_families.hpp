// What a model family does that its config.json does not say.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "workload/model.hpp"

namespace chipmix::workload {

/// A switch: under which key a file may set it (empty: it cannot), and what holds otherwise.
struct Switch {
  std::string_view key;
  bool otherwise = false;
};

/// Which recurrence the layers have that are not attention.
enum class Recurrence { none, gated_delta, kimi_delta, lightning, bailing, mamba, mamba2 };

/// What a config.json calls the same and families count differently.
enum class MlpSizes {
  usual,
  llama4,   ///< intermediate_size is of an expert, intermediate_size_mlp of a dense MLP
  ernie,    ///< layers with experts from moe_layer_start_index to moe_layer_end_index
  arctic,   ///< a dense MLP as wide as the hidden state beside the experts
  granite,  ///< shared_intermediate_size is the MLP where there are no experts
  gemma4,   ///< a dense MLP beside the experts
  halved,   ///< intermediate_size counts both input projections
};

struct Family {
  std::string_view model_type{};
  bool gated = true;
  Norm norm = Norm::rms;
  Switch qkv_bias{};
  Switch output_bias{};
  Switch mlp_bias{};
  Switch expert_bias{};
  Switch head_bias{};
  Switch tied{"tie_word_embeddings", false};
  Switch qk_norm{"use_qk_norm", false};
  bool qk_norm_spans_heads = false;
  Switch parallel_residual{};
  bool shared_norm = false;  ///< of attention and MLP side by side
  int extra_norms = 0;       ///< as in ModelSpec
  bool embedding_norm = false;
  int activation_weights = 0;
  bool dense_width_is_expert_width = false;  ///< intermediate_size is the width of an expert
  MlpSizes mlp_sizes = MlpSizes::usual;
  Switch router_bias{};
  bool shared_gate = false;
  bool sinks = false;
  bool window_needs_switch = false;  ///< use_sliding_window
  int window_pattern = 0;            ///< without a list: every so-manieth layer has no window
  bool learned_positions = false;
  int position_offset = 0;     ///< rows of the position table that no token has
  bool default_width = false;  ///< without a key the MLP is 4 times as wide as the hidden state
  bool dropout = false;        ///< when the file does not say
  Switch gate{};               ///< a learned gate on the attended values, one number per element
  bool latent = false;         ///< latent attention, whose keys must be there
  Recurrence recurrence = Recurrence::none;
  Mixer otherwise = Mixer::attention;  ///< of layers of which nothing is said
  int full_interval = 0;               ///< without a list: every so-manieth layer has attention
};

const std::vector<Family>& families();

/// The family of a model_type, or nullptr.
const Family* family_of(std::string_view model_type);

}  // namespace chipmix::workload
