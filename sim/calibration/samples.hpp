// What was measured: one struct per kind of sample, in the units of docs/measurements.md.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/dtype.hpp"
#include "io/shape.hpp"
#include "plan/shapes.hpp"

namespace chipmix::calibration {

/// Which clock timed a call: `host` adds the host's own time, the same for every call of a series.
enum class Clock { device, host };

/// What every timed sample has.
struct Timed {
  io::OneOrMany<double> seconds{};  ///< every repetition
  Clock clock = Clock::device;
  std::string series{};  ///< samples that one harness took in one way
  std::string note{};
  std::string error{};  ///< why there is no time
  bool cold_cache = false;
};

struct GemmSample : Timed {
  Dtype dtype = Dtype::bf16;
  double m = 0, n = 0, k = 0, batch = 1;
  double cast_bytes = 0;  ///< per element of A, of a cast inside the timed call
};

struct GroupedGemmSample : Timed {
  Dtype dtype = Dtype::bf16;
  double groups = 0, rows_per_group = 0, n = 0, k = 0;
};

struct AttentionSample : Timed {
  Dtype dtype = Dtype::bf16;
  plan::Direction pass = plan::Direction::forward;
  double batch = 0, heads = 0, sequence = 0, head_size = 0;
  std::optional<double> kv_heads, keys;
  bool causal = true;
  std::string kernel{};
};

struct StreamSample : Timed {
  std::string op{};
  double bytes = 0, kernels = 1;
};

struct LaunchSample : Timed {
  std::string what{};
};

struct HostCopySample : Timed {
  std::string direction{};
  bool pinned = true;
  double bytes = 0;
};

using TimeSeries = std::vector<std::vector<double>>;  ///< of [seconds since the start, value]

struct SustainedSample : Timed {
  Dtype dtype = Dtype::bf16;
  double m = 0, n = 0, k = 0;
  TimeSeries seconds_over_time{}, clock_mhz{}, power_w{};
};

struct CollectiveSample : Timed {
  std::string op{};
  int ranks = 0;
  std::optional<int> ranks_per_node;
  double bytes = 0;
  std::optional<Dtype> dtype;
};

/// A block or a step, kept beside the fit: its fields are for predictions, none is fitted.
struct CheckSample : Timed {
  std::string what{}, pass{}, optimizer{};
  Dtype dtype = Dtype::bf16;
  std::optional<int> hidden, ffn_hidden, heads, kv_heads, head_size, sequence, micro_batch, layers, vocabulary;
  std::optional<double> peak_memory_bytes;
  bool gated = true, flash = true;
};

using Sample = std::variant<GemmSample, GroupedGemmSample, AttentionSample, StreamSample, LaunchSample, HostCopySample,
                            SustainedSample, CollectiveSample, CheckSample>;

inline constexpr std::array kinds = {"gemm",      "grouped_gemm", "attention",  "stream", "launch",
                                     "host_copy", "sustained",    "collective", "check"};
inline std::string kind_of(const Sample& sample) { return kinds.at(sample.index()); }
inline const Timed& timed(const Sample& sample) {
  return std::visit([](const auto& one) -> const Timed& { return one; }, sample);
}

/// What the file says of the device.
struct MeasuredDevice {
  std::string name{}, backend{}, driver{};
  int count = 1;
  std::optional<double> memory_bytes, compute_units, clock_mhz, power_limit_w;
};

struct Measurements {
  int version = 1;
  MeasuredDevice device{};
  std::string date{}, host{};
  std::map<std::string, std::string> software{};
  std::vector<Sample> samples{};
};

const io::Shape<Measurements>& shape_of(io::Type<Measurements>);

/// Median of the repetitions, s.
double seconds_of(const Timed& sample);

}  // namespace chipmix::calibration

namespace chipmix::io {

/// The shape is chosen by "kind".
template <>
struct Reading<calibration::Sample> {
  static std::optional<calibration::Sample> read(const Value& value);
  static std::string schema();
};

}  // namespace chipmix::io
