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

Flow output(Builder& builder, const ModelSpec& model, Flow attended) {
  const double h = model.hidden;
  Operator op{"attention.output", OpKind::projection, Shard::tensor, Gemm{attended.elements, h}};
  op.cuts_input = true;
  op.parameters = h * (attended.elements + (model.attention.output_bias ? 1 : 0));
  op.saved = attended.elements;
  return builder.add(op, {attended}, h);
}

/// Written out, x cos + rotate(x) sin moves 2 + (1 + 2) + 2 + 3 elements per element in five kernels, for queries and
/// for keys. `copied`: elements written beside the rotated ones to put heads together.
Flow rotary(Builder& builder, double rotated, double copied, std::vector<Flow> inputs, double elements) {
  const Elementwise work{2 * rotated + 2 * copied, 10 * rotated + 2 * copied, copied > 0 ? 12 : 10};
  return builder.add({"attention.rotary", OpKind::rotary, Shard::tensor, work}, inputs, elements);
}

Flow qk_norm(Builder& builder, const ModelSpec& model, double elements, Flow qk) {
  if (!model.attention.qk_norm) return qk;
  Operator op{"attention.qk_norm", OpKind::norm, Shard::tensor, Elementwise{2 * elements, 18 * elements, 16}};
  op.parameters = 2.0 * model.attention.head_dim;
  op.saved = elements;
  op.saved_bytes = fp32_bytes * elements / model.attention.head_dim;
  return builder.add(op, {qk}, elements);
}

/// Grouped-query attention (arXiv:2305.13245); one group per head is multi-head attention. A layer that borrows keys
/// and values (cross-layer attention, arXiv:2405.12981) projects queries only; it rotates the borrowed keys anew.
Flow grouped(Builder& builder, const ModelSpec& model, const LayerKind& kind, Flow normed) {
  const AttentionSpec& a = model.attention;
  const double h = model.hidden, d = a.head_dim, q = a.heads * d, keys = a.kv_heads * d;
  const double own = kind.borrows_kv ? 0 : keys, projected = q + 2 * own;
  Operator op{kind.borrows_kv ? "attention.q" : "attention.qkv", OpKind::projection, Shard::tensor, Gemm{h, projected}};
  op.parameters = projected * (h + (a.qkv_bias ? 1 : 0));
  op.saved = h;
  const Flow qkv = builder.add(op, {normed}, projected);
  Flow qk = qk_norm(builder, model, q + keys, {qkv.from, q + own});
  if (model.learned_positions == 0) qk = rotary(builder, q + keys, 0, {qk}, q + keys);
  AttentionCore work{static_cast<double>(a.heads), static_cast<double>(a.kv_heads), d, d, std::nullopt};
  if (kind.windowed) work.window = *a.window;
  std::vector<Flow> inputs{qk};
  if (qk.from == qkv.from)
    inputs = {qkv};
  else if (own > 0)
    inputs.push_back({qkv.from, own});
  return output(builder, model, core(builder, a, work, inputs, q + keys + own));
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

/// Multi-head latent attention (DeepSeek-V2, arXiv:2405.04434, section 2.1), as trained: keys and values expanded.
Flow latent(Builder& builder, const ModelSpec& model, const LayerKind& kind, Flow normed) {
  const AttentionSpec& a = model.attention;
  const LatentAttention& l = *a.latent;
  const double h = model.hidden, heads = a.heads, qk_dim = l.nope_dim + l.rope_dim, query = heads * qk_dim;
  Flow q;
  if (l.q_rank > 0) {
    const Flow down = compress(builder, "attention.q_down", h, l.q_rank, a.qkv_bias, h, normed);
    q = expand(builder, "attention.q_up", l.q_rank, query, 0,
               norm(builder, model, "attention.q_norm", down, l.q_rank, Shard::sequence));
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
  if (kind.windowed) work.window = *a.window;
  const double values = heads * l.value_dim;
  return output(builder, model, core(builder, a, work, {qk, {kv.from, values}}, 2 * query + values));
}

}  // namespace

Flow attention(Builder& builder, const ModelSpec& model, const LayerKind& kind, Flow normed) {
  return model.attention.latent ? latent(builder, model, kind, normed) : grouped(builder, model, kind, normed);
}

}  // namespace chipmix::workload::blocks
