// Intervals of a step time: do swings point the right way, and does adding in quadrature agree with sampling?
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "../../support/machines.hpp"
#include "../../support/models.hpp"
#include "../../support/plans.hpp"
#include "engine/analytical/analytical.hpp"
#include "hardware/figures.hpp"
#include "uncertainty/sensitivity.hpp"

namespace chipmix::uncertainty {
namespace {

const workload::TrainingJob& job() {
  static const auto job = support::job(support::gpt(), 2048, 64);
  return job;
}

/// Two H100 servers whose figures have no ranges, as if nobody had published a training run on them.
hardware::NodeGroup certain() {
  auto group = support::machine("h100-sxm5-80gb", 16);
  hardware::for_each_figure(group, Dtype::bf16, [](const std::string&, auto& figure) { figure.range.reset(); });
  group.stack.residual.range.reset();
  group.stack.seen.clear();
  group.device.efficiency.sustained.grade = Evidence::assumed;
  return group;
}

plan::ParallelPlan plan_on(const hardware::Cluster& cluster) {
  return support::laid_out({{2, 1, 1, 4}, 2, 1, 1}, job(), cluster);
}

StepInterval interval(const hardware::NodeGroup& group) {
  const auto cluster = support::cluster(group);
  return step_interval(job(), {{plan_on(cluster)}}, cluster);
}

template <class T>
void spread(Sourced<T>& figure, double share) {
  figure.range = Interval<T>{figure.value * (1 - share), figure.value * (1 + share)};
}

double step_time(const hardware::NodeGroup& group) {
  const auto cluster = support::cluster(group);
  return engine::AnalyticalEngine(cluster).step_times(plan::Lowering(job()).lower(plan_on(cluster), cluster)).total();
}

double up(const hardware::NodeGroup& group) { return std::log(interval(group).p90); }
double down(const hardware::NodeGroup& group) { return -std::log(interval(group).p10); }

/// Half-width where figures have no ranges and nobody published a run of the stack on the die.
const double& unseen() {
  static const double half_width = up(certain());
  return half_width;
}

/// What figures add to `unseen`, which stands beside them in quadrature.
double of_figures(double half_width) { return std::sqrt(half_width * half_width - unseen() * unseen()); }

double sample_quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

}  // namespace

TEST_CASE("is a step without ranges as sure as publishers agree?") {
  const StepInterval result = interval(certain());
  CHECK(result.p10 == Approx(1 / result.p90));
  CHECK(std::log(result.p90) > 0.05);  // stacks that were left out of the fit were not closer (docs/accuracy.md)
  CHECK(std::log(result.p90) < 0.3);
  REQUIRE(result.swings.size() == 1);
  CHECK(result.swings[0].figure == "published runs");
  CHECK(result.swings[0].at_high == Approx(result.p90));
}

TEST_CASE("does a faster device make steps shorter, a slower network longer?") {
  auto group = certain();
  spread(group.device.efficiency.gemm.at(Dtype::bf16), 0.1);
  spread(group.scale_up.latency, 0.5);
  const StepInterval result = interval(group);
  REQUIRE(result.swings.size() == 3);
  for (const Swing& swing : result.swings) {
    if (swing.figure == "published runs") continue;
    if (swing.figure == "device.efficiency.gemm.bf16") {
      CHECK(swing.at_low > 1);
      CHECK(swing.at_high < 1);
    } else {
      CHECK(swing.figure == "scale_up.latency");
      CHECK(swing.at_low < 1);
      CHECK(swing.at_high > 1);
    }
  }
  CHECK(result.p10 < 1);
  CHECK(result.p90 > 1);
}

TEST_CASE("are swings those of the engine, widest first, with the figure's source?") {
  auto group = certain();
  spread(group.device.efficiency.memory, 0.02);
  spread(group.device.efficiency.gemm.at(Dtype::bf16), 0.6);
  group.device.efficiency.gemm.at(Dtype::bf16).source = "a benchmark";
  const StepInterval result = interval(group);
  REQUIRE(result.swings.size() == 3);
  CHECK(result.swings[0].figure == "device.efficiency.gemm.bf16");
  CHECK(result.swings[0].source == "a benchmark");
  CHECK(result.swings[0].width() >= result.swings[1].width());
  CHECK(result.swings[1].width() >= result.swings[2].width());
  auto low = group;
  low.device.efficiency.gemm.at(Dtype::bf16).value *= 0.4;
  CHECK(result.swings[0].at_low == Approx(step_time(low) / step_time(group)));
}

TEST_CASE("does the spread within runs of one publisher add to that between them?") {
  auto group = certain();
  group.stack.residual.range = Interval<double>{0.9, 1.4};
  CHECK(up(group) == Approx(std::hypot(std::log(1.4), unseen())));
  CHECK(down(group) == Approx(std::hypot(std::log(0.9), unseen())));
}

TEST_CASE("do two figures add in quadrature on the logarithm?") {
  auto one = certain(), other = certain();
  spread(one.device.efficiency.gemm.at(Dtype::bf16), 0.2);
  spread(other.device.efficiency.memory, 0.2);
  auto both = one;
  both.device.efficiency.memory = other.device.efficiency.memory;
  CHECK(of_figures(up(both)) == Approx(std::hypot(of_figures(up(one)), of_figures(up(other)))));
  CHECK(of_figures(down(both)) == Approx(std::hypot(of_figures(down(one)), of_figures(down(other)))));
}

TEST_CASE("do figures and published runs add in quadrature, and less of the figures where runs were fitted?") {
  auto group = certain();
  spread(group.device.efficiency.gemm.at(Dtype::bf16), 0.2);
  const double figures = of_figures(up(group));
  group.stack.residual.range = Interval<double>{0.5, 2};
  CHECK(up(group) == Approx(std::sqrt(figures * figures + std::pow(std::log(2), 2) + unseen() * unseen())));
  group.stack.residual.range.reset();
  group.device.efficiency.sustained.grade = Evidence::scaled;
  const double left = of_figures(up(group)) / figures;
  CHECK(left > 0.1);
  CHECK(left < 0.9);
  spread(group.device.efficiency.gemm.at(Dtype::bf16), 0.1);
  const double half = of_figures(up(group));
  group.device.efficiency.sustained.grade = Evidence::assumed;
  CHECK(half == Approx(left * of_figures(up(group))));  // the same share of any figure
}

TEST_CASE("does the interval agree with sampling the figures?") {
  // Each figure log-normal, its range the 10 % and 90 % quantiles; 4,000 draws. The quantiles of the sample are known
  // to about 2 % of the half-width; first order costs more: agreement within a tenth of the interval is asked for.
  auto group = certain();
  spread(group.device.efficiency.gemm.at(Dtype::bf16), 0.15);
  spread(group.device.efficiency.memory, 0.15);
  spread(group.scale_up.efficiency, 0.2);
  spread(group.scale_out.efficiency, 0.2);
  const StepInterval result = interval(group);
  const double central = step_time(group), low = -of_figures(-std::log(result.p10)), high = of_figures(up(group));

  constexpr double z90 = 1.2815515655446004;
  std::mt19937 random(11);
  std::normal_distribution<double> normal;
  std::vector<double> sample;
  for (int draw = 0; draw < 4000; ++draw) {
    auto drawn = group;
    hardware::for_each_figure(drawn, Dtype::bf16, [&](const std::string&, auto& figure) {
      if (!figure.range) return;
      const double z = normal(random);
      const double end = z > 0 ? figure.range->high / figure.value : figure.value / figure.range->low;
      figure.value *= std::exp(z / z90 * std::log(end));
    });
    sample.push_back(std::log(step_time(drawn) / central));
  }
  INFO("p10 " << result.p10 << ", p90 " << result.p90);
  CHECK(sample_quantile(sample, 0.1) == Approx(low).margin(0.1 * (high - low)));
  CHECK(sample_quantile(sample, 0.9) == Approx(high).margin(0.1 * (high - low)));
}

TEST_CASE("is the interval made of causes, and do those of the device and its stack not name the run?") {
  auto group = certain();
  group.stack.residual.range = Interval<double>{0.9, 1.1};
  spread(group.device.efficiency.gemm.at(Dtype::bf16), 0.2);
  const StepInterval result = interval(group);
  const auto together = in_quadrature(result.causes);
  CHECK(together.low == Approx(result.p10));
  CHECK(together.high == Approx(result.p90));
  const auto has = [&](const std::string& cause) {
    return std::any_of(result.causes.begin(), result.causes.end(), [&](auto& one) { return one.cause == cause; });
  };
  CHECK(has("figures of " + group.device.id));
  CHECK(has("stack " + group.stack.id));
  CHECK(has(group.stack.id + " on " + group.device.id));
  CHECK(has("job on " + group.device.id));
  CHECK(result.causes.size() == 5);  // and the run's own
}

}  // namespace chipmix::uncertainty
