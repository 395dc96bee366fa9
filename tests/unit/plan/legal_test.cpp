// Which plans are legal: is every broken rule named, all at once, with the numbers in conflict?
#include <algorithm>
#include <catch2/catch.hpp>

#include "../../support/machines.hpp"
#include "../../support/models.hpp"
#include "../../support/plans.hpp"
#include "hardware/trains_in.hpp"

namespace chipmix::plan {
namespace {

using Faults = std::vector<std::string>;

bool names(const Faults& faults, const std::string& words) {
  return std::any_of(faults.begin(), faults.end(), [&](const auto& f) { return f.find(words) != std::string::npos; });
}

const hardware::NodeGroup& machine16() {
  static const hardware::NodeGroup group = support::machine("h100-sxm5-80gb", 16);
  return group;
}

}  // namespace

TEST_CASE("is a plan that divides everything without fault?") {
  const auto job = support::job(support::mixture());
  CHECK(faults({{4, 1, 4, 2}, 2, 2, 2, Recompute::none, Zero::optimizer}, job, machine16()).empty());
}

TEST_CASE("are all broken rules of a dense model reported at once?") {
  auto job = support::job(support::dense(), 2050, 32);
  job.dtype = Dtype::int8;
  job.model.attention.kv_heads = 4;
  const UniformPlan plan{{3, 5, 2, 7}, 4, 3, 3, Recompute::none, Zero::none};
  const Faults list = faults(plan, job, machine16());
  for (const Faults::value_type& f : list) UNSCOPED_INFO(f);
  CHECK(names(list, "TP x CP x DP x PP is 420 ranks, the cluster has 16"));
  CHECK(names(list, "no rate for the job's dtype") == !hardware::trains_in(machine16().device, Dtype::int8));
  CHECK(names(list, "16 attention heads cannot be divided over TP 3"));
  CHECK(names(list, "4 key/value heads and TP 3"));
  CHECK(names(list, "hidden size 1024 cannot be divided over TP 3"));
  CHECK(names(list, "MLP width 4096 cannot be divided over TP 3"));
  CHECK(names(list, "2050 tokens of a sequence cannot be divided into 30 pieces"));
  CHECK(names(list, "no experts, but EP is 2"));
  CHECK(names(list, "global batch of 32 cannot be divided by micro-batch x DP = 21"));
  CHECK(names(list, "8 layers are fewer than PP x interleave = 12"));
  CHECK(names(list, "1 micro-batches to be a multiple of PP 4"));
}

TEST_CASE("are experts checked against their count and against the stage's ranks?") {
  const auto job = support::job(support::mixture());
  CHECK(names(faults({{1, 1, 3, 16}, 1, 1, 1}, job, machine16()), "16 experts cannot be divided over EP 3"));
  CHECK(names(faults({{1, 1, 3, 16}, 1, 1, 1}, job, machine16()), "16 ranks of a stage cannot be divided"));
  CHECK(names(faults({{1, 1, 16, 8}, 2, 1, 1}, job, machine16()), "8 ranks of a stage cannot be divided"));
}

TEST_CASE("may key/value heads be fewer than the tensor group if one divides the other?") {
  auto job = support::job(support::dense());
  job.model.attention.kv_heads = 2;
  CHECK(faults({{8, 1, 1, 2}, 1, 1, 1}, job, machine16()).empty());
  job.model.attention.kv_heads = 3;
  CHECK(names(faults({{8, 1, 1, 2}, 1, 1, 1}, job, machine16()), "3 key/value heads and TP 8"));
  job.model.attention.latent = workload::LatentAttention{256, 128, 64, 32, 64};
  CHECK(faults({{8, 1, 1, 2}, 1, 1, 1}, job, machine16()).empty());
}

TEST_CASE("does interleaving need several stages?") {
  const auto job = support::job(support::dense());
  CHECK(names(faults({{1, 1, 1, 16}, 1, 2, 1}, job, machine16()), "more than one stage"));
}

TEST_CASE("is the device without the job's number format refused?") {
  auto job = support::job(support::dense());
  job.dtype = Dtype::fp8;
  const auto a100s = support::machine("a100-sxm4-80gb", 16);
  CHECK(faults({{1, 1, 1, 16}, 1, 1, 1}, job, a100s) == Faults{"the device has no rate for the job's dtype"});
}

TEST_CASE("does the question without words agree with the one with words?") {
  const auto job = support::job(support::mixture());
  int legal = 0, illegal = 0;
  support::for_each_plan({}, 16, [&](const UniformPlan& plan) {
    const bool is_free = faults(plan, job, machine16()).empty();
    REQUIRE(is_legal(plan, job, machine16()) == is_free);
    ++(is_free ? legal : illegal);
  });
  CHECK(legal > 100);
  CHECK(illegal > 100);
}

TEST_CASE("does a schedule that splits the backward pass say what it needs?") {
  const auto job = support::job(support::dense(), 2048, 24);
  UniformPlan plan{{1, 1, 1, 4}, 4, 1, 1};
  for (ScheduleKind kind : {ScheduleKind::zb_h1, ScheduleKind::zb_h2}) {
    plan.chosen_schedule = kind;
    CHECK(faults(plan, job, machine16()).empty());
  }
  plan.chosen_schedule = ScheduleKind::zb_v;
  CHECK(names(faults(plan, job, machine16()), "2 chunk(s) a stage, not 1"));
  plan.interleave = 2;
  CHECK(faults(plan, job, machine16()).empty());
  plan.chosen_schedule = ScheduleKind::dualpipe_v;
  CHECK(names(faults(plan, job, machine16()), "two micro-batches a stage: 6 for PP 4"));
  CHECK(faults(plan, support::job(support::dense(), 2048, 32), machine16()).empty());
  plan.interleave = 1;
  plan.chosen_schedule = ScheduleKind::dualpipe;
  CHECK(names(faults(plan, job, machine16()), "two micro-batches a stage: 6 for PP 4"));
  CHECK(names(faults({{1, 1, 1, 8}, 2, 1, 1, {}, {}, true, 0, plan.chosen_schedule}, job, machine16()),
              "even number of micro-batches, not 3"));
  CHECK(names(faults({{1, 1, 1, 5}, 3, 1, 1, {}, {}, true, 0, plan.chosen_schedule}, job, machine16()),
              "even number of stages, not 3"));
  CHECK(names(faults({{1, 1, 1, 4}, 4, 2, 1, {}, {}, true, 0, plan.chosen_schedule}, job, machine16()),
              "1 chunk(s) a stage, not 2"));
  CHECK(names(faults({{1, 1, 1, 16}, 1, 1, 1, {}, {}, true, 0, plan.chosen_schedule}, job, machine16()),
              "more than one stage"));
}

}  // namespace chipmix::plan
