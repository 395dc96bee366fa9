// What one training step of a PyTorch profiler's trace (Kineto) spent its time on, on one rank's device.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calibration/samples.hpp"
#include "io/text_stream.hpp"

namespace chipmix::calibration {

/// Time of a step by the kind of kernel, kernels that run in parallel each in full.
struct TraceKind {
  std::string name;
  double seconds = 0;
  double calls = 0;
};

/// The kernels of one operator, of one shape of inputs: what they take in a step.
struct TraceOperator {
  std::string name, kind;
  double seconds = 0, calls = 0;
  std::optional<Sample> shape;  ///< where a law speaks of one call
};

/// Means over the steps, seconds; of the step itself the median.
struct TraceStep {
  std::string device;  ///< as the trace calls it; may be empty
  double seconds = 0;
  std::size_t steps = 0, warm_up = 0;
  std::vector<TraceKind> kinds;
  std::vector<TraceOperator> operators;  ///< the longest first
  double computing = 0;                  ///< in which a kernel that is no collective runs
  double exposed_communication = 0;      ///< in which collectives alone run
  double idle = 0;                       ///< in which no kernel runs: the host, or other ranks, are waited for

  double seconds_of(std::string_view kind) const;
};

/// The steps that the profiler marked ("ProfilerStep#3"), without the first where there are several; kernels count
/// where they begin. Throws InputError with every fault: no steps marked, no kernels, a time that is none.
TraceStep parse_trace_step(io::TextStream stream);

/// "matrix products", "experts", "attention", "communication", "optimizer", "copies" or "elementwise", by the words
/// that libraries put into the names of their kernels: cuBLAS and CUTLASS (gemm, cutlass, nvjet, xmma), hipBLASLt
/// (Cijk), grouped GEMM (grouped), FlashAttention and cuDNN (flash, fmha, sdpa), NCCL, RCCL and HCCL, Apex and
/// PyTorch's fused optimizers (adam, multi_tensor).
const char* kernel_kind(std::string_view kernel);

}  // namespace chipmix::calibration
