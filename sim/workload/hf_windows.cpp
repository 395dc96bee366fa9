// Sliding windows of a config.json: how wide, and in which layers.
#include <fmt/format.h>

#include <algorithm>

#include "workload/hf_windows.hpp"

namespace chipmix::workload {
namespace {

/// 1 where a layer has the window (MiMo-V2, hybrid_layer_pattern).
void read_flags(const io::Value& list, ModelSpec& model) {
  int layer = 0;
  const auto elements = list.as_list();
  for (const io::Value& element : elements)
    if (layer < model.layers) model.is_windowed_layer[layer++] = element.as_integer().value_or(0) != 0;
  if (static_cast<int>(elements.size()) != model.layers)
    list.error(fmt::format("{} entries for {} layers", elements.size(), model.layers));
}

/// "LLLG": local, local, local, global, over and over (EXAONE 4).
void read_window_letters(const io::Value& pattern, const std::string& text, ModelSpec& model) {
  if (text.empty() || text.find_first_not_of("LG") != std::string::npos)
    return pattern.error("a pattern of windows is written with the letters L (local) and G (global)");
  for (int i = 0; i < model.layers; ++i) model.is_windowed_layer[i] = text[i % text.size()] == 'L';
}

void read_pattern(const HfConfig& config, int every, ModelSpec& model) {
  if (!find_any(config.keys, {"sliding_window_pattern", "_sliding_window_pattern"}) && every > 0)
    model.assumed.push_back(fmt::format("every layer but each {}. has the sliding window", every));
  for (int i = 0; i < model.layers; ++i) model.is_windowed_layer[i] = every == 0 || (i + 1) % every != 0;
}

/// Llama 4 attends within chunks, in the layers that have rotary positions: all but every fourth.
void read_chunks(const HfConfig& config, ModelSpec& model) {
  model.attention.window = count(config.keys, {"attention_chunk_size"}, 1);
  if (!model.attention.window) return;
  model.assumed.emplace_back("attention within chunks costs what a sliding window of the chunk's length does");
  if (find_any(config.keys, {"layer_types"})) return;
  const auto list = find_any(config.keys, {"no_rope_layers"});
  if (list && list->is_list() && !list->as_list().empty()) return read_flags(*list, model);
  const int every = count(config.keys, {"no_rope_layer_interval"}, 1).value_or(4);
  for (int i = 0; i < model.layers; ++i) model.is_windowed_layer[i] = (i + 1) % every != 0;
}

/// Without a list: qwen's lower max_window_layers layers have no window, others have it everywhere.
void read_everywhere(const HfConfig& config, ModelSpec& model) {
  const bool is_switched = flag(config.keys, {"use_sliding_window"}, false);
  const int full = is_switched ? count(config.keys, {"max_window_layers"}).value_or(0) : 0;
  for (int i = 0; i < model.layers; ++i) model.is_windowed_layer[i] = i >= full;
}

void read_places(const HfConfig& config, ModelSpec& model) {
  if (find_any(config.keys, {"layer_types"})) return;
  if (const auto list = find_any(config.keys, {"hybrid_layer_pattern"})) return read_flags(*list, model);
  const auto pattern = find_any(config.keys, {"sliding_window_pattern", "_sliding_window_pattern"});
  if (pattern && pattern->is_text()) return read_window_letters(*pattern, pattern->as_text().value_or(""), model);
  const int every = pattern ? count(config.keys, {"sliding_window_pattern", "_sliding_window_pattern"}, 1).value_or(0)
                            : config.family.window_pattern;
  if (every > 0) return read_pattern(config, every, model);
  read_everywhere(config, model);
}

}  // namespace

void read_window(const HfConfig& config, ModelSpec& model) {
  const Keys& keys = config.keys;
  keys.pass_over({"use_sliding_window", "max_window_layers", "sliding_window", "sliding_window_pattern",
                  "_sliding_window_pattern"});
  const bool is_used = flag(keys, {"use_sliding_window"}, !config.family.window_needs_switch);
  const auto width = find_any(keys, {"sliding_window", "sliding_window_size"});
  const bool is_set = width && !(width->is_number() && width->as_number() == 0.0);
  if (is_used && is_set) {
    model.attention.window = count(keys, {"sliding_window", "sliding_window_size"}, 1);
    keys.pass_over({"attention_chunk_size"});
    read_places(config, model);
  } else if (config.family.mlp_sizes == MlpSizes::llama4) {
    read_chunks(config, model);
  }
  const auto& windowed = model.is_windowed_layer;
  if (!model.attention.window && std::find(windowed.begin(), windowed.end(), true) != windowed.end()) {
    if (is_used) fault(keys, {"layer_types"}, "layers have a sliding window without a width");
    model.is_windowed_layer.assign(model.layers, false);
  }
}

}  // namespace chipmix::workload
