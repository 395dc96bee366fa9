// One pipeline over several islands, as FlagScale runs it.
#include <fmt/format.h>

#include <algorithm>

#include "interop/formats.hpp"
#include "plan/plan.hpp"

namespace chipmix::interop {
namespace {

struct Run {
  plan::Degrees degrees;
  int island = 0, stages = 0;
};

std::vector<Run> runs_of(const plan::ParallelPlan& plan) {
  std::vector<Run> runs;
  for (const plan::Stage& stage : plan.stages) {
    const int island = stage.devices.node_group;
    if (runs.empty() || runs.back().island != island || runs.back().degrees != stage.degrees)
      runs.push_back({stage.degrees, island, 0});
    ++runs.back().stages;
  }
  return runs;
}

/// What FlagScale asserts of its meshes.
void beyond_meshes(const plan::ParallelPlan& plan, const workload::TrainingJob& job, const std::vector<Run>& runs,
                   Reasons& reasons) {
  const auto no = [&](bool has, std::string what) {
    if (has) reasons.push_back(std::move(what));
  };
  const plan::Degrees& first = runs.front().degrees;
  const auto any = [&](auto differs) { return std::any_of(runs.begin(), runs.end(), differs); };
  no(any([&](const Run& run) { return run.degrees.context != first.context; }),
     "islands with different context parallelism");
  no(any([&](const Run& run) { return run.degrees.expert == 1; }) &&
         any([&](const Run& run) { return run.degrees.expert > 1; }),
     "expert parallelism on some islands only");
  no(any([](const Run& run) { return run.degrees.ulysses > 1; }), "an exchange of heads (Ulysses)");
  no(plan.interleave > 1 || plan.chosen_schedule.has_value(),
     fmt::format("the schedule {}: FlagScale's meshes run 1F1B", plan::name(plan.schedule())));
  no((job.model.tied_embeddings || job.model.prediction_layers > 0) &&
         runs.front().degrees.tensor != runs.back().degrees.tensor,
     "one table of embedding and head, or prediction layers, with another TP on the last island than on the first");
  no(any([&](const Run& run) { return 1LL * first.data * plan.micro_batch % run.degrees.data != 0; }),
     "data parallelism that does not divide the first island's micro-batches");
  for (const plan::Stage& stage : plan.stages)
    if (stage.chunks.size() == 1 && stage.chunks.front().is_cut())
      return reasons.push_back("layers cut between attention and MLP");
}

/// The arguments of the lane as if all of it stood on its first island.
Arguments described(const plan::ParallelPlan& plan, const workload::TrainingJob& job, const hardware::Cluster& cluster,
                    Reasons& reasons) {
  plan::ParallelPlan alike = plan;
  const int island = plan.stages.front().devices.node_group;
  for (plan::Stage& stage : alike.stages) {
    stage.degrees = plan.stages.front().degrees;
    stage.devices.node_group = island;
  }
  hardware::NodeGroup group = cluster.groups[island];
  group.devices = alike.ranks() / std::max(1, group.device.ranks);
  Arguments arguments;
  describe_model(job.model, Framework::megatron, arguments, reasons);
  describe_plan(alike, job, group, Framework::megatron, arguments, reasons);
  arguments.layout.reset(), arguments.first_layers.reset(), arguments.last_layers.reset();
  arguments.expert.reset(), arguments.expert_tensor.reset();
  arguments.nodes.reset(), arguments.processes.reset();
  return arguments;
}

}  // namespace

Written export_meshes(const plan::ParallelPlan& plan, const workload::TrainingJob& job,
                      const hardware::Cluster& cluster) {
  Reasons reasons;
  const std::vector<Run> runs = runs_of(plan);
  beyond_meshes(plan, job, runs, reasons);
  const Arguments arguments = described(plan, job, cluster, reasons);
  if (!reasons.empty()) return reasons;
  std::vector<int> meshes, cuts, layers;
  std::vector<std::string> devices;
  for (const Run& run : runs) {
    const plan::Degrees& d = run.degrees;
    for (const int number : {d.tensor, d.context, d.expert, d.data, run.stages}) meshes.push_back(number);
    cuts.push_back(d.expert_tensor);
    devices.push_back(fmt::format("\"{}\"", cluster.groups[run.island].name));
  }
  for (const plan::Stage& stage : plan.stages) layers.push_back(stage.chunks.front().count);
  std::string more = fmt::format(
      "  hetero:\n    enable_hetero: true\n    hetero_process_meshes: [{}]\n    hetero_device_types: [{}]\n"
      "    hetero_current_device_type: {}\n    hetero_pipeline_layer_split: [{}]\n    standalone_embedding_stage: "
      "false\n",
      fmt::join(meshes, ", "), fmt::join(devices, ", "), devices.front(), fmt::join(layers, ", "));
  if (job.model.moe)
    more += fmt::format("    expert_tensor_parallel_size_per_process_mesh: [{}]\n", fmt::join(cuts, ", "));
  const hardware::NodeGroup& group = cluster.groups[plan.stages.front().devices.node_group];
  return flagscale_text(arguments, title_of(plan, job, group), more);
}

}  // namespace chipmix::interop
