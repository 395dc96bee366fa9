#include "interop/formats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "interop/interop.hpp"

namespace chipmix::interop {
namespace {

constexpr std::array names{"megatron", "mindspeed", "neox", "flagscale", "primus", "nemo", "torchtitan", "deepspeed"};

/// A launcher starts one pipeline of like stages.
Reasons mixed_reasons(const plan::JobPlan& plan, const hardware::Cluster& cluster) {
  Reasons reasons;
  if (plan.lanes.size() > 1)
    reasons.push_back(fmt::format("{} pipelines share the batch, each with degrees of its own", plan.lanes.size()));
  if (plan.is_local()) reasons.push_back("weights are synchronized only every few steps");
  for (const plan::ParallelPlan& lane : plan.lanes)
    if (const auto islands = plan::islands(lane); islands.size() > 1)
      reasons.push_back(fmt::format("a pipeline crosses from island '{}' to '{}', with other degrees on each",
                                    cluster.groups[islands[0]].name, cluster.groups[islands[1]].name));
  return reasons;
}

}  // namespace

const char* name(Format format) { return names.at(static_cast<std::size_t>(format)); }

std::vector<std::string> format_names() { return {names.begin(), names.end()}; }

Format format_named(const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  return static_cast<Format>(found == names.end() ? 0 : found - names.begin());
}

Written export_plan(Format format, const plan::JobPlan& plan, const workload::TrainingJob& job,
                    const hardware::Cluster& cluster) {
  Reasons reasons = mixed_reasons(plan, cluster);
  const bool is_mixed = plan.lanes.size() == 1 && plan::islands(plan.lanes.front()).size() > 1 && !plan.is_local();
  if (is_mixed && format == Format::flagscale) return export_meshes(plan.lanes.front(), job, cluster);
  if (!reasons.empty()) return reasons;
  const plan::ParallelPlan& lane = plan.lanes.front();
  const hardware::NodeGroup& group = cluster.groups[lane.stages.front().devices.node_group];
  switch (format) {
    case Format::megatron:
      return export_arguments(Framework::megatron, lane, job, group);
    case Format::mindspeed:
      return export_arguments(Framework::mindspeed, lane, job, group);
    case Format::torchtitan:
      return export_torchtitan(lane, job, group);
    case Format::deepspeed:
      return export_deepspeed(lane, job, group);
    default:
      return export_yaml(format, lane, job, group);
  }
}

std::string title_of(const plan::ParallelPlan& plan, const workload::TrainingJob& job,
                     const hardware::NodeGroup& group) {
  return fmt::format("# {} on {} x {}: {}\n# Data, tokenizer, learning rate and checkpoints are yours to add.\n",
                     job.model.id, group.devices, group.device.id, plan::to_text(plan));
}

}  // namespace chipmix::interop
