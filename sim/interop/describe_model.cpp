#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "interop/describe.hpp"
#include "interop/layer_lists.hpp"

namespace chipmix::interop {
namespace {

/// Families whose activation is neither SwiGLU nor GELU: the arguments written here name no other.
bool has_other_activation(const std::string& family) {
  constexpr std::array families{"gemma", "nemotron", "apertus", "arcee", "grok-1", "opt"};
  return std::find(families.begin(), families.end(), family) != families.end();
}

/// Features of a model that Megatron's arguments have no name for.
void refuse(const workload::ModelSpec& model, Reasons& reasons) {
  const auto& attention = model.attention;
  const auto no = [&](bool has, const char* what) {
    if (has) reasons.push_back(fmt::format("the model has {}", what));
  };
  no(model.parallel_residual, "attention and MLP in parallel on one input");
  no(has_other_activation(model.family), "an activation other than SwiGLU and GELU");
  no(attention.sinks, "learned attention sinks");
  no(attention.window.has_value(), "sliding-window attention");
  no(model.linear.has_value(), "layers of linear attention or a state space");
  no(model.windowed_attention || attention.gate > 0 || attention.query_rank > 0 || attention.values_are_keys,
     "attention with gates, compressed queries or other heads in some layers");
  no(attention.indexer.has_value(), "attention to the keys that an indexer chooses");
  no(attention.qk_norm_spans_heads, "norms of queries and keys over all heads");
  no(model.extra_norms > 0 || model.embedding_norm || model.head_bias || model.activation_weights > 0,
     "norms after its parts, a head with a bias or a learned activation");
  no(model.moe && (model.moe->latent > 0 || model.moe->router_scales > 0), "experts behind projections or scales");
  no(model.kv_sharing > 1, "layers that use the keys and values of others");
  no(model.moe && model.moe->bias, "experts with biases");
  const bool mixed = model.mlp_bias != attention.output_bias || (model.mlp_bias && !attention.qkv_bias);
  no(mixed, "biases in some of its projections only (MLP or attention output)");
}

void describe_latent(const workload::LatentAttention& latent, Arguments& a) {
  a.latent = true;
  if (latent.q_rank > 0) a.q_rank = latent.q_rank;
  a.kv_rank = latent.kv_rank;
  a.nope_dim = latent.nope_dim;
  a.rope_dim = latent.rope_dim;
  a.value_dim = latent.value_dim;
  a.qk_norm = true;  // of the latents
}

void describe_attention(const workload::AttentionSpec& attention, Arguments& a) {
  a.heads = attention.heads;
  a.qkv_bias = attention.qkv_bias && !attention.output_bias;
  a.qk_norm = attention.qk_norm;
  if (attention.latent) return describe_latent(*attention.latent, a);
  a.kv_channels = attention.head_dim;
  a.grouped_queries = attention.kv_heads != attention.heads;
  if (a.grouped_queries) a.query_groups = attention.kv_heads;
}

void describe_experts(const workload::ModelSpec& model, Arguments& a) {
  const workload::ExpertSpec& e = *model.moe;
  a.experts = e.experts;
  a.active_experts = e.active;
  a.expert_width = e.width;
  if (e.shared_width > 0) a.shared_width = e.shared_width;
  a.shared_gate = e.shared_gate;
  a.router_bias = e.router_bias;
  if (e.groups > 1) a.expert_groups = e.groups, a.active_groups = e.active_groups;
  const auto& layers = model.is_moe_layer;
  if (std::find(layers.begin(), layers.end(), false) != layers.end()) a.expert_layers = write_pattern(layers);
}

}  // namespace

void describe_model(const workload::ModelSpec& model, Framework, Arguments& a, Reasons& reasons) {
  refuse(model, reasons);
  a.layers = model.layers;
  a.hidden = model.hidden;
  if (model.dense_width > 0) a.ffn = model.dense_width;
  describe_attention(model.attention, a);
  a.position_type = model.learned_positions > 0 ? "learned_absolute" : "rope";
  a.vocabulary = model.vocabulary;
  a.vocabulary_multiple = 1;
  a.normalization = model.norm == workload::Norm::rms ? "RMSNorm" : "LayerNorm";
  a.swiglu = model.gated;
  a.untied = !model.tied_embeddings;
  a.no_bias = !model.mlp_bias;
  a.hidden_dropout = a.attention_dropout = model.dropout ? "0.1" : "0.0";
  if (model.moe) describe_experts(model, a);
  if (model.prediction_layers > 0) a.prediction_layers = model.prediction_layers;
}

}  // namespace chipmix::interop
