// The dense MLP, also of shared experts: y = W₂ φ(W₁ x), gated y = W₃ (φ(W₁ x) ⊙ W₂ x) (arXiv:2002.05202).
#include "workload/blocks/builder.hpp"

namespace chipmix::workload::blocks {

Flow mlp(Builder& builder, const ModelSpec& model, const std::string& name, double width, bool bias, Flow normed,
         bool is_input_kept) {
  const double h = model.hidden, projected = (model.gated ? 2 : 1) * width;
  Operator up{name + ".up", OpKind::projection, Shard::tensor, Gemm{h, projected}};
  up.parameters = projected * (h + (bias ? 1 : 0));
  up.saved = is_input_kept ? 0 : h;
  Flow flow = builder.add(up, {normed}, projected);

  // Gated: φ reads and writes, the product reads twice and writes. Otherwise one kernel.
  const Elementwise work = model.gated ? Elementwise{3 * width, 5 * width, 2} : Elementwise{2 * width, 2 * width, 1};
  Operator activation{name + ".activation", OpKind::activation, Shard::tensor, work};
  activation.parameters = model.activation_weights;
  activation.saved = projected;
  if (model.gated) activation.saved_written_out = width;  // φ(W₁ x), which the product with W₂ x keeps
  flow = builder.add(activation, {flow}, width);

  Operator down{name + ".down", OpKind::projection, Shard::tensor, Gemm{width, h}};
  down.cuts_input = true;
  down.parameters = h * (width + (bias ? 1 : 0));
  down.saved = width;
  return builder.add(down, {flow}, h);
}

}  // namespace chipmix::workload::blocks
