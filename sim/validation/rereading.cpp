#include "validation/rereading.hpp"

#include <algorithm>

namespace chipmix::validation {
namespace {

/// How one field may be read otherwise.
struct Other {
  const char* taken;
  std::function<bool(const PublishedRun&)> is_open;
  std::function<void(RunPlan&)> read;
};

/// A release's default, which a run that ran may have overruled.
bool is_default(const PublishedRun& run, const char* field) {
  const auto& fields = run.by_default;
  return std::find(fields.begin(), fields.end(), field) != fields.end();
}

bool says_nothing_of_recomputation(const PublishedRun& run) {
  const RunPlan& plan = run.plan;
  return (plan.recompute.empty() || is_default(run, "recompute")) && plan.recompute_modules.empty() &&
         !plan.recompute_layers && !plan.recompute_share && plan.recompute_layers_per_stage.empty() &&
         plan.recompute_layer_ids.empty();
}

bool leaves_sharding_open(const PublishedRun& run) {
  return !run.plan.zero && !run.plan.fsdp.value_or(false) && !run.plan.distributed_optimizer;
}

bool leaves_sequence_open(const PublishedRun& run) {
  return run.plan.tensor.value_or(1) > 1 && (!run.plan.sequence_parallel || is_default(run, "sequence_parallel"));
}

bool cuts_open_experts(const PublishedRun& run) {
  return run.model.moe && run.plan.tensor.value_or(1) > 1 && (!run.plan.expert_tensor || is_default(run, "etp"));
}

/// Without a pipeline: with one, whole weights and gradients wait for the last micro-batch (laws/memory.cpp, gathered).
bool shards_weights(const PublishedRun& run) { return run.plan.weight_shards && run.plan.pipeline.value_or(1) <= 1; }

bool may_keep_gathered(const PublishedRun& run) {
  return !run.plan.reshards && (run.plan.fsdp.value_or(false) || run.plan.zero.value_or(0) == 3);
}

bool leaves_gradients_open(const PublishedRun& run) {
  const auto& optimizer = run.plan.optimizer;
  const bool stated = optimizer && (!optimizer->gradient_reduction.empty() || !optimizer->main_gradients.empty());
  return (!run.plan.wide_gradients || is_default(run, "accumulate_grad_in_fp32")) && !stated &&
         run.plan.dtype != "fp32";
}

bool leaves_moments_open(const PublishedRun& run) {
  return !run.plan.narrow_moments && (!run.plan.optimizer || run.plan.optimizer->moments.empty()) &&
         run.plan.dtype != "fp32";
}

/// A model turned to 16 bit as a whole (model.bfloat16()), whose optimizer then makes states of its weights' format.
bool is_plain_pytorch(const PublishedRun& run) {
  return run.plan.stack.rfind("pytorch", 0) == 0 && run.plan.precision_mode.empty() && leaves_gradients_open(run) &&
         leaves_moments_open(run);
}

const std::vector<Other>& others() {
  static const std::vector<Other> list{
      {"plan.zero_stage = 1", leaves_sharding_open, [](RunPlan& plan) { plan.zero = 1; }},
      {"plan.sequence_parallel = true", leaves_sequence_open, [](RunPlan& plan) { plan.sequence_parallel = true; }},
      {"plan.etp = tp", cuts_open_experts, [](RunPlan& plan) { plan.expert_tensor = plan.tensor; }},
      {"weights sharded over dp (parallel_optimizer)", shards_weights, [](RunPlan& plan) { plan.zero = 3; }},
      {"plan.reshard_after_forward = true", may_keep_gathered, [](RunPlan& plan) { plan.reshards = true; }},
      {"plan.accumulate_grad_in_fp32 = false", leaves_gradients_open,
       [](RunPlan& plan) { plan.wide_gradients = false; }},
      {"plan.precision_aware_optimizer = true", leaves_moments_open, [](RunPlan& plan) { plan.narrow_moments = true; }},
      {"plan.optimizer: weights, gradients and states in 16 bit", is_plain_pytorch,
       [](RunPlan& plan) { plan.precision_mode = "PURE", plan.wide_gradients.reset(), plan.narrow_moments.reset(); }},
      {"plan.recompute = selective", says_nothing_of_recomputation,
       [](RunPlan& plan) { plan.recompute = "selective"; }},
      {"plan.recompute = full", says_nothing_of_recomputation, [](RunPlan& plan) { plan.recompute = "full"; }},
      {"plan.micro_batch = 1", [](const PublishedRun& run) { return !run.plan.micro_batch; },
       [](RunPlan& plan) { plan.micro_batch = 1; }}};
  return list;
}

}  // namespace

bool ran(const PublishedRun& run) {
  const bool measured = run.measured.iteration_s.value_or(0) > 0 || run.measured.peak_memory_gib.value_or(0) > 0;
  return measured && !run.measured.out_of_memory.value_or(false);
}

std::vector<Reading> rereadings(const PublishedRun& run) {
  std::vector<Reading> readings;
  for (const Other& other : others())
    if (other.is_open(run)) readings.push_back({other.taken, other.read});
  return readings;
}

}  // namespace chipmix::validation
