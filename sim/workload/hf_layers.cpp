// Which layer of a config.json has which parts: attention, a sliding window, a recurrence, experts, an MLP.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "workload/hf_parts.hpp"

namespace chipmix::workload {
namespace {

const Spellings layers_keys{"num_hidden_layers", "n_layer", "n_layers", "num_layers"};
const Spellings block_list_keys{"layers_block_type"};
const Spellings pattern_keys{"hybrid_override_pattern"};

/// What a word or letter for a layer says.
struct LayerWord {
  std::string_view word;
  Mixer mixer = Mixer::attention;
  bool windowed = false;
  bool alone = false;  ///< a layer of one part, without an MLP
  bool experts = false;
};

constexpr std::array words{LayerWord{"full_attention"},
                           LayerWord{"global_attention"},
                           LayerWord{"attention"},
                           LayerWord{"deepseek_sparse_attention"},
                           LayerWord{"sliding_attention", Mixer::attention, true},
                           LayerWord{"chunked_attention", Mixer::attention, true},
                           LayerWord{"linear_attention", Mixer::linear},
                           LayerWord{"mamba", Mixer::linear},
                           LayerWord{"hybrid", Mixer::both}};

/// Nemotron-H (arXiv:2504.03624): every layer is one part.
constexpr std::array single_parts{LayerWord{"M", Mixer::linear, false, true},
                                  LayerWord{"mamba", Mixer::linear, false, true},
                                  LayerWord{"*", Mixer::attention, false, true},
                                  LayerWord{"attention", Mixer::attention, false, true},
                                  LayerWord{"-", Mixer::none},
                                  LayerWord{"mlp", Mixer::none},
                                  LayerWord{"E", Mixer::none, false, false, true},
                                  LayerWord{"moe", Mixer::none, false, false, true}};

template <std::size_t N>
const LayerWord* find_word(const std::array<LayerWord, N>& table, std::string_view word) {
  const auto found = std::find_if(table.begin(), table.end(), [&](const LayerWord& w) { return w.word == word; });
  return found == table.end() ? nullptr : &*found;
}

void set(ModelSpec& model, int layer, const LayerWord& word) {
  model.mixers[layer] = word.mixer;
  model.has_mlp[layer] = !word.alone;
  model.is_windowed_layer[layer] = word.windowed;
  model.is_moe_layer[layer] = word.experts;
}

/// A list for the prediction layers too is cut after the model's layers.
void check_length(const io::Value& list, std::size_t entries, const ModelSpec& model) {
  const auto layers = static_cast<std::size_t>(model.layers);
  if (entries == layers || entries == layers + model.prediction_layers) return;
  list.error(fmt::format("{} entries for {} layers", entries, model.layers));
}

template <std::size_t N>
void read_words(const io::Value& list, const std::array<LayerWord, N>& table, ModelSpec& model) {
  int layer = 0;
  const auto elements = list.as_list();
  for (const io::Value& element : elements) {
    const auto text = element.as_text();
    const LayerWord* word = text ? find_word(table, *text) : nullptr;
    if (text && word == nullptr) element.error(fmt::format("layers of the kind '{}' are not modelled", *text));
    if (word != nullptr && layer < model.layers) set(model, layer, *word);
    ++layer;
  }
  if (list.is_list()) check_length(list, elements.size(), model);
}

/// Letters of single parts; '|' marks the cuts of a pipeline.
void read_letters(const io::Value& pattern, ModelSpec& model) {
  std::string text = pattern.as_text().value_or("");
  text.erase(std::remove(text.begin(), text.end(), '|'), text.end());
  for (std::size_t i = 0; i < text.size() && i < model.mixers.size(); ++i) {
    const LayerWord* word = find_word(single_parts, std::string_view(text).substr(i, 1));
    if (word == nullptr) return pattern.error(fmt::format("layers of the kind '{}' are not modelled", text[i]));
    set(model, static_cast<int>(i), *word);
  }
  check_length(pattern, text.size(), model);
}

/// 1 where a layer has attention, 0 where it has the recurrence (MiniMax-01, arXiv:2501.08313).
void read_attention_flags(const io::Value& list, ModelSpec& model) {
  int layer = 0;
  const auto elements = list.as_list();
  for (const io::Value& element : elements) {
    const bool attends = element.as_integer().value_or(0) != 0;
    if (layer < model.layers) model.mixers[layer] = attends ? Mixer::attention : Mixer::linear;
    ++layer;
  }
  if (list.is_list()) check_length(list, elements.size(), model);
}

/// Numbers of layers that have attention, counted from `first`; the others have the recurrence.
void read_attention_layers(const io::Value& list, int first, ModelSpec& model) {
  std::fill(model.mixers.begin(), model.mixers.end(), Mixer::linear);
  for (const io::Value& element : list.as_list()) {
    const auto layer = element.as_integer();
    if (!layer) continue;
    if (*layer < first || *layer >= first + model.layers)
      element.error(fmt::format("there is no layer {} among {}", *layer, model.layers));
    else
      model.mixers[*layer - first] = Mixer::attention;
  }
}

template <class HasAttention>
void alternate(ModelSpec& model, HasAttention has_attention) {
  for (int i = 0; i < model.layers; ++i) model.mixers[i] = has_attention(i) ? Mixer::attention : Mixer::linear;
}

/// The list of layers with attention that Kimi Linear keeps among the sizes of its recurrence, counted from 1.
std::optional<io::Value> kimi_layers(const HfConfig& config) {
  const auto inner = config.keys.find("linear_attn_config");
  return inner && inner->is_object() ? inner->find("full_attn_layers") : std::nullopt;
}

/// Periods: Jamba's from an offset, Qwen's at the end of each, Ling's too and whatever is left over at the end.
bool read_periods(const HfConfig& config, ModelSpec& model) {
  if (const auto period = count(config.keys, {"attn_layer_period"}, 1)) {
    const int offset = count(config.keys, {"attn_layer_offset"}).value_or(0);
    alternate(model, [&](int i) { return i % *period == offset; });
    return true;
  }
  const auto group = count(config.keys, {"layer_group_size"}, 1);
  if (group && config.family.recurrence == Recurrence::bailing) {
    const int whole = model.layers / *group * *group;
    alternate(model, [&](int i) { return (i + 1) % *group == 0 || i >= whole; });
    return true;
  }
  const auto interval = count(config.keys, {"full_attention_interval"}, 1);
  const int every = interval.value_or(config.family.full_interval);
  if (every > 0) alternate(model, [&](int i) { return (i + 1) % every == 0; });
  return every > 0;
}

void read_mixers(const HfConfig& config, ModelSpec& model) {
  const Keys& keys = config.keys;
  if (const auto pattern = find_any(keys, pattern_keys)) return read_letters(*pattern, model);
  if (const auto list = find_any(keys, block_list_keys)) {
    if (config.family.model_type == "nemotron_h") return read_words(*list, single_parts, model);
    return read_words(*list, words, model);
  }
  if (const auto list = find_any(keys, {"layer_types"})) {
    keys.pass_over({"full_attention_interval"});
    return read_words(*list, words, model);
  }
  if (const auto list = find_any(keys, {"attn_type_list"})) return read_attention_flags(*list, model);
  if (const auto list = find_any(keys, {"attn_layer_indices"})) return read_attention_layers(*list, 0, model);
  if (const auto list = kimi_layers(config)) return read_attention_layers(*list, 1, model);
  read_periods(config, model);
}

/// Where a family has no recurrence of a known kind, its layers cannot be counted.
void refuse_unknown(const HfConfig& config, const ModelSpec& model) {
  const bool is_mixed = std::any_of(model.mixers.begin(), model.mixers.end(),
                                    [](Mixer m) { return m == Mixer::linear || m == Mixer::both; });
  if (!is_mixed || config.family.recurrence != Recurrence::none) return;
  config.keys.pass_over({"linear_num_key_heads", "linear_num_value_heads", "linear_key_head_dim",
                         "linear_value_head_dim", "linear_conv_kernel_dim", "mamba_num_heads", "mamba_head_dim",
                         "ssm_state_size", "conv_kernel", "mamba_d_state", "mamba_d_conv", "mamba_expand"});
  fault(config.keys,
        {"layer_types", "hybrid_override_pattern", "layers_block_type", "attn_type_list", "attn_layer_period",
         "attn_layer_indices", "linear_attn_config", "full_attention_interval"},
        fmt::format("layers of linear attention or a state space are not modelled for model_type '{}'",
                    config.family.model_type),
        "modelled: qwen3_next, qwen3_5_text, kimi_linear, minimax, bailing_hybrid, jamba, nemotron_h, falcon_h1, "
        "granitemoehybrid, bamba");
}

}  // namespace

int layer_count(const HfConfig& config) {
  if (!find_any(config.keys, layers_keys)) {
    if (const auto list = find_any(config.keys, block_list_keys); list && list->is_list())
      return static_cast<int>(list->as_list().size());
    if (const auto pattern = text(config.keys, pattern_keys)) return static_cast<int>(pattern->size());
  }
  return required_count(config.keys, layers_keys, 1, most_layers);
}

void read_layers(const HfConfig& config, ModelSpec& model) {
  model.mixers.assign(model.layers, config.family.otherwise);
  model.has_mlp.assign(model.layers, config.family.otherwise != Mixer::linear);  // Mamba alone has no MLPs
  model.is_windowed_layer.assign(model.layers, false);
  model.is_moe_layer.assign(model.layers, false);
  read_mixers(config, model);
  refuse_unknown(config, model);
}

}  // namespace chipmix::workload
