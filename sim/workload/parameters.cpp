// Counts the weights of a model: matrices, norms and biases.
//
//   attention  h·a·d + 2·h·k·d + a·d·h            h hidden, a heads, k key/value heads, d head size
//   latent     h·r_q + r_q·a·(n+p) + h·(r+p) + r·a·(n+v) + a·v·h   r_q, r ranks; n, p, v sizes per head without and
//              with position, and of values (DeepSeek-V2, arXiv:2405.04434, section 2.1)
//   MLP        2·h·f, gated 3·h·f                  f inner width
//   experts    h·E + E·(3·h·f)                     E experts
#include "workload/model.hpp"

namespace chipmix::workload {
namespace {

double norm(const ModelSpec& m, double width) { return m.norm == Norm::layer ? 2 * width : width; }

double latent_attention(const ModelSpec& m) {
  const AttentionSpec& a = m.attention;
  const LatentAttention& l = *a.latent;
  const double h = m.hidden, heads = a.heads, query = heads * (l.nope_dim + l.rope_dim);
  const double bias = a.qkv_bias ? l.kv_rank + l.rope_dim + (l.q_rank > 0 ? l.q_rank : query) : 0;
  const double queries = l.q_rank > 0 ? l.q_rank * (h + query + 1) : h * query;
  const double keys = h * (l.kv_rank + l.rope_dim) + l.kv_rank;
  const double expand = l.kv_rank * heads * (l.nope_dim + l.value_dim);
  return queries + keys + expand + heads * l.value_dim * h + bias + (a.output_bias ? h : 0);
}

double attention(const ModelSpec& m, bool borrows_kv) {
  const AttentionSpec& a = m.attention;
  if (a.latent) return latent_attention(m);
  const double h = m.hidden, d = a.head_dim;
  const double projected = (a.heads + (borrows_kv ? 0 : 2.0 * a.kv_heads)) * d;
  return projected * (h + (a.qkv_bias ? 1 : 0)) + a.heads * d * h + (a.output_bias ? h : 0) + (a.qk_norm ? 2 * d : 0) +
         (a.sinks ? a.heads : 0);
}

double mlp(const ModelSpec& m, double width, bool bias) {
  const double up = m.gated ? 2 : 1, h = m.hidden;
  return (up + 1) * h * width + (bias ? up * width + h : 0);
}

/// An expert layer of which `experts` routed experts are counted.
double expert_layer(const ModelSpec& m, double experts) {
  const ExpertSpec& e = *m.moe;
  const double h = m.hidden, router = e.experts * (h + (e.router_bias ? 1 : 0));
  return router + experts * mlp(m, e.width, e.bias) + (e.shared_width > 0 ? mlp(m, e.shared_width, e.bias) : 0) +
         (e.shared_gate ? h : 0);
}

double layer(const ModelSpec& m, bool is_moe, bool borrows_kv, double experts) {
  const double norms = (m.shared_norm ? 1 : 2) * norm(m, m.hidden);
  const double inner = is_moe ? expert_layer(m, experts) : mlp(m, m.dense_width, m.mlp_bias);
  return norms + attention(m, borrows_kv) + inner;
}

/// Two norms, the projection of hidden state and embedding to one, a layer like the last, and the norm before the
/// shared head (DeepSeek-V3 report, arXiv:2412.19437, section 2.2).
double prediction_layer(const ModelSpec& m) {
  const double h = m.hidden, experts = m.moe ? m.moe->experts : 0;
  return 2 * h * h + 3 * norm(m, h) + layer(m, m.is_moe(m.layers - 1), false, experts);
}

}  // namespace

ParameterCount count_parameters(const ModelSpec& m) {
  const double table = static_cast<double>(m.vocabulary) * m.hidden;
  ParameterCount count;
  count.embedding = (m.tied_embeddings ? 0 : table) + static_cast<double>(m.learned_positions) * m.hidden;
  count.head = table;
  count.total = count.active = count.embedding + count.head + norm(m, m.hidden);
  for (int i = 0; i < m.layers; ++i) {
    count.total += layer(m, m.is_moe(i), m.borrows_kv(i), m.moe ? m.moe->experts : 0);
    count.active += layer(m, m.is_moe(i), m.borrows_kv(i), m.moe ? m.moe->active : 0);
  }
  if (m.prediction_layers > 0) count.prediction = m.prediction_layers * prediction_layer(m);
  return count;
}

}  // namespace chipmix::workload
