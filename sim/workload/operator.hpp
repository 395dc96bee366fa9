// One operator of a model: what one token asks for, before any parallelism. Sizes are in elements per token unless said
// otherwise. Sharding is a property of the operator (which of its dimensions a parallel group may cut); by how much is
// the plan's affair.
#pragma once

#include <optional>
#include <string>
#include <variant>

namespace chipmix::workload {

enum class OpKind {
  embedding,
  norm,
  projection,
  rotary,
  attention,
  router,
  dispatch,
  experts,
  combine,
  activation,
  residual,
  head,
  loss
};
const char* name(OpKind kind);

/// How tensor parallelism divides an operator (Megatron-LM, arXiv:1909.08053 and 2205.05198).
enum class Shard {
  sequence,  ///< each rank has a slice of the tokens when sequence parallelism is on, all tokens when it is off
  tensor,    ///< each rank has a slice of the weights or heads, and all tokens
  expert,    ///< each rank has some of the experts; divided by the expert group (and the expert tensor group)
  whole,     ///< every rank does everything (router in its own precision, latent down-projections)
};

/// y[out] = W[out x in] x[in].
struct Gemm {
  double in = 0, out = 0;
};
/// The same for `experts` weight matrices, each token visiting `active` of them.
struct GroupedGemm {
  double in = 0, out = 0, experts = 0, active = 0;
};
/// Causal softmax(QK^T)V over the sequence.
struct AttentionCore {
  double heads = 0, kv_heads = 0, qk_dim = 0, v_dim = 0;
  std::optional<double> window;
  std::optional<double> keys = std::nullopt;  ///< of every token, however long the sequence: a recurrence's work
};
/// Memory-bound work: elements read and written per token by a fused kernel, and by unfused kernels; a row lookup is
/// one too. `experts` copies when it runs on routed tokens (`active` per token).
struct Elementwise {
  double fused = 0, unfused = 0;
  int kernels = 1;
  double flops = 0;
  double active = 1;
};
/// Tokens sent to or fetched from the ranks that hold their experts: `width` elements to `active` experts.
struct Routing {
  double width = 0, active = 0, experts = 0;
  int groups = 1, active_groups = 1;
};

using Work = std::variant<Gemm, GroupedGemm, AttentionCore, Elementwise, Routing>;

struct Operator {
  std::string name;  ///< "attention.qkv", "mlp.down", ...
  OpKind kind = OpKind::projection;
  Shard shard = Shard::sequence;
  Work work;
  bool cuts_input = false;  ///< tensor: the weight is cut along `in` (row-parallel: its outputs are partial sums)
  bool restorable = false;  ///< its output is large beside its input: selective recomputation makes it again
  double parameters = 0;    ///< weights and biases, whole
  /// Elements per token kept for the backward pass, at 2 bytes each: its inputs, once per graph. Whole: `shard` says
  /// how they are divided, except that a tensor-parallel Gemm that does not cut its input keeps it undivided, or as a
  /// slice of the tokens with sequence parallelism.
  double saved = 0;
  double saved_bytes = 0;        ///< further bytes per token kept (masks, fp32 statistics)
  double saved_written_out = 0;  ///< further elements per token kept where a framework runs it step by step
};

struct Tensor {
  double elements = 0;
};  ///< per token, on an edge

enum class BlockKind { embedding, dense_layer, moe_layer, prediction_layer, head };

/// FLOPs of one token in the forward pass (a multiply-add is two), at a sequence length; causal attention counts the
/// half of the score matrix that is used.
double forward_flops_per_token(const Operator& op, double sequence_length);

}  // namespace chipmix::workload
