// A whole config.json: which family, the sizes all families have, and the order in which the parts are read.
#include "workload/hf_config.hpp"

#include <fmt/format.h>

#include "base/spelling.hpp"
#include "workload/hf_parts.hpp"

namespace chipmix::workload {
namespace {

const Spellings layers_keys{"num_hidden_layers", "n_layer", "n_layers", "num_layers"};
const Spellings hidden_keys{"hidden_size", "n_embd", "n_embed", "d_model"};

/// Multimodal wrappers keep the language model in an object of its own.
io::Value language_model(const io::Value& root) {
  if (find_any(root, layers_keys)) return root;
  for (const char* key : {"text_config", "llm_config", "language_config"})
    if (const auto inner = root.find(key); inner && inner->is_object()) return *inner;
  return root;
}

/// A family that is not in the table: a decoder as its keys describe it.
Family guess(const io::Value& keys, std::string_view model_type, ModelSpec& model) {
  Family family = *family_of("llama");
  family.model_type = model_type;
  const auto activation = text(keys, {"hidden_act", "activation_function", "hidden_activation"}).value_or("silu");
  family.gated = activation == "silu" || activation == "swiglu" || activation.ends_with("glu");
  family.norm = find_any(keys, {"layer_norm_eps", "layer_norm_epsilon"}) ? Norm::layer : Norm::rms;
  family.dense_width_is_expert_width = !find_any(keys, {"moe_intermediate_size"});
  std::vector<std::string> names;
  for (const Family& f : families()) names.emplace_back(f.model_type);
  const auto near = nearest_spelling(model_type, names);
  model.assumed.push_back(fmt::format(
      "model_type '{}' is not known{}: read by its keys as a decoder with {} MLP (hidden_act '{}'), {} norm, rotary "
      "positions, biases only where 'attention_bias' or 'mlp_bias' say so",
      model_type, near ? fmt::format(" (did you mean '{}'?)", *near) : "", family.gated ? "gated" : "plain", activation,
      family.norm == Norm::layer ? "layer" : "RMS"));
  return family;
}

std::string model_type(const io::Value& keys, ModelSpec& model) {
  if (auto type = text(keys, {"model_type"})) return *type;
  model.assumed.push_back("no model_type: read as llama");
  return "llama";
}

void read_ends(const HfConfig& config, ModelSpec& model) {
  const bool says_tied = find_any(config.keys, {config.family.tied.key}).has_value();
  model.tied_embeddings = is_on(config, config.family.tied);
  if (!says_tied && !config.is_known) model.assumed.push_back("embedding and head have weights of their own");
  if (config.family.learned_positions)
    model.learned_positions = required_count(config.keys, {"n_positions", "max_position_embeddings", "n_ctx"});
  model.prediction_layers = count(config.keys, {"num_nextn_predict_layers"}, 0, most_layers).value_or(0);
}

void read_residual(const HfConfig& config, ModelSpec& model) {
  const bool is_falcon = config.family.model_type == "falcon";
  const bool is_new_falcon = is_falcon && flag(config.keys, {"new_decoder_architecture"}, false);
  model.parallel_residual = is_new_falcon || is_on(config, config.family.parallel_residual);
  model.shared_norm = is_falcon && model.parallel_residual && !is_new_falcon;
  const auto rate = find_any(config.keys, {"resid_pdrop", "hidden_dropout"});
  model.dropout = rate ? rate->as_number().value_or(0) > 0 : config.family.dropout;
  if (!rate && model.dropout)
    model.assumed.push_back("trained with dropout (the file does not say; its masks take memory)");
}

}  // namespace

bool is_on(const HfConfig& config, const Switch& name) {
  return name.key.empty() ? name.otherwise : flag(config.keys, {name.key}, name.otherwise);
}

std::optional<ModelSpec> read_hf_config(const io::Value& root) {
  const std::size_t faults = root.diagnostics().size();
  ModelSpec model;
  if (!root.is_object()) {
    root.expected("an object (a Hugging Face config.json)");
    return std::nullopt;
  }
  const io::Value keys = language_model(root);
  model.family = model_type(keys, model);
  const Family* known = family_of(model.family);
  const Family family = known ? *known : guess(keys, model.family, model);
  const HfConfig config{keys, family, known != nullptr};
  model.norm = family.norm;
  model.layers = required_count(keys, layers_keys, 1, most_layers);
  model.hidden = required_count(keys, hidden_keys);
  model.vocabulary = required_count(keys, {"vocab_size"});
  read_attention(config, model);
  read_mlp(config, model);
  read_ends(config, model);
  read_residual(config, model);
  read_note(root, model);
  if (root.diagnostics().size() > faults) return std::nullopt;
  return model;
}

}  // namespace chipmix::workload
