// Devices for the tests of the compute laws, with the parameters that bench/fit_compute.py fitted: see
// docs/laws/compute.md.
#pragma once

#include "hardware/device.hpp"

namespace chipmix::laws::fitted {

struct Parts {
  double sixteen_bit, fp8;         // FLOP/s
  double bandwidth, units;         // byte/s, count
  double gemm16, gemm8, memory;    // shares
  double forward, backward, half;  // shares, tokens
  double overhead;                 // s
};

inline hardware::DeviceSpec device(const Parts& p) {
  hardware::DeviceSpec d;
  d.id = "fitted";
  for (Dtype dtype : {Dtype::bf16, Dtype::fp16}) {
    d.peak[dtype].value = FlopsPerSecond(p.sixteen_bit);
    d.efficiency.gemm[dtype].value = p.gemm16;
  }
  if (p.fp8 > 0) {
    d.peak[Dtype::fp8].value = FlopsPerSecond(p.fp8);
    d.efficiency.gemm[Dtype::fp8].value = p.gemm8;
  }
  d.memory_bandwidth.value = BytesPerSecond(p.bandwidth);
  d.compute_units.emplace().value = p.units;
  d.efficiency.memory.value = p.memory;
  d.efficiency.attention_forward.value = p.forward;
  d.efficiency.attention_backward.value = p.backward;
  d.efficiency.attention_half_length.value = p.half;
  d.efficiency.grouped_gemm.value = 1;
  d.efficiency.kernel_overhead.value = Seconds(p.overhead);
  return d;
}

/// Attention: FlashAttention-3.
inline hardware::DeviceSpec h100() {
  return device({989e12, 1979e12, 3.35e12, 132, 0.797, 0.707, 0.863, 0.670, 0.569, 545, 4.7e-6});
}

/// Attention: FlashAttention-2.
inline hardware::DeviceSpec a100() {
  return device({312e12, 0, 2.039e12, 108, 0.845, 0, 0.816, 0.723, 0.638, 463, 11e-6});
}

}  // namespace chipmix::laws::fitted
