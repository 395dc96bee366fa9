// Attention: projections, rotary positions, the core, the output projection. Saved activations are those of an
// attention kernel that keeps no scores (FlashAttention, arXiv:2205.14135): q, k, v, the output and, per head, the
// logarithm of the softmax denominator in fp32.
#include "workload/blocks/builder.hpp"

namespace chipmix::workload::blocks {
namespace {

constexpr double fp32_bytes = 4;

Flow core(Builder& builder, const AttentionSpec& a, AttentionCore work, std::vector<Flow> inputs, double saved) {
  Operator op{"attention.core", OpKind::attention, Shard::tensor, work};
  op.parameters = a.sinks ? a.heads : 0;
  op.saved = saved;
  op.saved_bytes = fp32_bytes * work.heads;
  return builder.add(op, inputs, work.heads * work.v_dim);
}

/// A learned gate on the attended values, of one number per element or per head.
Flow gated(Builder& builder, const ModelSpec& model, const AttentionSpec& a, Flow normed, Flow attended) {
  if (a.gate == 0) return attended;
  const double h = model.hidden, values = attended.elements;
  Operator product{"attention.gate", OpKind::projection, Shard::tensor, Gemm{h, static_cast<double>(a.gate)}};
  product.parameters = h * a.gate;
  const Flow gate = builder.add(product, {normed}, a.gate);
  const Elementwise work{2 * values + a.gate, 2 * values + 3.0 * a.gate, 2};
  Operator op{"attention.gating", OpKind::activation, Shard::tensor, work};
  op.saved = values + a.gate;
  return builder.add(op, {attended, gate}, values);
}

Flow output(Builder& builder, const ModelSpec& model, const AttentionSpec& a, Flow attended) {
  const double h = model.hidden;
  Operator op{"attention.output", OpKind::projection, Shard::tensor, Gemm{attended.elements, h}};
  op.cuts_input = true;
  op.parameters = h * (attended.elements + (a.output_bias ? 1 : 0));
  op.saved = attended.elements;
  return builder.add(op, {attended}, h);
}

/// Written out, x cos + rotate(x) sin moves 2 + (1 + 2) + 2 + 3 elements per element in five kernels, for queries and
/// for keys. `copied`: elements written beside the rotated ones to put heads together.
Flow rotary(Builder& builder, double rotated, double copied, std::vector<Flow> inputs, double elements) {
  const Elementwise work{2 * rotated + 2 * copied, 10 * rotated + 2 * copied, copied > 0 ? 12 : 10};
  return builder.add({"attention.rotary", OpKind::rotary, Shard::tensor, work}, inputs, elements);
}

Flow qk_norm(Builder& builder, const AttentionSpec& a, double elements, Flow qk) {
  if (!a.qk_norm) return qk;
  Operator op{"attention.qk_norm", OpKind::norm, Shard::tensor, Elementwise{2 * elements, 18 * elements, 16}};
  op.parameters = a.qk_norm_spans_heads ? elements : 2.0 * a.head_dim;
  op.saved = elements;
  op.saved_bytes = a.qk_norm_spans_heads ? 2 * fp32_bytes : fp32_bytes * elements / a.head_dim;
  return builder.add(op, {qk}, elements);
}

/// Queries through fewer elements and a norm (multi-matrix factorization attention, arXiv:2412.19255, section 3).
Flow ranked_queries(Builder& builder, const ModelSpec& model, const AttentionSpec& a, Flow normed) {
  const double h = model.hidden, rank = a.query_rank, q = static_cast<double>(a.heads) * a.head_dim;
  Operator down{"attention.q_down", OpKind::projection, Shard::whole, Gemm{h, rank}};
  down.parameters = h * rank;
  const Flow latent =
      norm(builder, model, "attention.q_norm", builder.add(down, {normed}, rank), rank, Shard::sequence);
  Operator up{"attention.q_up", OpKind::projection, Shard::tensor, Gemm{rank, q}};
  up.parameters = rank * q;
  up.saved = rank;
  return builder.add(up, {latent}, q);
}

/// Grouped-query attention (arXiv:2305.13245); one group per head is multi-head attention. A layer that borrows keys
/// and values (cross-layer attention, arXiv:2405.12981) projects queries only; it rotates the borrowed keys anew.
Flow grouped(Builder& builder, const ModelSpec& model, const LayerKind& kind, Flow normed) {
  const AttentionSpec& a = model.attention_of(kind.windowed);
  const double h = model.hidden, d = a.head_dim, v = a.per_value(), q = a.heads * d, keys = a.kv_heads * d;
  const double values = a.kv_heads * v, own = kind.borrows_kv ? 0 : keys;
  const double own_values = kind.borrows_kv || a.values_are_keys ? 0 : values;
  const double projected = (a.query_rank > 0 ? 0 : q) + own + own_values;
  Operator op{kind.borrows_kv ? "attention.q" : "attention.qkv", OpKind::projection, Shard::tensor, Gemm{h, projected}};
  op.parameters = projected * (h + (a.qkv_bias ? 1 : 0));
  op.saved = h;
  const Flow qkv = builder.add(op, {normed}, projected);
  std::vector<Flow> inputs{{qkv.from, q + own}};
  if (a.query_rank > 0) inputs = {ranked_queries(builder, model, a, normed), {qkv.from, own}};
  if (a.qk_norm) inputs = {qk_norm(builder, a, q + keys, inputs.front())};
  if (model.learned_positions == 0) inputs = {rotary(builder, q + keys, 0, inputs, q + keys)};
  AttentionCore work{static_cast<double>(a.heads), static_cast<double>(a.kv_heads), d, v, std::nullopt};
  if (kind.windowed) work.window = *model.attention.window;
  if (inputs.front().from == qkv.from)
    inputs = {qkv};
  else if (own > 0)
    inputs.push_back({qkv.from, a.values_are_keys ? values : own_values});
  const Flow attended = core(builder, a, work, inputs, q + keys + (kind.borrows_kv ? 0 : values));
  return output(builder, model, a, gated(builder, model, a, normed, attended));
}

/// A projection to a latent, which every tensor-parallel rank does whole.
Flow compress(Builder& builder, const std::string& name, double h, double out, bool bias, double saved, Flow normed) {
  Operator op{name, OpKind::projection, Shard::whole, Gemm{h, out}};
  op.parameters = out * (h + (bias ? 1 : 0));
  op.saved = saved;
  return builder.add(op, {normed}, out);
}

Flow expand(Builder& builder, const std::string& name, double in, double out, double bias, Flow latent) {
  Operator op{name, OpKind::projection, Shard::tensor, Gemm{in, out}};
  op.parameters = in * out + bias;
  op.restorable = in < out;
  op.saved = in;
  return builder.add(op, {latent}, out);
}

/// Scores of all earlier keys by small heads with one key for all, and per head a learned weight (DeepSeek-V3.2-Exp
/// report, equation 1; its inference/model.py for the sizes). `query`: what the queries are projected from.
Flow index(Builder& builder, const ModelSpec& model, Flow normed, Flow query) {
  const IndexerSpec& i = *model.attention.indexer;
  const double h = model.hidden, heads = i.heads, d = i.head_dim;
  Operator queries{"attention.index_q", OpKind::projection, Shard::whole, Gemm{query.elements, heads * d}};
  queries.parameters = query.elements * heads * d;
  const Flow q = builder.add(queries, {query}, heads * d);
  Operator keys{"attention.index_k", OpKind::projection, Shard::whole, Gemm{h, d + heads}};
  keys.parameters = h * (d + heads) + 2 * d;
  const Flow k = builder.add(keys, {normed}, d + heads);
  const AttentionCore work{heads, 1, d, 0, std::nullopt};
  Operator op{"attention.index", OpKind::attention, Shard::tensor, work};
  op.saved = heads * d + d + heads;
  return builder.add(op, {q, k}, i.chosen);
}

/// Multi-head latent attention (DeepSeek-V2, arXiv:2405.04434, section 2.1), as trained: keys and values expanded.
Flow latent(Builder& builder, const ModelSpec& model, const LayerKind& kind, Flow normed) {
  const AttentionSpec& a = model.attention;
  const LatentAttention& l = *a.latent;
  const double h = model.hidden, heads = a.heads, qk_dim = l.nope_dim + l.rope_dim, query = heads * qk_dim;
  Flow q, compressed = normed;
  if (l.q_rank > 0) {
    const Flow down = compress(builder, "attention.q_down", h, l.q_rank, a.qkv_bias, h, normed);
    compressed = norm(builder, model, "attention.q_norm", down, l.q_rank, Shard::sequence);
    q = expand(builder, "attention.q_up", l.q_rank, query, 0, compressed);
  } else {
    q = expand(builder, "attention.q", h, query, a.qkv_bias ? query : 0, normed);
  }
  const Flow kv_down = compress(builder, "attention.kv_down", h, l.kv_rank + l.rope_dim, a.qkv_bias, 0, normed);
  const Flow kv_latent{kv_down.from, static_cast<double>(l.kv_rank)};
  const Flow k_rope{kv_down.from, static_cast<double>(l.rope_dim)};
  const Flow kv = expand(builder, "attention.kv_up", l.kv_rank, heads * (l.nope_dim + l.value_dim), 0,
                         norm(builder, model, "attention.kv_norm", kv_latent, l.kv_rank, Shard::sequence));
  const std::vector<Flow> parts{q, {kv.from, heads * l.nope_dim}, k_rope};
  const Flow qk = rotary(builder, (heads + 1) * l.rope_dim, query, parts, 2 * query);
  AttentionCore work{heads, heads, qk_dim, static_cast<double>(l.value_dim), std::nullopt};
  if (kind.windowed) work.window = *model.attention.window;
  const double values = heads * l.value_dim;
  std::vector<Flow> inputs{qk, {kv.from, values}};
  if (a.indexer) {
    work.window = a.indexer->chosen;  // as many keys, wherever they stand
    if (!kind.borrows_index) inputs.push_back(index(builder, model, normed, compressed));
  }
  const Flow attended = core(builder, a, work, inputs, 2 * query + values);
  return output(builder, model, a, gated(builder, model, a, normed, attended));
}

}  // namespace

Flow attention(Builder& builder, const ModelSpec& model, const LayerKind& kind, Flow normed) {
  return model.attention.latent ? latent(builder, model, kind, normed) : grouped(builder, model, kind, normed);
}

}  // namespace chipmix::workload::blocks
