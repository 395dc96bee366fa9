// Is what a framework cannot express refused by name, all of it?
#include <catch2/catch.hpp>

#include "launches.hpp"

namespace chipmix::interop {
namespace {

std::vector<std::string> reasons(Framework framework, const plan::ParallelPlan& plan,
                                 const workload::TrainingJob& job) {
  const auto outcome = export_arguments(framework, plan, job, support::machine("h100-sxm5-80gb", plan.ranks()));
  const auto* list = std::get_if<std::vector<std::string>>(&outcome);
  return list ? *list : std::vector<std::string>{};
}

bool says(const std::vector<std::string>& list, const std::string& words) {
  for (const std::string& reason : list)
    if (reason.find(words) != std::string::npos) return true;
  return false;
}

}  // namespace

TEST_CASE("are all reasons given at once?") {
  workload::TrainingJob job = support::job(support::dense(8), 2048, 64);
  job.model.parallel_residual = true;
  plan::ParallelPlan plan = plan::lay_out({{2, 1, 1, 4}, 2}, 8, 64, 0, 1);
  plan.zero = plan::Zero::gradients;
  plan.chosen_schedule = plan::ScheduleKind::dualpipe;
  plan.stages[1].degrees = {4, 1, 1, 2};
  plan.recompute = plan::Recompute::full;
  plan.recompute_share = 0.3;
  const auto list = reasons(Framework::megatron, plan, job);
  CHECK(list.size() == 5);
  CHECK(says(list, "attention and MLP in parallel"));
  CHECK(says(list, "ZeRO-2 with 2 pipeline stages"));
  CHECK(says(list, "the schedule dualpipe"));
  CHECK(says(list, "different degrees on different stages"));
  CHECK(says(list, "full recomputation of 2.4 layers: a whole number of layers per chunk makes 2 or 4"));
}

TEST_CASE("are schedules, formats and models refused that a framework lacks?") {
  workload::TrainingJob job = support::job(support::dense(8), 2048, 64);
  plan::ParallelPlan plan = plan::lay_out({{2, 1, 1, 4}, 2}, 8, 64, 0, 1);
  for (const auto kind : {plan::ScheduleKind::zb_h1, plan::ScheduleKind::zb_h2, plan::ScheduleKind::zb_v,
                          plan::ScheduleKind::dualpipe, plan::ScheduleKind::dualpipe_v})
    for (const Framework framework : {Framework::megatron, Framework::mindspeed}) {
      plan.chosen_schedule = kind;
      CHECK(says(reasons(framework, plan, job), plan::name(kind)));
    }
  plan.chosen_schedule.reset();
  CHECK(reasons(Framework::megatron, plan, job).empty());
  job.dtype = Dtype::int8;
  CHECK(says(reasons(Framework::megatron, plan, job), "training in int8"));
  job.dtype = Dtype::bf16;
  job.is_base_frozen = true;
  CHECK(says(reasons(Framework::megatron, plan, job), "adapters"));
  const auto oss = support::job(support::load_model("gpt-oss-120b"), 2048, 64);
  CHECK(says(reasons(Framework::megatron, plan::lay_out({}, 36, 64, 0, 1), oss), "sinks"));
  plan::ParallelPlan latent = plan::lay_out({{1, 1, 1, 8}, 1, 1, 1, plan::Recompute::selective}, 8, 64, 0, 1);
  CHECK(reasons(Framework::mindspeed, latent, support::job(support::latent(8), 2048, 64)).empty());
  latent.remade.experts = true;
  CHECK(says(reasons(Framework::mindspeed, latent, support::job(support::latent(8), 2048, 64)), "whole MLPs"));
  latent.offloaded = 0.5;
  CHECK(says(reasons(Framework::megatron, latent, support::job(support::latent(8), 2048, 64)), "host memory"));
}

}  // namespace chipmix::interop
