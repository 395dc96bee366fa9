// Strings operators together to a block's graph.
#pragma once

#include <optional>
#include <vector>

#include "workload/operators.hpp"

namespace chipmix::workload::blocks {

inline constexpr double dropout_mask = 0.5;  ///< it takes one byte: half an element

/// An activation inside a block: which operator wrote it (none: it is the block's input), and its elements per token.
struct Flow {
  std::optional<OperatorGraph::vertex_descriptor> from;
  double elements = 0;
};

/// Adds operators in an order in which they can run. The block's input enters at the first operator, which passes it
/// on: whoever reads it later has an edge from there. So a block has one source.
class Builder {
 public:
  /// Adds an operator that reads `inputs` and writes `elements` per token.
  Flow add(Operator op, const std::vector<Flow>& inputs, double elements);
  OperatorGraph take() { return std::move(graph_); }

 private:
  OperatorGraph graph_;
};

/// What tells one layer of a model from another.
struct LayerKind {
  bool moe = false;
  bool windowed = false;
  bool borrows_kv = false;
  Mixer mixer = Mixer::attention;
  bool has_mlp = true;
  bool borrows_index = false;
  friend bool operator==(const LayerKind&, const LayerKind&) = default;
};

LayerKind kind_of(const ModelSpec& model, int layer);

Flow norm(Builder& builder, const ModelSpec& model, std::string name, Flow input, double width, Shard shard);
Flow attention(Builder& builder, const ModelSpec& model, const LayerKind& kind, Flow normed);
/// Linear attention or a state space, with its projections.
Flow linear(Builder& builder, const ModelSpec& model, Flow normed);
/// `is_input_kept`: another operator keeps `normed` for the backward pass already.
Flow mlp(Builder& builder, const ModelSpec& model, const std::string& name, double width, bool bias, Flow normed,
         bool is_input_kept);
/// The flows to be added to the residual stream: routed experts, shared experts, the shared experts' gate.
std::vector<Flow> experts(Builder& builder, const ModelSpec& model, Flow normed);
/// Adds the flows to the residual stream, behind dropout if the model is trained with it.
Flow residual(Builder& builder, const ModelSpec& model, const std::string& name, Flow stream, std::vector<Flow> added);
Flow layer(Builder& builder, const ModelSpec& model, const LayerKind& kind, Flow input);
/// The product with the table of tokens and the loss. `is_shared`: the weights are counted elsewhere.
Flow head(Builder& builder, const ModelSpec& model, Flow normed, bool is_shared);

Block embedding_block(const ModelSpec& model);
Block layer_block(const ModelSpec& model, const LayerKind& kind);
/// Nothing where attention and MLP read the same input.
std::optional<CutLayer> cut_layer(const ModelSpec& model, const LayerKind& kind);
Block prediction_block(const ModelSpec& model);
Block head_block(const ModelSpec& model);

}  // namespace chipmix::workload::blocks
