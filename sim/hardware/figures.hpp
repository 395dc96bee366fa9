// Every figure of a node group that an answer may rest on, by name: for grades and for what-ifs.
#pragma once

#include <string>

#include "base/dtype.hpp"
#include "hardware/cluster.hpp"

namespace chipmix::hardware {

/// Calls visit(path, figure) for each Sourced figure the laws use when training in `dtype`; `figure.value` is a
/// quantity or a double and may be changed. Paths look like "device.efficiency.gemm.bf16".
template <class Visit>
void for_each_figure(NodeGroup& group, Dtype dtype, Visit&& visit) {
  const std::string format = name(dtype);
  auto& device = group.device;
  auto& efficiency = device.efficiency;
  if (auto peak = device.peak.find(dtype); peak != device.peak.end()) visit("device.peak." + format, peak->second);
  if (auto gemm = efficiency.gemm.find(dtype); gemm != efficiency.gemm.end())
    visit("device.efficiency.gemm." + format, gemm->second);
  if (efficiency.gemm_half_depth) visit("device.efficiency.gemm_half_depth", *efficiency.gemm_half_depth);
  if (efficiency.gemm_tile_edge) visit("device.efficiency.gemm_tile_edge", *efficiency.gemm_tile_edge);
  visit("device.memory", device.memory);
  visit("device.memory_bandwidth", device.memory_bandwidth);
  visit("device.efficiency.sustained", efficiency.sustained);
  visit("device.efficiency.memory", efficiency.memory);
  visit("device.efficiency.attention_forward", efficiency.attention_forward);
  visit("device.efficiency.attention_backward", efficiency.attention_backward);
  visit("device.efficiency.grouped_gemm", efficiency.grouped_gemm);
  visit("device.efficiency.kernel_overhead", efficiency.kernel_overhead);
  visit("scale_up.bandwidth", group.scale_up.bandwidth);
  visit("scale_up.efficiency", group.scale_up.efficiency);
  visit("scale_up.latency", group.scale_up.latency);
  visit("node.nics", group.node.nics);
  if (group.node.host_speed) visit("node.host_speed", *group.node.host_speed);
  visit("scale_out.bandwidth", group.scale_out.bandwidth);
  visit("scale_out.efficiency", group.scale_out.efficiency);
  visit("scale_out.latency", group.scale_out.latency);
  visit("fabric.oversubscription", group.fabric.oversubscription);
  auto& stack = group.stack;
  visit("stack.tensor_overlap", stack.tensor_overlap);
  visit("stack.gradient_overlap", stack.gradient_overlap);
  visit("stack.parameter_overlap", stack.parameter_overlap);
  visit("stack.pipeline_overlap", stack.pipeline_overlap);
  visit("stack.context_overlap", stack.context_overlap);
  visit("stack.expert_overlap", stack.expert_overlap);
  if (stack.overlaps_batches) visit("stack.batch_overlap", stack.batch_overlap);
  visit("stack.expert_efficiency", stack.expert_efficiency);
  if (dtype == Dtype::fp8 && stack.fp8_rate.range) visit("stack.fp8_rate", stack.fp8_rate);
  visit("stack.attention_efficiency", stack.attention_efficiency);
  visit("stack.shard_rate", stack.shard_rate);
  visit("stack.reserved_units", stack.reserved_units);
  visit("stack.collective_rate", stack.collective_rate);
  visit("stack.network_rate", stack.network_rate);
  visit("stack.network_latency", stack.network_latency);
  visit("stack.jitter", stack.jitter);
  visit("stack.host_per_kernel", stack.host_per_kernel);
  visit("stack.tensor_stall", stack.tensor_stall);
  visit("stack.host_per_micro_batch", stack.host_per_micro_batch);
  visit("stack.host_per_step", stack.host_per_step);
  visit("stack.host_per_rank_pair", stack.host_per_rank_pair);
}

/// The same of all groups of a cluster, each in its own dtype, and of the links between them. Where there are several,
/// paths begin with the group's name: "910b.device.memory", "h800-910b.efficiency".
template <class Visit>
void for_each_figure(Cluster& cluster, Dtype dtype, Visit&& visit) {
  const bool is_mixed = cluster.groups.size() > 1 && !cluster.groups.front().name.empty();
  for (NodeGroup& group : cluster.groups)
    for_each_figure(group, group.dtype.value_or(dtype), [&](const std::string& path, auto& figure) {
      visit(is_mixed ? group.name + "." + path : path, figure);
    });
  for (IslandLink& link : cluster.links) {
    const std::string name = cluster.groups[link.one].name + "-" + cluster.groups[link.other].name;
    visit(name + ".bandwidth", link.link.bandwidth);
    visit(name + ".efficiency", link.link.efficiency);
    visit(name + ".latency", link.link.latency);
  }
}

}  // namespace chipmix::hardware
