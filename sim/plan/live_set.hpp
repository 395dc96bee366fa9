// What a block holds beside its saved activations while it runs backward.
#pragma once

#include <vector>

#include "plan/lower.hpp"

namespace chipmix::plan {

/// The most that gradients of activations take beyond the saved activations already given back, over the backward pass
/// of one block:  max over operators v of  G(v) + I(v) - F(v)
///   G  gradients of outputs made and not yet used up [B], one per operator however many read its output;
///   I  gradients of v's inputs as v makes them [B]: of all tokens where v is a column-parallel product, which are
///      reduced to the rank's slice afterwards; none for a residual sum, which passes its gradient on; and the output's
///      gradient of all tokens where v is a row-parallel product, which gathers it;
///   F  saved activations of the operators that have run backward before v [B].
/// `order`: operators in forward order; `saved`: bytes that each keeps (Megatron-Core and PyTorch autograd free a
/// gradient and a saved tensor as soon as nothing refers to them).
Bytes live_gradients(const workload::Block& block, const Sharding& sharding, const std::vector<std::size_t>& order,
                     const std::vector<Bytes>& saved);

/// Of the block with the loss: the larger of two moments, less the `kept` output of the softmax.
///   forward   b V T/t                                       b: bytes per logit while the loss runs
///   backward  2 V T/t + e h T (1 + 1/t) + 2 V h/t           gradient of the logits in 16 bit, gradient of the input
///             (e h T without sequence parallelism), and the 16-bit gradient of the head's weights or its stand-in
/// with V the vocabulary, T tokens, t the tensor group, e bytes per activation, h the hidden size.
Bytes live_loss(const workload::Block& block, const Sharding& sharding, Bytes kept);

/// Bytes per logit that stay from the loss's forward to its backward pass: the fp32 softmax, or less where the loss
/// leaves its gradient in the logits (Transformer Engine's fused cross entropy).
double kept_logit_bytes(const Sharding& sharding);

/// Weight matrices of a block's products on one rank, for stand-ins of their gradients: each shape once. The router's
/// own are left out, and one expert stands for all.
std::vector<WeightShape> weight_shapes(const workload::Block& block, const Sharding& sharding);

}  // namespace chipmix::plan
