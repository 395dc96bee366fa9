// What must hold for the step time of every plan: hundreds of random ones, the same in every run.
#include <catch2/catch.hpp>
#include <random>

#include "../support/machines.hpp"
#include "../support/models.hpp"
#include "../support/nightly.hpp"
#include "../support/plans.hpp"
#include "engine/analytical/analytical.hpp"
#include "hardware/figures.hpp"

namespace chipmix {
namespace {

constexpr double rounding = 1e-12;

struct Draw {
  workload::TrainingJob job;
  hardware::Cluster cluster;
  plan::UniformPlan plan;
};

/// A random machine, model, batch and legal plan.
Draw draw(std::mt19937& random) {
  const auto pick = [&](const auto& list) { return list[random() % std::size(list)]; };
  const std::vector<workload::ModelSpec> models = {support::dense(), support::gpt(8, 2048, 16), support::mixture(),
                                                   support::latent()};
  const std::vector<std::string> devices = {"h100-sxm5-80gb", "a100-sxm4-80gb", "ascend-910b2", "mi300x"};
  Draw d;
  d.job = support::job(pick(models), pick(std::vector<int>{1024, 4096}), pick(std::vector<int>{32, 96, 128}));
  d.cluster = support::cluster(support::machine(pick(devices), pick(std::vector<int>{8, 16, 32})));
  const int ranks = d.cluster.groups.front().ranks();
  std::vector<plan::UniformPlan> plans;
  support::for_each_plan({}, ranks, [&](const plan::UniformPlan& plan) {
    if (plan::is_legal(plan, d.job, d.cluster.groups.front())) plans.push_back(plan);
  });
  d.plan = pick(plans);
  return d;
}

double step_time(const Draw& d) {
  return engine::AnalyticalEngine(d.cluster).step_times(support::lowered(d.plan, d.job, d.cluster)).total();
}

/// The draw with one figure of its machine multiplied.
Draw with_figure(Draw d, const std::string& path, double factor) {
  bool found = false;
  hardware::for_each_figure(d.cluster.groups.front(), d.job.dtype, [&](const std::string& name, auto& figure) {
    if (name != path) return;
    figure.value *= factor;
    found = true;
  });
  if (!found) throw std::logic_error("no figure " + path);
  return d;
}

template <class Check>
void for_draws(int count, Check check) {
  std::mt19937 random(20250301);
  for (int i = 0; i < support::cases(count); ++i) {
    const Draw d = draw(random);
    INFO("draw " << i << ": " << d.job.model.id << " on " << d.cluster.groups.front().devices << " "
                 << d.cluster.groups.front().device.id << ", "
                 << plan::to_text(support::laid_out(d.plan, d.job, d.cluster)));
    check(d);
  }
}

}  // namespace

TEST_CASE("is more of any rate never slower?") {
  for_draws(250, [](const Draw& d) {
    const double before = step_time(d);
    for (const char* figure : {"device.peak.bf16", "device.memory_bandwidth", "device.efficiency.sustained",
                               "device.efficiency.grouped_gemm", "scale_up.bandwidth", "scale_out.bandwidth",
                               "scale_up.efficiency", "scale_out.efficiency", "node.nics"})
      for (double factor : {1.1, 3.0}) {
        INFO(figure << " x " << factor);
        REQUIRE(step_time(with_figure(d, figure, factor)) <= before * (1 + rounding));
      }
  });
}

TEST_CASE("is more of any delay never faster?") {
  for_draws(250, [](const Draw& d) {
    const double before = step_time(d);
    for (const char* figure :
         {"device.efficiency.kernel_overhead", "scale_up.latency", "scale_out.latency", "fabric.oversubscription",
          "stack.host_per_kernel", "stack.host_per_micro_batch", "stack.host_per_step"}) {
      INFO(figure);
      REQUIRE(step_time(with_figure(d, figure, 2)) >= before * (1 - rounding));
    }
  });
}

TEST_CASE("is a slower network link never faster?") {
  for_draws(150, [](Draw d) {
    double before = 0;
    for (const char* link : {"ib-xdr800", "ib-ndr400", "ib-hdr200"}) {
      const auto latency = d.cluster.groups.front().scale_out.latency;
      d.cluster.groups.front().scale_out = support::profile<hardware::LinkSpec>("links", link);
      d.cluster.groups.front().scale_out.latency = latency;  // the links differ in rate only
      d.cluster.groups.front().scale_out.efficiency.value = 0.9;
      const double now = step_time(d);
      INFO(link);
      REQUIRE(now >= before * (1 - rounding));
      before = now;
    }
  });
}

TEST_CASE("does hiding more never make a step longer?") {
  for_draws(150, [](Draw d) {
    auto& stack = d.cluster.groups.front().stack;
    for (Sourced<double> hardware::SoftwareStack::*overlap :
         {&hardware::SoftwareStack::tensor_overlap, &hardware::SoftwareStack::gradient_overlap,
          &hardware::SoftwareStack::parameter_overlap, &hardware::SoftwareStack::context_overlap,
          &hardware::SoftwareStack::expert_overlap}) {
      (stack.*overlap).value = 0;
      const double none = step_time(d);
      (stack.*overlap).value = 0.9;
      REQUIRE(step_time(d) <= none * (1 + rounding));
    }
  });
}

TEST_CASE("is twice the batch at most twice the step, and no less work?") {
  for_draws(200, [](Draw d) {
    const double before = step_time(d);
    d.job.global_batch *= 2;
    const double after = step_time(d);
    REQUIRE(after <= 2 * before * (1 + rounding));
    REQUIRE(after > before);
  });
}

TEST_CASE("does more recomputation never save time?") {
  for_draws(200, [](Draw d) {
    double before = 0;
    for (plan::Recompute recompute : plan::all_recomputes) {
      d.plan.recompute = recompute;
      const double now = step_time(d);
      REQUIRE(now >= before * (1 - rounding));
      before = now;
    }
  });
}

TEST_CASE("is a step between its bound and its ledger's sum, whatever the plan?") {
  for_draws(400, [](const Draw& d) {
    engine::AnalyticalEngine engine(d.cluster);
    const plan::Program program = support::lowered(d.plan, d.job, d.cluster);
    const engine::Times times = engine.step_times(program);
    for (double seconds : times.seconds) REQUIRE(seconds >= 0);
    REQUIRE(engine.lower_bound(program) <= times.total() * (1 + rounding));
    REQUIRE(program.model_flops / (d.cluster.groups.front().device.peak.at(Dtype::bf16).value.value() *
                                   d.cluster.groups.front().devices) <
            times.total());  // nothing beats its peak
  });
}

}  // namespace chipmix
