// A whole config.json: which family, the sizes all families have, and the order in which the parts are read.
#include "workload/hf_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/spelling.hpp"
#include "workload/hf_parts.hpp"

namespace chipmix::workload {
namespace {

const Spellings hidden_keys{"hidden_size", "n_embd", "n_embed", "d_model"};
const Spellings activation_keys{"hidden_act", "activation_function", "hidden_activation", "mlp_hidden_act"};

/// Objects that hold the language model of a model of several.
constexpr std::array inner_models{"text_config", "llm_config", "language_config"};

/// Multimodal wrappers keep the language model in an object of its own. Some write its sizes outside as well.
const char* language_model(const io::Value& root) {
  if (root.find("hidden_size") && !root.find("text_config")) return nullptr;
  for (const char* key : inner_models)
    if (const auto inner = root.find(key); inner && inner->is_object() && !inner->members().empty()) return key;
  return nullptr;
}

/// Encoders, and decoders beside an encoder, are trained otherwise.
void refuse_encoders(const Keys& keys, const std::string& type) {
  constexpr std::array encoders{"bert",       "roberta", "xlm-roberta", "distilbert", "electra", "deberta",
                                "deberta-v2", "albert",  "modernbert",  "nomic_bert", "t5",      "mt5",
                                "umt5",       "bart",    "mbart",       "pegasus",    "whisper", "longt5",
                                "m2m_100",    "marian",  "led",         "vit",        "clip",    "camembert"};
  constexpr std::array refused{"xlstm", "rwkv", "rwkv5", "rwkv6", "rwkv7", "lfm2", "recurrent_gemma", "retnet"};
  constexpr std::array others{"jetmoe", "bitnet"};
  if (flag(keys, {"is_encoder_decoder"}, false))
    return fault(keys, {"is_encoder_decoder"}, "models of encoder and decoder are not modelled");
  if (std::find(encoders.begin(), encoders.end(), type) != encoders.end())
    return fault(keys, {"model_type"}, fmt::format("'{}' is an encoder: only decoders are modelled", type));
  if (std::find(refused.begin(), refused.end(), type) != refused.end())
    return fault(keys, {"model_type"}, fmt::format("the recurrence of '{}' is not modelled", type));
  if (std::find(others.begin(), others.end(), type) != others.end())
    return fault(keys, {"model_type"}, fmt::format("the layers of '{}' are not modelled", type));
  const auto architectures = keys.find("architectures");
  if (!architectures || !architectures->is_list()) return;
  for (const io::Value& element : architectures->as_list()) {
    const std::string name = element.is_text() ? element.as_text().value_or("") : "";
    if (name.ends_with("ForMaskedLM") || name.ends_with("EncoderModel"))
      element.error(fmt::format("'{}' is an encoder: only decoders are modelled", name));
  }
}

/// Activations of MLPs with one input projection. Layer norms came with such, RMS norms with gated ones.
bool is_gated(const std::string& activation, Norm norm) {
  if (activation.find("relu2") != activation.npos || activation == "relu" || activation == "xielu") return false;
  return activation == "silu" || activation.find("glu") != activation.npos || norm == Norm::rms;
}

/// A family that is not in the table: a decoder as its keys describe it.
Family guess(const Keys& keys, std::string_view model_type, ModelSpec& model) {
  Family family = *family_of("llama");
  family.model_type = model_type;
  std::string activation = "silu";
  for (const std::string_view key : activation_keys) activation = text(keys, {key}).value_or(activation);
  const bool has_rms = has_any(keys, {"rms_norm_eps", "rms_norm_epsilon"});
  const bool has_layer = has_any(keys, {"layer_norm_eps", "layer_norm_epsilon"});
  family.norm = has_layer && !has_rms ? Norm::layer : Norm::rms;
  family.gated = is_gated(activation, family.norm);
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

std::string model_type(const Keys& keys, ModelSpec& model) {
  if (auto type = text(keys, {"model_type"})) return *type;
  model.assumed.push_back("no model_type: read as llama");
  return "llama";
}

/// Layers that predict further tokens, under the names their makers give them.
int prediction_layers(const Keys& keys) {
  const int said = count(keys, {"num_nextn_predict_layers", "mtp_num_hidden_layers"}, 0, most_layers).value_or(0);
  keys.pass_over({"mtp_hybrid_override_pattern", "mtp_layers_block_type", "mtp_transformer_layers", "num_mtp_modules"});
  if (!flag(keys, {"use_mtp"}, false)) return said;
  const int modules = count(keys, {"num_mtp_modules"}, 0, most_layers).value_or(1);
  return modules * count(keys, {"mtp_transformer_layers"}, 0, 100).value_or(1);
}

/// The largest of what a configuration says of it. Nothing is computed from it: a slip in it is no fault.
int longest_sequence(const Keys& keys) {
  double longest = 0;
  for (const char* key : {"max_position_embeddings", "n_positions", "n_ctx", "max_seq_len", "model_max_length"})
    if (const auto value = keys.find(key); value && value->is_number())
      longest = std::max(longest, value->as_number().value_or(0));
  return static_cast<int>(std::min(longest, 1e9));
}

void read_ends(const HfConfig& config, const Keys& around, ModelSpec& model) {
  const Keys& keys = config.keys;
  const Family& family = config.family;
  const bool says_tied = find_any(keys, {family.tied.key}).has_value();
  model.tied_embeddings =
      says_tied ? is_on(config, family.tied) : flag(around, {family.tied.key}, family.tied.otherwise);
  if (!says_tied && !config.is_known) model.assumed.push_back("embedding and head have weights of their own");
  if (family.learned_positions)
    model.learned_positions =
        required_count(keys, {"n_positions", "max_position_embeddings", "n_ctx"}) + family.position_offset;
  model.longest_sequence = longest_sequence(keys);
  const std::string positions = text(keys, {"position_embedding_type"}).value_or("");
  const bool are_learned = positions.find("absolute") != positions.npos || positions.find("learned") != positions.npos;
  if (are_learned && !family.learned_positions)
    fault(keys, {"position_embedding_type"}, "learned positions are modelled for GPT-2, GPT-3 and OPT only");
  model.embedding_norm = family.embedding_norm;
  model.head_bias = is_on(config, family.head_bias);
  keys.pass_over({"n_positions", "n_ctx", "word_embed_proj_dim", "embedding_size"});
  const auto projected = keys.find("word_embed_proj_dim");
  if (projected && projected->as_integer().value_or(model.hidden) != model.hidden)
    projected->error("tables of another width than the hidden state are not modelled");
}

void read_residual(const HfConfig& config, ModelSpec& model) {
  const bool is_falcon = config.family.model_type == "falcon";
  const bool is_new_falcon = is_falcon && flag(config.keys, {"new_decoder_architecture"}, false);
  model.parallel_residual = is_on(config, config.family.parallel_residual) || is_new_falcon;
  const bool falcon_shares = is_falcon && model.parallel_residual && !is_new_falcon;
  const bool one_norm = is_falcon && count(config.keys, {"num_ln_in_parallel_attn"}).value_or(2) == 1;
  model.shared_norm =
      falcon_shares || (one_norm && model.parallel_residual) || (model.parallel_residual && config.family.shared_norm);
  model.extra_norms = config.family.extra_norms;
  if (config.family.mlp_sizes == MlpSizes::gemma4 && model.moe) model.extra_norms += 3;
  if (config.family.mlp_sizes == MlpSizes::arctic && model.moe && model.moe->shared_width > 0) model.extra_norms += 1;
  const auto rate = find_any(config.keys, {"resid_pdrop"});
  const auto other = find_any(config.keys, {"hidden_dropout"});
  const auto said = rate ? rate : other;
  model.dropout = said ? said->as_number().value_or(0) > 0 : config.family.dropout;
  if (!said && model.dropout)
    model.assumed.push_back("trained with dropout (the file does not say; its masks take memory)");
}

/// Types that name a wrapper where the sizes stand outside of the inner object.
std::string_view table_name(const std::string& type) {
  if (type == "qwen3_5" || type == "qwen3_5_moe") return "qwen3_5_text";
  if (type == "llama4") return "llama4_text";
  if (type == "gemma3") return "gemma3_text";
  if (type == "gemma4") return "gemma4_text";
  return type;
}

/// Lists that say the same of every layer are left empty.
void simplify(ModelSpec& model) {
  const auto& mixers = model.mixers;
  if (std::count(mixers.begin(), mixers.end(), Mixer::attention) == model.layers) model.mixers.clear();
  if (std::count(model.has_mlp.begin(), model.has_mlp.end(), true) == model.layers) model.has_mlp.clear();
  if (!model.attention.window) model.is_windowed_layer.clear();
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
  const char* inner = language_model(root);
  const Keys around(root), keys(inner ? *root.find(inner) : root);
  model.family = model_type(keys, model);
  refuse_encoders(keys, model.family);
  if (root.diagnostics().size() > faults) return std::nullopt;
  const Family* known = family_of(table_name(model.family));
  const Family family = known ? *known : guess(keys, model.family, model);
  const HfConfig config{keys, family, known != nullptr};
  keys.pass_over(activation_keys);
  if (known) keys.pass_over({"mlp_type", "norm_type"});  // the family says it
  model.norm = family.norm;
  model.layers = std::max(1, layer_count(config));
  model.hidden = required_count(keys, hidden_keys);
  model.vocabulary = required_count(keys, {"vocab_size", "padded_vocab_size"});
  model.prediction_layers = prediction_layers(keys);
  read_layers(config, model);
  read_attention(config, model);
  read_linear(config, model);
  read_mlp(config, model);
  read_ends(config, around, model);
  read_residual(config, model);
  refuse_unread(keys, model.assumed);
  if (inner) refuse_unread_around(around, inner, model.assumed);
  simplify(model);
  read_note(root, model);
  if (root.diagnostics().size() > faults) return std::nullopt;
  return model;
}

}  // namespace chipmix::workload
