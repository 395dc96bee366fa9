// The ends of a model: embedding, head and loss; and multi-token prediction, which is a layer with ends of its own.
#include "workload/blocks/builder.hpp"

namespace chipmix::workload::blocks {
namespace {

constexpr double fp32_bytes = 4;
/// A row read, a row written.
Operator lookup(const ModelSpec& model, double parameters) {
  const double h = model.hidden;
  Operator op{"embedding.tokens", OpKind::embedding, Shard::tensor, Elementwise{2 * h, 2 * h, 1}};
  op.parameters = parameters;
  return op;
}

Flow positions(Builder& builder, const ModelSpec& model, Flow tokens) {
  const double h = model.hidden;
  Elementwise work{3 * h, 5 * h, 2};
  if (model.dropout) work = {(3 + dropout_mask) * h, (7 + dropout_mask) * h, 3};
  Operator op{"embedding.positions", OpKind::embedding, Shard::sequence, work};
  op.parameters = model.learned_positions * h;
  if (model.dropout) op.saved_bytes = h;
  return builder.add(op, {tokens}, h);
}

/// Cross-entropy in fp32, all traffic in elements of 2 bytes. Fused: 16-bit logits read, fp32 softmax written.
/// Written out as in Megatron-LM's vocabulary-parallel loss: conversion 3, maximum 2, difference 4, exponential 4,
/// sum 2, division 4.
Operator cross_entropy(double vocabulary) {
  Operator op{"head.loss", OpKind::loss, Shard::tensor, Elementwise{3 * vocabulary, 19 * vocabulary, 6}};
  op.saved_bytes = fp32_bytes * vocabulary;  // arXiv:2205.05198, section 4.3
  return op;
}

}  // namespace

Flow head(Builder& builder, const ModelSpec& model, Flow normed, bool is_shared) {
  const double h = model.hidden, v = model.vocabulary;
  Operator op{"head.logits", OpKind::head, Shard::tensor, Gemm{h, v}};
  op.parameters = is_shared ? 0 : (h + (model.head_bias ? 1 : 0)) * v;
  op.saved = h;
  const Flow logits = builder.add(op, {normed}, v);
  return builder.add(cross_entropy(v), {logits}, 1);
}

Block embedding_block(const ModelSpec& model) {
  Builder builder;
  const double table = static_cast<double>(model.vocabulary) * model.hidden;
  const double h = model.hidden;
  const Flow tokens = builder.add(lookup(model, model.tied_embeddings ? 0 : table), {}, h);
  if (model.embedding_norm) norm(builder, model, "embedding.norm", tokens, h, Shard::sequence);
  if (model.learned_positions > 0) positions(builder, model, tokens);
  return {BlockKind::embedding, "embedding", builder.take()};
}

Block head_block(const ModelSpec& model) {
  Builder builder;
  const double h = model.hidden;
  head(builder, model, norm(builder, model, "head.norm", {std::nullopt, h}, h, Shard::sequence), false);
  return {BlockKind::head, "head", builder.take()};
}

namespace {

/// A layer like the last, of attention and an MLP or experts even where the model's layers are one or the other.
LayerKind predicting(const ModelSpec& model) {
  int last = model.layers - 1;
  while (last > 0 && !model.has_inner(last)) --last;
  LayerKind kind = kind_of(model, last);
  if (kind.mixer != Mixer::both) kind.mixer = Mixer::attention;
  kind.has_mlp = true;
  kind.borrows_kv = kind.borrows_index = false;
  return kind;
}

}  // namespace

/// Hidden state and embedding of the next token, each behind a norm, projected together to one and passed through a
/// layer; table and head are those of the model (DeepSeek-V3 report, arXiv:2412.19437, section 2.2).
Block prediction_block(const ModelSpec& model) {
  Builder builder;
  const double h = model.hidden;
  const Flow hidden = norm(builder, model, "prediction.hidden_norm", {std::nullopt, h}, h, Shard::sequence);
  const Flow tokens = builder.add(lookup(model, 0), {{hidden.from, 0}}, h);
  const Flow embedded = norm(builder, model, "prediction.embedding_norm", tokens, h, Shard::sequence);
  const Operator join{"prediction.join", OpKind::residual, Shard::sequence, Elementwise{4 * h, 4 * h, 1}};
  const Flow joined = builder.add(join, {hidden, embedded}, 2 * h);
  Operator projection{"prediction.projection", OpKind::projection, Shard::tensor, Gemm{2 * h, h}};
  projection.parameters = 2 * h * h;
  projection.saved = 2 * h;
  const Flow input = builder.add(projection, {joined}, h);
  const LayerKind kind = predicting(model);
  const Flow out = layer(builder, model, kind, input);
  head(builder, model, norm(builder, model, "prediction.norm", out, h, Shard::sequence), true);
  return {BlockKind::prediction_layer, "prediction layer", builder.take()};
}

}  // namespace chipmix::workload::blocks
