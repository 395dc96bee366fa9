// What one accelerator package can do, each figure with its source.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/dtype.hpp"
#include "base/quantity.hpp"
#include "base/sourced.hpp"
#include "hardware/gemm_correction.hpp"
#include "io/shape.hpp"

namespace chipmix::hardware {

/// The few physical parameters by which real kernels stay behind the datasheet. Shares are between 0 and 1.
struct Efficiency {
  std::map<Dtype, Sourced<double>> gemm;            ///< share of peak that a large matrix product reaches
  std::optional<Sourced<double>> gemm_half_depth;   ///< depth k at which a product reaches half of its rate; absent: 0
  std::optional<Sourced<double>> gemm_tile_edge;    ///< how much small tiles lose, in whole waves; absent: even waves
  std::map<Dtype, GemmCorrection> gemm_correction;  ///< near measured shapes; usually empty
  Sourced<double> sustained;          ///< share of a short benchmark's matrix rate kept in training (clocks)
  Sourced<double> memory;             ///< share of nominal memory bandwidth that a streaming kernel reaches
  Sourced<double> attention_forward;  ///< share of bf16 peak: long sequence, head size 128, FLOPs as executed
  Sourced<double> attention_backward;
  Sourced<double> attention_half_length;  ///< tokens at which attention reaches half of its long-sequence rate
  Sourced<double> grouped_gemm;           ///< grouped (expert) GEMM relative to one large GEMM
  Sourced<Seconds> kernel_overhead;       ///< time a kernel takes beyond its work: launch, ramp up, ramp down
};

/// Least and greatest size that was measured, by kind of work ("gemm.bf16") and name of the size ("m").
using MeasuredRange = std::map<std::string, std::map<std::string, std::vector<double>>>;

struct DeviceSpec {
  std::string id;
  std::string name;
  std::vector<std::string> aliases;
  std::string vendor;
  int year = 0;
  int ranks = 1;                                  ///< devices the software sees in one package (910C, MI250X: 2)
  std::map<Dtype, Sourced<FlopsPerSecond>> peak;  ///< dense matrix rate, per package
  Sourced<Bytes> memory;                          ///< per package
  Sourced<BytesPerSecond> memory_bandwidth;       ///< per package
  Sourced<Watts> power;                           ///< board or package power limit
  std::optional<Sourced<double>> compute_units;   ///< SM, CU or AI-core count per package
  Efficiency efficiency;
  /// Standard deviation of ln(measured/predicted) between publishers whose runs on its die no fit saw; absent: usual.
  std::optional<Sourced<double>> publisher_spread;
  MeasuredRange measured_range;  ///< what its efficiency was fitted to; empty where nobody calibrated it
  std::string node;              ///< id of the server it is usually sold in
  std::string stack;             ///< id of the software stack usually used with it
};

const io::Shape<DeviceSpec>& shape_of(io::Type<DeviceSpec>);

/// The figures of one rank: rates, memory and power of the package divided by its ranks.
DeviceSpec per_rank(const DeviceSpec& package);

/// The same of a spec of one's own, without a copy.
void divide_among_ranks(DeviceSpec& device);

/// To the figures that last through training: GEMM and attention shares times `sustained`, which becomes 1.
void put_under_load(DeviceSpec& device);

}  // namespace chipmix::hardware
