// How long one kernel takes on one rank of a device. Every function is pure: shape and device in, seconds out.
#pragma once

#include "base/dtype.hpp"
#include "base/quantity.hpp"
#include "hardware/device.hpp"
#include "plan/shapes.hpp"

namespace chipmix::laws {

using plan::AttentionShape;
using plan::Direction;
using plan::GemmShape;
using plan::GroupedGemmShape;

Seconds gemm_time(const GemmShape& shape, Dtype dtype, const hardware::DeviceSpec& rank);
Seconds grouped_gemm_time(const GroupedGemmShape& shape, Dtype dtype, const hardware::DeviceSpec& rank);
/// `flash`: scores never leave the chip (16 bit only). Otherwise they are written and read in `dtype` or, where that is
/// narrower, in 16 bit; softmax and dropout apart.
Seconds attention_time(const AttentionShape& shape, Direction direction, bool flash, const hardware::DeviceSpec& rank,
                       Dtype dtype = Dtype::bf16);
/// A kernel bound by memory: `moved` bytes read and written in `kernels` launches.
Seconds streaming_time(Bytes moved, double kernels, const hardware::DeviceSpec& rank);

/// FLOPs the matrix units execute for an attention shape (the causal half where causal).
Flops attention_flops(const AttentionShape& shape, Direction direction);

}  // namespace chipmix::laws
