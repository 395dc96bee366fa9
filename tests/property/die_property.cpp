// Devices of one die in their own servers, under one stack: one with less bandwidth is never faster.
#include <array>
#include <catch2/catch.hpp>

#include "../support/machines.hpp"
#include "../support/models.hpp"
#include "../support/plans.hpp"
#include "engine/analytical/analytical.hpp"
#include "plan/legal.hpp"

namespace chipmix {
namespace {

struct Pair {
  const char *less, *more;
  const char* stack;
};
const std::vector<Pair> pairs = {
    {"h800-sxm5-80gb", "h100-sxm5-80gb", "megatron-core"}, {"h100-sxm5-80gb", "h200-sxm-141gb", "megatron-core"},
    {"h800-sxm5-80gb", "h200-sxm-141gb", "megatron-core"}, {"h100-sxm5-80gb", "h200-sxm-141gb", "megatron-core-2026"},
    {"h800-sxm5-80gb", "h100-sxm5-80gb", "megatron-lm"},   {"a800-sxm4-80gb", "a100-sxm4-80gb", "megatron-core"},
    {"a800-sxm4-80gb", "a100-sxm4-80gb", "megatron-lm"},   {"a100-sxm4-40gb", "a100-sxm4-80gb", "megatron-core"},
    {"a100-sxm4-40gb", "a100-sxm4-80gb", "megatron-lm"}};

double step_time(const std::string& device, const Pair& pair, const workload::TrainingJob& job,
                 const plan::UniformPlan& plan) {
  const auto cluster = support::cluster(support::machine(device, 64, pair.stack));
  return engine::AnalyticalEngine(cluster).step_times(support::lowered(plan, job, cluster)).total();
}

/// Degrees over 64 devices: data, tensor, pipeline, both, context; experts in a server and across.
std::vector<plan::UniformPlan> plans(plan::Zero zero, bool is_moe) {
  std::vector<plan::UniformPlan> list;
  for (const auto& [tensor, context, pipeline, expert] : {std::array{1, 1, 1, 1},
                                                          {8, 1, 1, 1},
                                                          {4, 1, 4, 1},
                                                          {1, 1, 8, 1},
                                                          {2, 4, 1, 1},
                                                          {1, 1, 1, 8},
                                                          {1, 1, 1, 32},
                                                          {2, 1, 2, 16}}) {
    if (expert > 1 && !is_moe) continue;
    if (zero == plan::Zero::parameters && pipeline > 1) continue;
    for (plan::Recompute recompute : {plan::Recompute::none, plan::Recompute::full})
      list.push_back({{tensor, context, expert, 64 / (tensor * context * pipeline)}, pipeline, 1, 1, recompute, zero});
  }
  return list;
}

void compare(plan::Zero zero) {
  for (const char* id : {"llama-3.1-8b", "qwen3-30b-a3b", "mixtral-8x7b"})
    for (Dtype dtype : {Dtype::bf16, Dtype::fp8})
      for (const Pair& pair : pairs) {
        if (dtype == Dtype::fp8 && pair.less[0] == 'a') continue;
        auto job = support::job(support::load_model(id), 4096, 256);
        job.dtype = dtype;
        for (const plan::UniformPlan& plan : plans(zero, job.model.moe.has_value())) {
          if (!plan::faults(plan, job, support::machine(pair.less, 64, pair.stack)).empty()) continue;
          INFO(id << " " << name(dtype) << " on " << pair.less << " against " << pair.more << ", " << pair.stack << ", "
                  << plan::to_text(plan::lay_out(plan, job.model.layers, 256, 0, 1)));
          CHECK(step_time(pair.less, pair, job, plan) >= step_time(pair.more, pair, job, plan) * (1 - 1e-9));
        }
      }
}

}  // namespace

TEST_CASE("of two devices of one die, is the one with slower links or memory never faster?") {
  compare(plan::Zero::optimizer);
}

TEST_CASE("of two devices of one die, is it never faster where each pass gathers weights and reduces gradients?") {
  compare(plan::Zero::parameters);
}

}  // namespace chipmix
