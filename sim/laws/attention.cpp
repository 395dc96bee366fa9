// Attention: fused (flash) and with the score matrix in memory.
#include <algorithm>
#include <cmath>

#include "laws/compute.hpp"
#include "laws/gemm.hpp"
#include "laws/roofline.hpp"

namespace chipmix::laws {
namespace {

constexpr double element_bytes = 2;  // queries, keys, values, scores and their gradients in 16 bit, or wider

/// Rows of the score matrix one thread block works on (FlashAttention-2, arXiv:2307.08691, section 3.3: 64 or 128).
constexpr double block = 128;

/// Forward, kernels of one call; backward: row sums of dO∘O, the main kernel, dQ to 16 bit (FlashAttention-2 sources).
constexpr double forward_kernels = 1, backward_kernels = 3;

/// Per score, softmax costs as much as this many elements of head size do in the matrix units. Midway (in log error)
/// between the kernels' ratios of head 64 to head 128 at 16k tokens, causal, which it meets within 14 %:
/// FlashAttention-2 on A100 171 : 189 and on H100 299 : 335, cuDNN 388 : 539, FlashAttention-3 473 : 616 TFLOP/s
/// (charts in github.com/Dao-AILab/flash-attention, assets).
constexpr double softmax_head = 36;
constexpr double reference_head = 128;

/// Passes over the score matrix outside the two (backward: four) products, whose own reads and writes the GEMM law
/// counts. Forward: scale and mask, softmax, dropout, each read and write; 8 with the products' two. Backward: dropout
/// and scale, read and write; softmax reads the probabilities and their gradient and writes one; 11 with the products'
/// four. Kernels as in Korthikanti et al., arXiv:2205.05198, section 4.1 (softmax and dropout outputs kept).
constexpr double forward_passes = 6, backward_passes = 7;
constexpr double passes_kernels = 3;

/// Numbers wider than 16 bit: scale, mask, softmax and dropout are kernels of their own (Megatron-LM, fused_softmax.py:
/// its fused kernel takes 16 bit only): 8 passes forward; backward dropout 2, softmax 3, mask 2, scale 2, and the copy
/// of the probabilities that dropout read 1.
constexpr double wide_forward_passes = 8, wide_backward_passes = 10, wide_kernels = 4;

struct Passes {
  double over_scores, kernels;
};
Passes passes(bool forward, Dtype dtype) {
  if (bytes_per_element(dtype) > element_bytes)
    return {forward ? wide_forward_passes : wide_backward_passes, wide_kernels};
  return {forward ? forward_passes : backward_passes, passes_kernels};
}

double scores(const AttentionShape& a) { return a.sequences * a.heads * a.queries * a.keys; }

void require_attention_sizes(const AttentionShape& a) {
  for (double size : {a.sequences, a.queries, a.keys, a.heads, a.kv_heads, a.qk_dim, a.v_dim})
    require_size(size, "size of an attention");
}

/// The 16-bit format that attention runs in.
Dtype matrix_type(const hardware::DeviceSpec& rank) {
  return rank.peak.contains(Dtype::bf16) ? Dtype::bf16 : Dtype::fp16;
}

// Rate relative to head size 128:  f(d) = d/(d + 36) · (128 + 36)/128,  d = min(128, mean of key and value head size).
double head_factor(const AttentionShape& a) {
  const double d = std::min(reference_head, (a.qk_dim + a.v_dim) / 2);
  return d / (d + softmax_head) * (reference_head + softmax_head) / reference_head;
}

// Share of the long-sequence rate:  ℓ/(ℓ + half);  ℓ = keys where causal, twice the keys where not: half of ℓ is the
// mean number of keys one query meets, the length of the kernel's inner loop.
double length_factor(const AttentionShape& a, const hardware::DeviceSpec& rank) {
  const double loop = a.causal ? a.keys : 2 * a.keys;
  return loop / (loop + rank.efficiency.attention_half_length.value);
}

// Queries, keys, values and output once; backward reads them and dO, and writes dQ, dK and dV: twice as much.
Bytes fused_traffic(const AttentionShape& a, Direction direction) {
  const double widths = a.qk_dim + a.v_dim;
  const double forward = a.sequences * (a.queries * a.heads + a.keys * a.kv_heads) * widths * element_bytes;
  return Bytes(direction == Direction::forward ? forward : 2 * forward);
}

/// Blocks run side by side along the queries forward, the keys backward; fewer blocks than units leave units idle.
double fill(const AttentionShape& a, Direction direction, const hardware::DeviceSpec& rank) {
  const double rows = direction == Direction::forward ? a.queries : a.keys;
  return std::max(1.0, units(rank) / (a.sequences * a.heads * std::ceil(rows / block)));
}

//   t = kernels·overhead + (t_work⁴ + t_traffic⁴)^¼                                                 s
//   t_work = FLOPs executed / (peak(bf16) · a · f(d) · ℓ/(ℓ + half)) · max(1, U/blocks)              s
//
// a: attention_forward or attention_backward, half: attention_half_length (tokens), both of the device. Valid from 512
// tokens (measured to 16k), head 64 to 256. FlashAttention-3 H100: docs/laws/compute.md.
Seconds fused_time(const AttentionShape& a, Direction direction, const hardware::DeviceSpec& rank) {
  const bool forward = direction == Direction::forward;
  const auto& e = rank.efficiency;
  const double share = forward ? e.attention_forward.value : e.attention_backward.value;
  const FlopsPerSecond peak = entry(rank.peak, matrix_type(rank), rank);
  const FlopsPerSecond rate = peak * (share * head_factor(a) * length_factor(a, rank));
  const Seconds work = attention_flops(a, direction) / rate * fill(a, direction, rank);
  const Seconds traffic = fused_traffic(a, direction) / reached_bandwidth(rank);
  return (forward ? forward_kernels : backward_kernels) * launch(rank) + overlapped(work, traffic);
}

//   forward:  S = QKᵀ and O = PV as batched products of all scores (no causal half), and 6 more passes over the scores
//   backward: twice the products (dV, dP, dQ, dK), and 7 more passes
//
// Standard attention of the FlashAttention-3 backward chart (H100, no mask, no dropout): docs/laws/compute.md.
Seconds unfused_time(const AttentionShape& a, Direction direction, Dtype trained, const hardware::DeviceSpec& rank) {
  const bool forward = direction == Direction::forward;
  const Dtype dtype = bytes_per_element(trained) > element_bytes ? trained : matrix_type(rank);
  const FlopsPerSecond rate = reached_rate(dtype, rank);
  const double batch = a.sequences * a.heads;
  const Seconds score = batched_time({a.queries, a.keys, a.qk_dim, batch}, dtype, rate, rank);
  const Seconds value = batched_time({a.queries, a.v_dim, a.keys, batch}, dtype, rate, rank);
  const Seconds products = (forward ? 1 : 2) * (score + value + 2 * launch(rank));
  const auto [over_scores, kernels] = passes(forward, dtype);
  return products + streaming_time(Bytes(scores(a) * bytes_per_element(dtype) * over_scores), kernels, rank);
}

}  // namespace

// Executed FLOPs, a multiply-add as two:
//
//   forward   2 · scores · (q + v)          QKᵀ, PV                        q, v: head sizes of queries/keys and values
//   backward  2 · scores · (3q + 2v)        QKᵀ again, dV, dP, dQ, dK      2.5 times forward where q = v
//   scores = sequences · heads · queries · keys, half of it where causal
//
// Source: Dao, FlashAttention-2, arXiv:2307.08691, section 4.1 (4·s²·d·heads, halved where causal, 2.5 times backward).
Flops attention_flops(const AttentionShape& a, Direction direction) {
  const double depth = direction == Direction::forward ? a.qk_dim + a.v_dim : 3 * a.qk_dim + 2 * a.v_dim;
  return Flops(2 * scores(a) * depth * (a.causal ? 0.5 : 1.0));
}

Seconds attention_time(const AttentionShape& a, Direction direction, bool flash, const hardware::DeviceSpec& rank,
                       Dtype dtype) {
  require_attention_sizes(a);
  if (scores(a) == 0 || a.qk_dim + a.v_dim == 0) return Seconds(0);
  return flash ? fused_time(a, direction, rank) : unfused_time(a, direction, dtype, rank);
}

}  // namespace chipmix::laws
