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

struct Family {
  std::string_view model_type{};
  bool gated = true;
  Norm norm = Norm::rms;
  Switch qkv_bias{};
  Switch output_bias{};
  Switch mlp_bias{};
  Switch expert_bias{};
  Switch tied{"tie_word_embeddings", false};
  Switch qk_norm{"use_qk_norm", false};
  Switch parallel_residual{};
  bool dense_width_is_expert_width = false;  ///< intermediate_size is the width of an expert
  bool router_bias = false;
  bool shared_gate = false;
  bool sinks = false;
  bool alternating_window = false;  ///< every second layer has the window, beginning with the first
  bool learned_positions = false;
  bool default_width = false;  ///< without a key the MLP is 4 times as wide as the hidden state
  bool dropout = false;        ///< when the file does not say
};

const std::vector<Family>& families();

/// The family of a model_type, or nullptr.
const Family* family_of(std::string_view model_type);

}  // namespace chipmix::workload
