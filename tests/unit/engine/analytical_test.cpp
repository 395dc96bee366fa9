// The analytical engine: do times add up, do bounds hold, are refusals numbers?
#include <catch2/catch.hpp>
#include <random>

#include "../../support/machines.hpp"
#include "../../support/models.hpp"
#include "../../support/plans.hpp"
#include "engine/analytical/analytical.hpp"

namespace chipmix::engine {
namespace {

estimate::Estimate estimated(const plan::UniformPlan& plan, const workload::TrainingJob& job,
                             const hardware::Cluster& cluster) {
  return std::get<estimate::Estimate>(AnalyticalEngine(cluster).estimate(support::lowered(plan, job, cluster)));
}

/// A legal plan for each of `count` draws.
std::vector<plan::UniformPlan> drawn(const workload::TrainingJob& job, const hardware::Cluster& cluster, int count) {
  const auto all = support::legal_plans({}, job, cluster.groups.front());
  std::mt19937 random(7);
  std::uniform_int_distribution<std::size_t> pick(0, all.size() - 1);
  std::vector<plan::UniformPlan> list;
  for (int i = 0; i < count; ++i) list.push_back(all[pick(random)]);
  return list;
}

/// A machine whose software and network take no time: only products, attention and kernels remain.
hardware::Cluster ideal(int devices) {
  auto group = support::machine("h100-sxm5-80gb", devices);
  group.stack.host_per_kernel.value = group.stack.host_per_micro_batch.value = group.stack.host_per_step.value =
      Seconds{};
  group.stack.pipeline_overlap.value = group.stack.gradient_overlap.value = group.stack.parameter_overlap.value = 1;
  return support::cluster(group);
}

}  // namespace

TEST_CASE("is a step the sum of its ledger, and no entry negative?") {
  const auto cluster = support::h100s(16);
  for (const auto& model : {support::dense(), support::mixture(), support::latent()}) {
    const auto job = support::job(model);
    AnalyticalEngine engine(cluster);
    for (const plan::UniformPlan& plan : drawn(job, cluster, 200)) {
      const plan::Program program = support::lowered(plan, job, cluster);
      const auto outcome = engine.estimate(program);
      const auto* estimate = std::get_if<estimate::Estimate>(&outcome);
      if (!estimate) continue;
      double sum = 0;
      for (const auto& entry : estimate->time.entries()) {
        REQUIRE(entry.amount > Seconds{});
        REQUIRE_FALSE(entry.why.empty());
        sum += entry.amount.value();
      }
      REQUIRE(estimate->step_time.value() == Approx(sum).epsilon(1e-9));
      REQUIRE(engine.step_times(program).total() == Approx(sum).epsilon(1e-9));
    }
  }
}

TEST_CASE("is the lower bound never above the step time?") {
  const auto cluster = support::h100s(16);
  for (const auto& model : {support::dense(), support::mixture(), support::latent()}) {
    const auto job = support::job(model);
    AnalyticalEngine engine(cluster);
    for (const plan::UniformPlan& plan : drawn(job, cluster, 300)) {
      const plan::Program program = support::lowered(plan, job, cluster);
      REQUIRE(engine.lower_bound(program) <= engine.step_times(program).total() * (1 + 1e-12));
    }
  }
}

TEST_CASE("does an engine that has seen other plans answer as a new one does?") {
  const auto cluster = support::h100s(16);
  const auto job = support::job(support::mixture());
  AnalyticalEngine engine(cluster);
  plan::Lowering lowering(job);
  for (const plan::UniformPlan& plan : drawn(job, cluster, 100)) {
    const double known = engine.step_times(lowering.lower(support::laid_out(plan, job, cluster), cluster)).total();
    REQUIRE(known == AnalyticalEngine(cluster).step_times(support::lowered(plan, job, cluster)).total());
  }
}

TEST_CASE("is a step of one stage its micro-batches and the step's own work?") {
  const auto cluster = support::h100s(8);
  const auto job = support::job(support::dense(), 2048, 64);
  const auto step = [&](int micro_batches) {
    auto plan = support::laid_out({{1, 1, 1, 8}, 1, 1, 1}, job, cluster);
    plan.micro_batches = micro_batches;
    return AnalyticalEngine(cluster).step_times(plan::Lowering(job).lower(plan, cluster)).total();
  };
  const double one = step(2) - step(1);
  CHECK(one > 0);
  CHECK(step(64) == Approx(step(1) + 63 * one).epsilon(1e-12));
}

TEST_CASE("does full recomputation cost one more forward pass, and selective less?") {
  const auto cluster = ideal(8);
  const auto job = support::job(support::dense());
  const auto time = [&](plan::Recompute recompute) {
    return estimated({{1, 1, 1, 8}, 1, 1, 1, recompute, plan::Zero::none}, job, cluster).step_time.value();
  };
  CHECK(time(plan::Recompute::none) < time(plan::Recompute::selective));
  CHECK(time(plan::Recompute::selective) < time(plan::Recompute::full));
  CHECK(time(plan::Recompute::full) < 1.5 * time(plan::Recompute::none));
}

TEST_CASE("do equal stages on an ideal machine leave the bubble of 1F1B?") {
  auto model = support::dense(16);
  model.vocabulary = 8;  // next to nothing in embedding and head
  const auto cluster = ideal(8);
  const auto job = support::job(model, 2048, 64);
  const auto estimate = estimated({{1, 1, 1, 2}, 4, 1, 1, plan::Recompute::none, plan::Zero::none}, job, cluster);
  double busy = 0;
  for (const auto& entry : estimate.time.entries())
    if (entry.account != "pipeline bubble" && entry.account != "optimizer" && entry.account != "gradient reduction")
      busy += entry.amount.value();
  // 32 micro-batches over 4 stages: 3/32 of the busy time, and the flight time of sends
  CHECK(estimate.time.total("pipeline bubble").value() / busy == Approx(3.0 / 32).epsilon(0.05));
}

TEST_CASE("do interleaved chunks pay for sharded weights and gradients once each, not once per chunk?") {
  // The weights of a stage are the same however they are cut into chunks.
  auto cluster = support::h100s(16);
  cluster.groups.front().stack.gradient_overlap.value = cluster.groups.front().stack.parameter_overlap.value = 0;
  const auto job = support::job(support::dense(), 2048, 64);
  for (plan::Zero zero : {plan::Zero::gradients, plan::Zero::parameters}) {
    const auto of = [&](int interleave, const char* account) {
      return estimated({{1, 1, 1, 4}, 4, interleave, 1, plan::Recompute::none, zero}, job, cluster)
          .time.total(account)
          .value();
    };
    for (const char* account : {"gradient reduction", "parameter gather"}) {
      INFO(plan::name(zero) << " " << account);
      CHECK(of(2, account) == Approx(of(1, account)).epsilon(0.1));
    }
  }
}

TEST_CASE("is a plan that does not fit an answer, not an estimate?") {
  auto group = support::machine("h100-sxm5-80gb", 8);
  group.device.memory.value = Bytes{4 * bytes_per_gib};
  const auto cluster = support::cluster(group);
  const auto job = support::job(support::gpt());
  const auto outcome = AnalyticalEngine(cluster).estimate(support::lowered({{1, 1, 1, 8}, 1, 1, 1}, job, cluster));
  const auto* refused = std::get_if<estimate::Infeasible>(&outcome);
  REQUIRE(refused);
  CHECK(refused->constraint == estimate::Constraint::memory);
  CHECK(refused->explanation.find("GiB short") != std::string::npos);
}

TEST_CASE("is the share of peak the model's FLOPs over what all ranks could do?") {
  const auto cluster = support::cluster(support::machine("ascend-910c", 16));
  const auto job = support::job(support::dense());
  const auto estimate = estimated({{1, 1, 1, 32}, 1, 1, 1}, job, cluster);
  const double peak = 16 * cluster.groups.front().device.peak.at(Dtype::bf16).value.value();
  CHECK(estimate.peak.value() == Approx(peak));
  CHECK(estimate::mfu(estimate) == Approx(estimate.model_flops.value() / peak / estimate.step_time.value()));
  CHECK(estimate::mfu(estimate) < 1);
}

}  // namespace chipmix::engine
