// A mixture of experts: router, exchange of tokens, routed experts, shared experts. Without dropped tokens, every token
// visits `active` experts; what is kept for the backward pass grows with that.
#include "workload/blocks/builder.hpp"

namespace chipmix::workload::blocks {
namespace {

constexpr double fp32_elements = 2;  // an fp32 number in elements of 2 bytes

/// Scores and the choice of experts. Scores are fp32 (DeepSeek-V3 report, arXiv:2412.19437, section 3.3.1).
/// Written out: softmax (read, write), top-k (read, write), sum and division of the chosen.
Flow router(Builder& builder, const ExpertSpec& e, double h, Flow normed) {
  const double scores = e.experts, chosen = 2.0 * e.active;
  Operator product{"moe.router", OpKind::router, Shard::whole, Gemm{h, scores}};
  product.parameters = scores * (h + (e.router_bias ? 1 : 0)) + e.router_scales;
  product.saved = h;
  const Flow logits = builder.add(product, {normed}, scores);
  const Elementwise work{fp32_elements * (scores + chosen), fp32_elements * (3 * scores + 3 * chosen), 4};
  Operator choice{"moe.choice", OpKind::router, Shard::whole, work};
  choice.saved_bytes = 2 * fp32_elements * scores;
  return builder.add(choice, {logits}, chosen);
}

Flow routed(Builder& builder, const ModelSpec& model, Flow tokens) {
  const ExpertSpec& e = *model.moe;
  const double h = e.latent > 0 ? e.latent : model.hidden;
  const double w = e.width, k = e.active, n = e.experts, up = (model.gated ? 2 : 1) * w;
  Operator op{"experts.up", OpKind::experts, Shard::expert, GroupedGemm{h, up, n, k}};
  op.parameters = n * up * (h + (e.bias ? 1 : 0));
  op.saved = k * h;
  Flow flow = builder.add(op, {tokens}, k * up);

  Elementwise work = model.gated ? Elementwise{3 * w, 5 * w, 2} : Elementwise{2 * w, 2 * w, 1};
  work.active = k;
  op = {"experts.activation", OpKind::activation, Shard::expert, work};
  op.saved = k * up;
  if (model.gated) op.saved_written_out = k * w;
  flow = builder.add(op, {flow}, k * w);

  op = {"experts.down", OpKind::experts, Shard::expert, GroupedGemm{w, h, n, k}};
  op.cuts_input = true;
  op.parameters = n * h * (w + (e.bias ? 1 : 0));
  op.saved = k * w;
  return builder.add(op, {flow}, k * h);
}

/// Between hidden state and the smaller one that the experts work on.
Flow latent_projection(Builder& builder, const std::string& name, double in, double out, Flow flow) {
  Operator op{name, OpKind::projection, Shard::whole, Gemm{in, out}};
  op.parameters = in * out;
  op.saved = in;
  return builder.add(op, {flow}, out);
}

Routing routing(const ExpertSpec& e, double h) {
  return {h, static_cast<double>(e.active), static_cast<double>(e.experts), e.groups, e.active_groups};
}

}  // namespace

std::vector<Flow> experts(Builder& builder, const ModelSpec& model, Flow normed) {
  const ExpertSpec& e = *model.moe;
  const double hidden = model.hidden, h = e.latent > 0 ? e.latent : hidden;
  const Flow choice = router(builder, e, hidden, normed);
  const Flow entering = e.latent > 0 ? latent_projection(builder, "moe.latent_down", hidden, h, normed) : normed;
  const Flow sent =
      builder.add({"moe.dispatch", OpKind::dispatch, Shard::sequence, routing(e, h)}, {entering, choice}, e.active * h);
  // The weights of the sum multiply the experts' activations, not their outputs, which need not be kept for the
  // weights' gradient (Megatron-Core, experts.py: "permuted probs" go into the activation function).
  const Operator combine{"moe.combine", OpKind::combine, Shard::sequence, routing(e, h)};
  std::vector<Flow> flows{builder.add(combine, {routed(builder, model, sent), choice}, h)};
  if (e.latent > 0) flows.front() = latent_projection(builder, "moe.latent_up", h, hidden, flows.front());
  if (e.shared_width == 0) return flows;
  flows.push_back(mlp(builder, model, "shared", e.shared_width, e.bias, normed, true));
  if (!e.shared_gate) return flows;
  Operator gate{"shared.gate", OpKind::router, Shard::whole, Gemm{hidden, 1}};
  gate.parameters = hidden;
  flows.push_back(builder.add(gate, {normed}, 1));
  return flows;
}

}  // namespace chipmix::workload::blocks
