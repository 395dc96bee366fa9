// What every layer has: norms, the residual stream, and the order of its parts.
#include "workload/blocks/builder.hpp"

namespace chipmix::workload::blocks {
namespace {

/// PyTorch's own layer norm is one kernel. An RMS norm written out (to fp32, square, mean, add, reciprocal root, scale,
/// to 16 bit, weight) moves, in elements of 2 bytes, 3 + 4 + 2 + 4 + 3 + 2 = 18 per element.
Elementwise norm_work(Norm kind, double width) {
  return kind == Norm::rms ? Elementwise{2 * width, 18 * width, 8} : Elementwise{2 * width, 2 * width, 1};
}

/// Mean and reciprocal deviation of a token in fp32, or the latter alone.
double statistics(Norm kind) { return kind == Norm::rms ? 4 : 8; }

/// Weights per element: scales, and with a bias offsets.
double norm_weights(Norm kind) {
  if (kind == Norm::layer_without_weights) return 0;
  return kind == Norm::layer ? 2 : 1;
}

}  // namespace

Flow norm(Builder& builder, const ModelSpec& model, std::string name, Flow input, double width, Shard shard) {
  Operator op{std::move(name), OpKind::norm, shard, norm_work(model.norm, width)};
  op.parameters = norm_weights(model.norm) * width;
  op.saved = width;
  op.saved_bytes = statistics(model.norm);
  // An RMS norm written out keeps the fp32 input (4 bytes) and the 16-bit product with the reciprocal root (2), not the
  // 16-bit input (github.com/huggingface/transformers, modeling_llama.py, LlamaRMSNorm).
  if (model.norm == Norm::rms) op.saved_written_out = 2 * width;
  return builder.add(op, {input}, width);
}

Flow residual(Builder& builder, const ModelSpec& model, const std::string& name, Flow stream, std::vector<Flow> added) {
  const double h = model.hidden, terms = static_cast<double>(added.size());
  Elementwise work{(terms + 2) * h, 3 * terms * h, static_cast<int>(added.size())};
  if (model.dropout) {
    work.fused += dropout_mask * h;
    work.unfused += terms * (2 + dropout_mask) * h;
    work.kernels *= 2;
  }
  Operator op{name, OpKind::residual, Shard::sequence, work};
  if (model.dropout) op.saved_bytes = terms * h;  // the masks
  added.push_back(stream);
  return builder.add(op, added, h);
}

LayerKind kind_of(const ModelSpec& model, int layer) {
  const Mixer mixer = model.mixer(layer);
  const bool attends = mixer == Mixer::attention || mixer == Mixer::both;
  LayerKind kind;
  kind.mixer = mixer;
  kind.has_mlp = model.has_inner(layer);
  kind.moe = kind.has_mlp && model.is_moe(layer);
  kind.windowed = attends && model.is_windowed(layer);
  kind.borrows_kv = attends && model.borrows_kv(layer);
  kind.borrows_index = attends && !model.borrows_index.empty() && model.borrows_index.at(layer);
  return kind;
}

namespace {

std::vector<Flow> inner(Builder& builder, const ModelSpec& model, const LayerKind& kind, Flow normed, bool is_kept) {
  if (kind.moe) return experts(builder, model, normed);
  return {mlp(builder, model, "mlp", model.dense_width, model.mlp_bias, normed, is_kept)};
}

/// Attention, a recurrence, or both side by side on one input (Falcon-H1, arXiv:2507.22448, section 2.1).
std::vector<Flow> mixed(Builder& builder, const ModelSpec& model, const LayerKind& kind, Flow normed) {
  std::vector<Flow> flows;
  if (kind.mixer != Mixer::linear) flows.push_back(attention(builder, model, kind, normed));
  if (kind.mixer != Mixer::attention) flows.push_back(linear(builder, model, normed));
  return flows;
}

/// x + attention(norm(x)) + mlp(norm(x)): GPT-NeoX (arXiv:2204.06745, section 2.1), Falcon.
Flow parallel_layer(Builder& builder, const ModelSpec& model, const LayerKind& kind, Flow input) {
  const double h = model.hidden;
  const Flow normed = norm(builder, model, "attention.norm", input, h, Shard::sequence);
  std::vector<Flow> added = mixed(builder, model, kind, normed);
  Flow second = normed;
  if (!model.shared_norm) second = norm(builder, model, "mlp.norm", input, h, Shard::sequence);
  for (const Flow& flow : inner(builder, model, kind, second, model.shared_norm)) added.push_back(flow);
  return residual(builder, model, "layer.residual", input, added);
}

/// Norms of what the first of some flows adds to the residual stream.
void norm_after(Builder& builder, const ModelSpec& model, const std::string& part, int norms,
                std::vector<Flow>& flows) {
  for (int i = 0; i < norms; ++i) {
    const std::string name = part + ".norm_after" + (i > 0 ? std::to_string(i + 1) : "");
    flows.front() = norm(builder, model, name, flows.front(), model.hidden, Shard::sequence);
  }
}

/// Of a layer's further norms, one follows attention if there are two or more; the others belong to the MLP.
int norms_after_attention(const ModelSpec& model) { return model.extra_norms >= 2 ? 1 : 0; }

Flow attention_half(Builder& builder, const ModelSpec& model, const LayerKind& kind, Flow input) {
  const Flow normed = norm(builder, model, "attention.norm", input, model.hidden, Shard::sequence);
  std::vector<Flow> flows = mixed(builder, model, kind, normed);
  norm_after(builder, model, "attention", norms_after_attention(model), flows);
  return residual(builder, model, "attention.residual", input, flows);
}

Flow mlp_half(Builder& builder, const ModelSpec& model, const LayerKind& kind, Flow input) {
  const Flow normed = norm(builder, model, "mlp.norm", input, model.hidden, Shard::sequence);
  std::vector<Flow> flows = inner(builder, model, kind, normed, false);
  norm_after(builder, model, "mlp", model.extra_norms - norms_after_attention(model), flows);
  return residual(builder, model, "mlp.residual", input, flows);
}

std::string name_of(const LayerKind& kind) {
  if (kind.mixer == Mixer::none) return kind.moe ? "experts alone" : "MLP alone";
  std::string name = kind.moe ? "MoE layer" : "dense layer";
  if (!kind.has_mlp) name = kind.mixer == Mixer::linear ? "recurrent layer" : "attention alone";
  if (kind.has_mlp && kind.mixer == Mixer::linear) name += ", recurrent";
  if (kind.mixer == Mixer::both) name += ", attention and recurrence";
  if (kind.windowed) name += ", sliding window";
  if (kind.borrows_kv) name += ", borrowed keys and values";
  if (kind.borrows_index) name += ", borrowed choice of keys";
  return name;
}

/// A block of what `part` builds from the residual stream.
template <class Part>
Block named_block(const ModelSpec& model, const LayerKind& kind, Part part) {
  Builder builder;
  part(builder, model, kind, Flow{std::nullopt, static_cast<double>(model.hidden)});
  return {kind.moe ? BlockKind::moe_layer : BlockKind::dense_layer, name_of(kind), builder.take()};
}

}  // namespace

Flow layer(Builder& builder, const ModelSpec& model, const LayerKind& kind, Flow input) {
  if (kind.mixer == Mixer::none) return mlp_half(builder, model, kind, input);
  if (!kind.has_mlp) return attention_half(builder, model, kind, input);
  if (model.parallel_residual) return parallel_layer(builder, model, kind, input);
  return mlp_half(builder, model, kind, attention_half(builder, model, kind, input));
}

Block layer_block(const ModelSpec& model, const LayerKind& kind) { return named_block(model, kind, layer); }

std::optional<CutLayer> cut_layer(const ModelSpec& model, const LayerKind& kind) {
  if (model.parallel_residual || kind.mixer == Mixer::none || !kind.has_mlp) return std::nullopt;
  CutLayer cut{named_block(model, kind, attention_half), named_block(model, kind, mlp_half)};
  cut.attention.share = cut.mlp.share = 0.5;
  return cut;
}

}  // namespace chipmix::workload::blocks
