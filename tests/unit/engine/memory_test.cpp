// The memory law: are states divided as ZeRO says, and is the peak the sum of its ledger?
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>

#include "../../support/machines.hpp"
#include "../../support/models.hpp"
#include "../../support/plans.hpp"
#include "engine/engine.hpp"
#include "laws/memory.hpp"

namespace chipmix::engine {
namespace {

constexpr double gb = 1e9;

hardware::SoftwareStack stack_of(double gradient_bytes, double optimizer_bytes) {
  hardware::SoftwareStack stack;
  stack.gradient_bytes.value = gradient_bytes;
  stack.optimizer_bytes.value = optimizer_bytes;
  return stack;
}

double total(const laws::StateBytes& s) { return (s.weights + s.gradients + s.optimizer).value(); }

/// Llama 3 of `layers` layers as SimuMax trained it (github.com/MooreThreads/SimuMax, docs/b200): Megatron-LM 0.14 with
/// Transformer Engine 2.11 on 8 B200, fused cross entropy, nothing recomputed.
workload::ModelSpec llama(int layers, int hidden, int width, int heads, int kv_heads) {
  workload::ModelSpec model = support::dense(layers);
  model.hidden = hidden;
  model.dense_width = width;
  model.vocabulary = 128256;
  model.attention.heads = heads;
  model.attention.kv_heads = kv_heads;
  model.attention.head_dim = hidden / heads;
  return model;
}

/// GiB that PyTorch's allocator prints as its peak, on the fullest stage.
double allocated(const workload::ModelSpec& model, const plan::UniformPlan& plan) {
  auto group = support::machine("b200-sxm-180gb", 8, "megatron-lm");
  group.stack.logit_bytes.value = 2;
  const auto cluster = support::cluster(group);
  workload::TrainingJob job = support::job(model);
  job.sequence_length = 4096;
  job.global_batch = 32;
  const plan::Program program = support::lowered(plan, job, cluster);
  double most = 0;
  for (const auto& stage : memory_of(program, cluster))
    most = std::max(most, gib(laws::reported_peak(stage, group.stack)));
  return most;
}

const support::Grid small = {{1, 2, 4}, {1, 2}, {1, 4}, {1, 2, 4}, {1, 2}, {1, 2}};

}  // namespace

TEST_CASE("does each ZeRO stage divide 7.5 billion weights over 64 ranks as its paper says?") {
  // arXiv:1910.02054, figure 1: 120, 31.4, 16.6 and 1.9 GB with 2 + 2 + 12 bytes per weight.
  const auto bytes = [](plan::Zero zero) {
    return total(laws::state_bytes({7.5e9, 0}, {1, 1, 1, 64}, zero, stack_of(2, 12))) / gb;
  };
  CHECK(bytes(plan::Zero::none) == Approx(120));
  CHECK(bytes(plan::Zero::optimizer) == Approx(31.4).margin(0.05));
  CHECK(bytes(plan::Zero::gradients) == Approx(16.6).margin(0.05));
  CHECK(bytes(plan::Zero::parameters) == Approx(1.9).margin(0.05));
}

TEST_CASE("do fp32 gradients make it 18 bytes a weight, and 6 + 12/d sharded?") {
  // Megatron-LM, distributed optimizer, bf16 weights with fp32 gradients.
  const auto stack = stack_of(4, 12);
  CHECK(total(laws::state_bytes({1e9, 0}, {1, 1, 1, 8}, plan::Zero::none, stack)) == Approx(18e9));
  CHECK(total(laws::state_bytes({1e9, 0}, {1, 1, 1, 8}, plan::Zero::optimizer, stack)) == Approx((6 + 12.0 / 8) * 1e9));
}

TEST_CASE("are experts shared by fewer replicas than the other weights?") {
  const plan::Degrees degrees{2, 2, 8, 16};  // dense weights over 32 ranks, experts over 64 / 8
  const auto all = laws::state_bytes({1e9, 2e9}, degrees, plan::Zero::parameters, stack_of(4, 12));
  CHECK(all.optimizer.value() == Approx(12 * (1e9 / 32 + 2e9 / 8)));
  CHECK(all.gradients.value() == Approx(4 * (1e9 / 32 + 2e9 / 8)));
  CHECK(all.weights.value() == Approx(2 * (1e9 / 32 + 2e9 / 8)));
}

TEST_CASE("is the allocated peak within 1 % of what SimuMax printed for Llama 3 on 8 B200?") {
  const auto model_70b = llama(12, 8192, 28672, 64, 8), model_405b = llama(4, 16384, 53248, 128, 16);
  CHECK(allocated(model_70b, {{8, 1, 1, 1}, 1}) == Approx(28.29).epsilon(0.01));
  CHECK(allocated(model_70b, {{4, 1, 1, 2}, 1}) == Approx(39.07).epsilon(0.01));
  CHECK(allocated(model_70b, {{2, 1, 1, 4}, 1}) == Approx(60.68).epsilon(0.01));
  CHECK(allocated(model_70b, {{1, 1, 1, 4}, 2}) == Approx(66.55).epsilon(0.01));
  CHECK(allocated(model_405b, {{2, 1, 1, 4}, 1}) == Approx(81.59).epsilon(0.01));
  CHECK(allocated(model_405b, {{1, 1, 1, 4}, 2}) == Approx(87.08).epsilon(0.01));
}

TEST_CASE("is what is printed less than what the device must hold?") {
  const auto group = support::machine("h100-sxm5-80gb", 8, "megatron-lm");
  const auto cluster = support::cluster(group);
  const plan::Program program = support::lowered({{1, 1, 1, 8}, 1}, support::job(support::dense()), cluster);
  const auto memory = laws::stage_memory(program, 0, group);
  hardware::SoftwareStack stack = group.stack;
  const auto printed = [&](const char* kind) {
    stack.reported_memory = kind;
    return laws::reported_peak(memory, stack);
  };
  CHECK(printed("device") == memory.peak());
  CHECK(printed("reserved").value() == Approx((memory.peak() - memory.use.total("framework")).value()));
  CHECK(printed("allocated").value() == Approx((printed("reserved") - memory.use.total("allocator slack")).value()));
}

TEST_CASE("does a pipeline of sharded weights hold its stage's weights and gradients whole?") {
  auto group = support::machine("h100-sxm5-80gb", 16, "torchtitan");
  const auto cluster = support::cluster(group);
  plan::UniformPlan plan{{1, 1, 1, 8}, 2};
  plan.zero = plan::Zero::parameters;
  const plan::Program program = support::lowered(plan, support::job(support::dense()), cluster);
  const auto whole = laws::stage_memory(program, 0, group).use.total("gathered weights");
  CHECK(whole.value() == Approx((2 + 4) * program.stages[0].parameters.total()));
}

TEST_CASE("is a stage's peak the sum of its ledger, entry by entry?") {
  const auto cluster = support::h100s(16);
  for (const auto& model : {support::dense(), support::mixture()}) {
    const auto job = support::job(model);
    for (const plan::UniformPlan& plan : support::legal_plans(small, job, cluster.groups.front())) {
      const plan::Program program = support::lowered(plan, job, cluster);
      for (int stage = 0; stage < plan.pipeline; ++stage) {
        const auto memory = laws::stage_memory(program, stage, cluster.groups.front());
        double sum = 0;
        for (const auto& entry : memory.use.entries()) {
          REQUIRE(entry.amount > Bytes{});
          REQUIRE_FALSE(entry.why.empty());
          sum += entry.amount.value();
        }
        REQUIRE(memory.peak().value() == Approx(sum).epsilon(1e-12));
        REQUIRE(laws::stage_peak(program, stage, cluster.groups.front()).value() == Approx(sum).epsilon(1e-12));
        REQUIRE(memory.capacity == cluster.groups.front().device.memory.value);
      }
    }
  }
}

TEST_CASE("does more recomputation or more sharding never need more memory?") {
  const auto cluster = support::h100s(16);
  const auto job = support::job(support::mixture());
  const auto peak = [&](plan::UniformPlan plan, plan::Recompute recompute, plan::Zero zero) {
    plan.recompute = recompute;
    plan.zero = zero;
    return laws::stage_memory(support::lowered(plan, job, cluster), 0, cluster.groups.front()).use;
  };
  for (const plan::UniformPlan& plan :
       {plan::UniformPlan{{1, 1, 1, 16}, 1, 1, 2}, plan::UniformPlan{{2, 1, 4, 4}, 2, 2, 2}}) {
    using plan::Recompute, plan::Zero;
    CHECK(peak(plan, Recompute::full, Zero::none).total() < peak(plan, Recompute::selective, Zero::none).total());
    CHECK(peak(plan, Recompute::selective, Zero::none).total() < peak(plan, Recompute::none, Zero::none).total());
    CHECK(peak(plan, Recompute::none, Zero::gradients).total() < peak(plan, Recompute::none, Zero::optimizer).total());
    CHECK(peak(plan, Recompute::none, Zero::optimizer).total() < peak(plan, Recompute::none, Zero::none).total());
    CHECK(peak(plan, Recompute::none, Zero::parameters).total("weights") <
          peak(plan, Recompute::none, Zero::gradients).total("weights"));
  }
}

TEST_CASE("does the first stage hold the activations of more micro-batches than the last?") {
  const auto cluster = support::h100s(16);
  const auto job = support::job(support::gpt(16, 1024, 16));
  const plan::Program program = support::lowered({{1, 1, 1, 4}, 4, 1, 1}, job, cluster);
  const auto activations = [&](int stage) {
    return laws::stage_memory(program, stage, cluster.groups.front()).use.total("activations").value();
  };
  CHECK(activations(1) / activations(2) == Approx(3.0 / 2));  // stages without ends hold 3 and 2 micro-batches
}

TEST_CASE("is a plan that does not fit refused with the shortfall in numbers?") {
  auto group = support::machine("h100-sxm5-80gb", 16);
  group.device.memory.value = Bytes{8 * bytes_per_gib};
  const auto cluster = support::cluster(group);
  const auto job = support::job(support::gpt(16, 4096, 32));
  const plan::Program program = support::lowered({{1, 1, 1, 16}, 1, 1, 1}, job, cluster);
  const auto refused = memory_shortfall(program, cluster);
  REQUIRE(refused);
  CHECK(refused->constraint == estimate::Constraint::memory);
  const double needed = gib(laws::stage_peak(program, 0, group));
  char expected[200];
  std::snprintf(expected, sizeof expected, "stage 0 needs %.1f GiB on a rank of %s with 8.0 GiB: %.1f GiB short",
                needed, group.device.name.c_str(), needed - 8);
  CHECK(refused->explanation == expected);
}

TEST_CASE("has a rank of a package with two of them half of its memory?") {
  const auto group = support::machine("ascend-910c", 16);
  REQUIRE(group.device.ranks == 2);
  const auto cluster = support::cluster(group);
  const plan::Program program = support::lowered({{1, 1, 1, 32}, 1, 1, 1}, support::job(support::dense()), cluster);
  CHECK(memory_of(program, cluster).front().capacity == group.device.memory.value / 2);
}

}  // namespace chipmix::engine
