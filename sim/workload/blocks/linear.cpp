// Layers with a recurrent state: linear attention and state spaces. Input projection, a short causal convolution, the
// recurrence in chunks (or a scan), a gated norm, the output projection. No training run with these kernels was read:
// their times are those of products and streams of the same size, and assumed.
#include "workload/blocks/builder.hpp"

namespace chipmix::workload::blocks {
namespace {

/// Floating-point operations of a selective scan per channel and state (github.com/state-spaces/mamba, issue 110 and
/// the FLOP count of its benchmarks: 9 B L D N).
constexpr double scan_flops = 9;

Flow projected(Builder& builder, const LinearSpec& l, double h, Flow normed) {
  Operator op{"linear.in", OpKind::projection, Shard::tensor, Gemm{h, l.projected}};
  op.parameters = l.projected * (h + (l.bias ? 1 : 0));
  op.saved = h;
  return builder.add(op, {normed}, l.projected);
}

/// Depthwise: each channel reads its own past.
Flow convolved(Builder& builder, const LinearSpec& l, Flow flow) {
  if (l.convolved == 0) return flow;
  Elementwise work{2 * l.convolved, 4 * l.convolved, 2};
  work.flops = 2 * l.kernel * l.convolved;
  Operator op{"linear.convolution", OpKind::activation, Shard::tensor, work};
  op.parameters = l.convolved * (l.kernel + (l.convolution_bias ? 1 : 0));
  op.saved = l.convolved;
  return builder.add(op, {flow}, flow.elements);
}

/// Decays, step sizes and gates of their own projections.
std::vector<Flow> small(Builder& builder, const LinearSpec& l, Flow flow, Flow normed, double h) {
  std::vector<Flow> flows{flow};
  for (const SmallProjection& p : l.small) {
    Operator op{"linear." + p.name, OpKind::projection, Shard::tensor, Gemm{p.in, p.out}};
    op.parameters = p.out * (p.in + (p.bias ? 1 : 0));
    op.saved = p.in;
    const bool from_input = p.in == h;
    flows.push_back(builder.add(op, {from_input ? normed : Flow{flows.back().from, p.in}}, p.out));
  }
  return flows;
}

Flow core(Builder& builder, const LinearSpec& l, std::vector<Flow> inputs) {
  Operator op{"linear.core", OpKind::attention, Shard::tensor, {}};
  op.parameters = l.vectors;
  op.saved = l.heads * (2 * l.key_dim + l.value_dim);
  if (l.keys > 0) {
    op.work = AttentionCore{l.heads, l.heads, l.key_dim, l.value_dim, std::nullopt, l.keys};
  } else {
    Elementwise work{4 * l.inner() + 2 * l.key_dim, 4 * l.inner() + 2 * l.key_dim, 1};
    work.flops = scan_flops * l.inner() * l.key_dim;
    op.kind = OpKind::activation;
    op.work = work;
    op.saved = 3 * l.inner() + 2 * l.key_dim;
  }
  return builder.add(op, inputs, l.inner());
}

}  // namespace

Flow linear(Builder& builder, const ModelSpec& model, Flow normed) {
  const LinearSpec& l = *model.linear;
  const double h = model.hidden;
  const Flow mixed = convolved(builder, l, projected(builder, l, h, normed));
  const Flow done = core(builder, l, small(builder, l, mixed, normed, h));
  Operator gate{"linear.gated_norm", OpKind::activation, Shard::tensor, Elementwise{3 * l.inner(), 20 * l.inner(), 10}};
  gate.saved = 2 * l.inner();
  const Flow gated = builder.add(gate, {done}, l.inner());
  Operator out{"linear.output", OpKind::projection, Shard::tensor, Gemm{l.inner(), h}};
  out.cuts_input = true;
  out.parameters = h * (l.inner() + (l.bias ? 1 : 0));
  out.saved = l.inner();
  return builder.add(out, {gated}, h);
}

}  // namespace chipmix::workload::blocks
