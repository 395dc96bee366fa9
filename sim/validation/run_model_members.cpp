#include "validation/run_model_members.hpp"

namespace chipmix::validation {
namespace {

const Members* open_object(const Members& m, const char* key, std::deque<Members>& parts) {
  const auto value = m.find(key);
  if (value && !value->is_object()) value->expected("an object");
  return value && value->is_object() ? &parts.emplace_back(*value) : nullptr;
}

std::optional<RunExperts> read_experts(const Members& model, std::deque<Members>& parts) {
  const Members* m = open_object(model, "moe", parts);
  if (!m) return std::nullopt;
  m->pass_over({"devices_per_token", "moe_layer_freq", "layer_freq", "groups", "active_groups"});
  return RunExperts{m->count("num_experts"),
                    m->count("top_k"),
                    m->count("expert_intermediate_size"),
                    m->count("first_dense_layers"),
                    m->count("dense_intermediate_size"),
                    m->count("nodes_per_token"),
                    m->number("shared_experts").value_or(0)};
}

/// Heads of DeepSeek-V2 and V3 (arXiv:2405.04434, section 3.1.2; arXiv:2412.19437, section 4.2), which every published
/// model with latent attention shares, where a source gives the ranks alone.
constexpr int usual_nope = 128, usual_rope = 64, usual_value = 128;

std::optional<RunLatent> read_latent(const Members& model, std::deque<Members>& parts) {
  const Members* m = open_object(model, "mla", parts);
  if (!m) return std::nullopt;
  const auto count = [&](const char* key, const char* other, int otherwise) {
    const auto stated = m->count(key);
    return stated ? *stated : m->count(other).value_or(otherwise);
  };
  return RunLatent{count("q_lora_rank", "q_lora", 0), count("kv_lora_rank", "kv_lora", 0),
                   count("qk_rope_head_dim", "rope", usual_rope), count("qk_nope_head_dim", "nope", usual_nope),
                   count("v_head_dim", "value", usual_value)};
}

}  // namespace

RunModel read_model(const Members& m, std::deque<Members>& parts) {
  RunModel model;
  model.name = m.text("name");
  model.family = m.text("family");
  model.activation = m.text("activation");
  model.positions = m.text("position_embedding");
  model.windowed_layers = m.text("sliding_window_layers");
  model.layers = m.count("num_layers");
  model.hidden = m.count("hidden_size");
  model.heads = m.count("num_attention_heads");
  model.kv_heads = m.count("num_key_value_heads");
  model.head_dim = m.count("head_dim");
  model.width = m.count("intermediate_size");
  model.vocabulary = m.count("vocab_size");
  model.sequence_length = m.count("seq_length");
  model.window = m.count("sliding_window");
  model.prediction_layers = m.count("mtp_layers");
  if (const auto older = m.count("prediction_layers"); !model.prediction_layers) model.prediction_layers = older;
  model.total_billions = m.number("params_total_b");
  model.active_billions = m.number("params_active_b");
  model.gated = m.truth("gated_mlp");
  model.parallel_block = m.truth("parallel_block");
  model.tied = m.truth("tie_word_embeddings");
  model.moe = read_experts(m, parts);
  model.latent = read_latent(m, parts);
  return model;
}

}  // namespace chipmix::validation
