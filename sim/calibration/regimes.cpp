// What kind of work a sample is, and what the samples cover.
#include <algorithm>
#include <cmath>

#include "calibration/calibrate.hpp"
#include "laws/roofline.hpp"

namespace chipmix::calibration {
namespace {

constexpr double skinny = 128;             // rows or columns: at most one tile of the larger kernels
constexpr double large_message = 1 << 20;  // byte; training messages are rarely smaller
constexpr double long_sequence = 2048;     // tokens

/// Launch-bound, bound by memory, skinny or large: what holds a product up.
std::string bound(double bytes, double flops, double least_side, Dtype dtype, Machine& machine, double seconds) {
  if (machine.rank.efficiency.kernel_overhead.value.value() > seconds / 2) return "bound by launch";
  const auto& rank = machine.rank;
  const double traffic = bytes / laws::reached_bandwidth(rank).value();
  if (traffic > flops / laws::reached_rate(dtype, rank).value()) return "bound by memory";
  return least_side <= skinny ? "skinny" : "large";
}

struct Regime {
  Machine& machine;
  double seconds;

  std::string operator()(const GemmSample& s) const {
    const double bytes = s.batch * (s.m * s.k + s.k * s.n) * bytes_per_element(s.dtype) + 2 * s.batch * s.m * s.n;
    const double flops = 2 * s.batch * s.m * s.n * s.k;
    return bound(bytes, flops, std::min(s.m, s.n), s.dtype, machine, seconds);
  }
  std::string operator()(const GroupedGemmSample& s) const {
    const double bytes = s.groups * (s.rows_per_group * s.k + s.k * s.n) * bytes_per_element(s.dtype);
    const double flops = 2 * s.groups * s.rows_per_group * s.n * s.k;
    return bound(bytes, flops, std::min(s.rows_per_group, s.n), s.dtype, machine, seconds);
  }
  std::string operator()(const AttentionSample& s) const { return s.sequence < long_sequence ? "short" : "long"; }
  std::string operator()(const CollectiveSample& s) const {
    const bool across = s.ranks_per_node.value_or(s.ranks) < s.ranks;
    return std::string(across ? "across nodes" : "in one node") +
           (s.bytes < large_message ? ", below 1 MiB" : ", 1 MiB and more");
  }
  std::string operator()(const Timed&) const { return {}; }
};

struct Group {
  std::string operator()(const GemmSample& s) const { return std::string("gemm.") + name(s.dtype); }
  std::string operator()(const GroupedGemmSample& s) const { return std::string("grouped_gemm.") + name(s.dtype); }
  std::string operator()(const AttentionSample& s) const {
    return s.pass == plan::Direction::forward ? "attention.forward" : "attention.backward";
  }
  std::string operator()(const StreamSample&) const { return "stream"; }
  std::string operator()(const LaunchSample&) const { return "launch"; }
  std::string operator()(const HostCopySample&) const { return "host_copy"; }
  std::string operator()(const SustainedSample&) const { return "sustained"; }
  std::string operator()(const CollectiveSample& s) const { return "collective." + s.op; }
  std::string operator()(const CheckSample& s) const { return "check." + s.what; }
};

using Sizes = std::vector<std::pair<const char*, double>>;

struct SizesOf {
  Sizes operator()(const GemmSample& s) const { return {{"m", s.m}, {"n", s.n}, {"k", s.k}}; }
  Sizes operator()(const GroupedGemmSample& s) const {
    return {{"groups", s.groups}, {"rows_per_group", s.rows_per_group}, {"n", s.n}, {"k", s.k}};
  }
  Sizes operator()(const AttentionSample& s) const {
    return {{"keys", s.keys.value_or(s.sequence)}, {"head_size", s.head_size}};
  }
  Sizes operator()(const StreamSample& s) const { return {{"bytes", s.bytes}}; }
  Sizes operator()(const CollectiveSample& s) const {
    return {{"bytes", s.bytes}, {"ranks", static_cast<double>(s.ranks)}};
  }
  Sizes operator()(const Timed&) const { return {}; }
};

}  // namespace

std::string group_of(const Sample& sample) { return std::visit(Group{}, sample); }

std::string regime_of(const Sample& sample, Machine& machine) {
  const std::string detail = std::visit(Regime{machine, seconds_of(timed(sample))}, sample);
  return group_of(sample) + (detail.empty() ? "" : ", " + detail);
}

Covered covered_by(const std::vector<Sample>& samples) {
  Covered covered;
  for (const Sample& sample : samples) {
    if (!timed(sample).error.empty()) continue;
    for (const auto& [size, value] : std::visit(SizesOf{}, sample)) {
      const auto [at, is_new] = covered[group_of(sample)].try_emplace(size, value, value);
      at->second = {std::min(at->second.first, value), std::max(at->second.second, value)};
    }
  }
  return covered;
}

}  // namespace chipmix::calibration
