// A plan as DeepSpeed's configuration, where that can say it.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "interop/formats.hpp"

namespace chipmix::interop {
namespace {

Reasons beyond_deepspeed(const plan::ParallelPlan& plan, const workload::TrainingJob& job) {
  Reasons reasons;
  const auto no = [&](bool has, std::string what) {
    if (has) reasons.push_back(std::move(what));
  };
  const plan::Degrees& d = plan.degrees();
  no(d.expert > 1, "expert parallelism: the program says it, not the configuration");
  no(d.context > 1 && d.ulysses != d.context, "context parallelism other than an exchange of heads (Ulysses)");
  no(plan.interleave > 1 || plan.chosen_schedule.has_value(),
     fmt::format("the schedule {}: DeepSpeed has 1F1B", plan::name(plan.schedule())));
  no(plan.recompute != plan::Recompute::none, "recomputation: the program says it, not the configuration");
  no(plan.offloaded > 0, "activations in host memory");
  no(plan.pipeline() > 1 && plan.zero > plan::Zero::optimizer,
     fmt::format("ZeRO-{} with {} pipeline stages", static_cast<int>(plan.zero), plan.pipeline()));
  no(job.dtype != Dtype::bf16 && job.dtype != Dtype::fp16 && job.dtype != Dtype::fp32,
     fmt::format("training in {}", name(job.dtype)));
  no(job.is_base_frozen, "adapters on frozen weights");
  const double first = plan.stages.front().layers();
  const auto is_even = [&](const plan::Stage& stage) { return stage.layers() == first && stage.degrees == d; };
  no(!std::all_of(plan.stages.begin(), plan.stages.end(), is_even),
     "stages of different layers or degrees: DeepSpeed's configuration does not name them");
  return reasons;
}

}  // namespace

Written export_deepspeed(const plan::ParallelPlan& plan, const workload::TrainingJob& job, const hardware::NodeGroup&) {
  if (Reasons reasons = beyond_deepspeed(plan, job); !reasons.empty()) return reasons;
  const plan::Degrees& d = plan.degrees();
  nlohmann::ordered_json json = {{"train_batch_size", job.global_batch},
                                 {"train_micro_batch_size_per_gpu", plan.micro_batch},
                                 {"gradient_accumulation_steps", plan.micro_batches}};
  if (job.dtype != Dtype::fp32) json[job.dtype == Dtype::bf16 ? "bf16" : "fp16"] = {{"enabled", true}};
  nlohmann::ordered_json zero = {{"stage", static_cast<int>(plan.zero)}};
  if (plan.states_offloaded > 0) zero["offload_optimizer"] = {{"device", "cpu"}, {"ratio", plan.states_offloaded}};
  if (plan.weights_offloaded > 0) zero["offload_param"] = {{"device", "cpu"}, {"ratio", plan.weights_offloaded}};
  if (plan.shard_group > 0) zero["mics_shard_size"] = plan.shard_group;
  json["zero_optimization"] = std::move(zero);
  if (d.tensor > 1) json["tensor_parallel"] = {{"autotp_size", d.tensor}};
  if (d.context > 1) json["sequence_parallel_size"] = d.context;
  if (plan.pipeline() > 1) json["pipeline"] = {{"stages", plan.pipeline()}};
  return json.dump(2) + "\n";
}

}  // namespace chipmix::interop
