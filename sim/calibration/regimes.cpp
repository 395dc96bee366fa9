// What kind of work a sample is, what the samples cover, and how long runs slow down.
#include <algorithm>
#include <cmath>

#include "calibration/calibrate.hpp"
#include "laws/roofline.hpp"

namespace chipmix::calibration {
namespace {

constexpr double skinny = 128;             // rows or columns: at most one tile of the larger kernels
constexpr double large_message = 1 << 20;  // byte; training messages are rarely smaller
constexpr double long_sequence = 2048;     // tokens
constexpr double shortest_run = 10;        // s until clocks have settled

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

/// Median of the second members between two times.
std::optional<double> median_between(const TimeSeries& series, double from, double to) {
  std::vector<double> list;
  for (const auto& pair : series)
    if (pair[0] >= from && pair[0] <= to) list.push_back(pair[1]);
  if (list.empty()) return std::nullopt;
  std::nth_element(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(list.size() / 2), list.end());
  return list[list.size() / 2];
}

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

// Sustained share: median time of calls in the first second over that in the last third of the run.
std::optional<Figure> sustained_of(const std::vector<Sample>& samples, const Machine& machine) {
  for (const Sample& sample : samples) {
    const auto* run = std::get_if<SustainedSample>(&sample);
    if (!run || run->seconds_over_time.size() < 6) continue;
    double end = 0;
    for (const auto& pair : run->seconds_over_time) end = std::max(end, pair[0]);
    const auto first = median_between(run->seconds_over_time, 0, 1);
    if (end < shortest_run || !first) continue;
    Figure figure{.parameter = {Parameter::Place::device, "sustained", "", true}};
    figure.before = machine.rank.efficiency.sustained;
    std::vector<double> late;
    for (const auto& pair : run->seconds_over_time)
      if (pair[0] >= end * 2 / 3) late.push_back(std::min(1.0, *first / pair[1]));
    std::sort(late.begin(), late.end());
    const auto quantile = [&](double share) {
      return late[static_cast<std::size_t>(share * static_cast<double>(late.size() - 1))];
    };
    figure.value = quantile(0.5);
    figure.low = quantile(0.1), figure.high = quantile(0.9);
    figure.low_95 = quantile(0.025), figure.high_95 = quantile(0.975);
    figure.points = run->seconds_over_time.size();
    return figure;
  }
  return std::nullopt;
}

}  // namespace chipmix::calibration
