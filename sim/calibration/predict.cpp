// A sample's time by the laws: the same functions that estimates use.
#include <algorithm>
#include <cmath>

#include "calibration/machine.hpp"
#include "laws/collectives.hpp"
#include "laws/compute.hpp"
#include "laws/gemm.hpp"
#include "laws/roofline.hpp"

namespace chipmix::calibration {
namespace {

using Predicted = std::optional<double>;

bool has_rate(Dtype dtype, const hardware::DeviceSpec& rank) {
  return rank.peak.contains(dtype) && rank.efficiency.gemm.contains(dtype);
}

std::optional<plan::Collective> collective_named(const std::string& op) {
  using plan::Collective;
  if (op == "all_reduce") return Collective::all_reduce;
  if (op == "all_gather") return Collective::all_gather;
  if (op == "reduce_scatter") return Collective::reduce_scatter;
  if (op == "all_to_all") return Collective::all_to_all;
  if (op == "send_recv") return Collective::send;
  return std::nullopt;
}

/// The server with as many ranks as took part, each with its share of the NICs.
void seat(const CollectiveSample& sample, Machine& machine) {
  hardware::NodeGroup& group = machine.group;
  const int inside = std::min(sample.ranks_per_node.value_or(sample.ranks), sample.ranks);
  group.node.devices = std::max(1, inside / group.device.ranks);
  group.node.nics.value = machine.nics * std::min(1.0, static_cast<double>(group.node.devices) / machine.packages);
  group.devices = group.node.devices * (sample.ranks / inside);
}

/// The peak as it was while a series was taken, for as long as this lives.
class Clocked {
 public:
  Clocked(const GemmSample& s, Machine& machine) : peak_(machine.rank.peak.at(s.dtype).value), own_(peak_) {
    const auto found = machine.clock.find(s.series);
    if (found != machine.clock.end()) peak_ = own_ * found->second;
  }
  ~Clocked() { peak_ = own_; }
  Clocked(const Clocked&) = delete;
  Clocked& operator=(const Clocked&) = delete;

 private:
  FlopsPerSecond& peak_;
  const FlopsPerSecond own_;
};

Predicted time(const GemmSample& s, Machine& machine) {
  if (!has_rate(s.dtype, machine.rank)) return std::nullopt;
  const Clocked clocked(s, machine);
  // What a cast inside the timed call moves besides: read wide, written narrow, no launch of its own.
  const Seconds cast = Bytes(s.cast_bytes * s.batch * s.m * s.k) / laws::reached_bandwidth(machine.rank);
  if (s.batch <= 1) return (laws::gemm_time({s.m, s.n, s.k}, s.dtype, machine.rank) + cast).value();
  const FlopsPerSecond rate = laws::reached_rate(s.dtype, machine.rank);
  const Seconds batched = laws::batched_time({s.m, s.n, s.k, s.batch}, s.dtype, rate, machine.rank);
  return (laws::launch(machine.rank) + batched + cast).value();
}

Predicted time(const GroupedGemmSample& s, Machine& machine) {
  if (!has_rate(s.dtype, machine.rank)) return std::nullopt;
  return laws::grouped_gemm_time({s.groups, s.rows_per_group, s.n, s.k}, s.dtype, machine.rank).value();
}

Predicted time(const AttentionSample& s, Machine& machine) {
  const bool known = machine.rank.peak.contains(Dtype::bf16) || machine.rank.peak.contains(Dtype::fp16);
  if (!known || bytes_per_element(s.dtype) != 2) return std::nullopt;  // the law is that of 16-bit kernels
  const plan::AttentionShape shape{
      s.batch,     s.sequence, s.keys.value_or(s.sequence), s.heads, s.kv_heads.value_or(s.heads), s.head_size,
      s.head_size, s.causal};
  return laws::attention_time(shape, s.pass, true, machine.rank, s.dtype).value();
}

Predicted time(const StreamSample& s, Machine& machine) {
  return laws::streaming_time(Bytes(s.bytes), s.kernels, machine.rank).value();
}

Predicted time(const CollectiveSample& s, Machine& machine) {
  const auto kind = collective_named(s.op);
  if (!kind) return std::nullopt;
  seat(s, machine);
  const int stride = s.op == "send_recv" && s.ranks_per_node == 1 ? machine.group.ranks_per_node() : 1;
  return laws::collective_time(*kind, Bytes(s.bytes), {s.ranks, stride}, machine.group).value();
}

Predicted time(const LaunchSample&, Machine&) { return std::nullopt; }
Predicted time(const HostCopySample&, Machine&) { return std::nullopt; }
Predicted time(const SustainedSample&, Machine&) { return std::nullopt; }
Predicted time(const CheckSample&, Machine&) { return std::nullopt; }

}  // namespace

std::optional<double> predict(const Sample& sample, Machine& machine) {
  const Timed& common = timed(sample);
  if (common.seconds.values.empty()) return std::nullopt;
  Predicted seconds = std::visit([&](const auto& one) { return time(one, machine); }, sample);
  if (!seconds || common.clock == Clock::device) return seconds;
  const auto found = machine.harness.find(common.series);
  return *seconds + (found == machine.harness.end() ? 0 : found->second);
}

}  // namespace chipmix::calibration
