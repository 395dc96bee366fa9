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
  static const auto job = support::job(support::dense(), 2048, 64);
  return job;
}

/// Two H100 servers whose figures have no ranges, as if nobody had published a training run on them.
hardware::NodeGroup certain() {
  auto group = support::machine("h100-sxm5-80gb", 16);
  hardware::for_each_figure(group, Dtype::bf16, [](const std::string&, auto& figure) { figure.range.reset(); });
  group.stack.residual.range.reset();
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

double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

}  // namespace

TEST_CASE("is a step without ranges certain?") {
  const StepInterval result = interval(certain());
  CHECK(result.p10 == 1);
  CHECK(result.p90 == 1);
  CHECK(result.swings.empty());
}

TEST_CASE("does a faster device make steps shorter, a slower network longer?") {
  auto group = certain();
  spread(group.device.efficiency.gemm.at(Dtype::bf16), 0.1);
  spread(group.scale_up.latency, 0.5);
  const StepInterval result = interval(group);
  REQUIRE(result.swings.size() == 2);
  for (const Swing& swing : result.swings) {
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
  spread(group.device.efficiency.gemm.at(Dtype::bf16), 0.2);
  group.device.efficiency.gemm.at(Dtype::bf16).source = "a benchmark";
  const StepInterval result = interval(group);
  REQUIRE(result.swings.size() == 2);
  CHECK(result.swings[0].figure == "device.efficiency.gemm.bf16");
  CHECK(result.swings[0].source == "a benchmark");
  CHECK(result.swings[0].width() >= result.swings[1].width());
  auto low = group;
  low.device.efficiency.gemm.at(Dtype::bf16).value *= 0.8;
  CHECK(result.swings[0].at_low == Approx(step_time(low) / step_time(group)));
}

TEST_CASE("is one figure's swing the whole interval, and the residual taken as it is?") {
  auto group = certain();
  group.stack.residual.range = Interval<double>{0.9, 1.4};
  const StepInterval result = interval(group);
  CHECK(result.p10 == Approx(0.9));
  CHECK(result.p90 == Approx(1.4));
}

TEST_CASE("do two figures add in quadrature on the logarithm?") {
  auto one = certain(), other = certain();
  spread(one.device.efficiency.gemm.at(Dtype::bf16), 0.2);
  spread(other.device.efficiency.memory, 0.2);
  auto both = one;
  both.device.efficiency.memory = other.device.efficiency.memory;
  const auto ln = [](double x) { return std::log(x); };
  CHECK(ln(interval(both).p90) == Approx(std::hypot(ln(interval(one).p90), ln(interval(other).p90))));
  CHECK(ln(interval(both).p10) == Approx(-std::hypot(ln(interval(one).p10), ln(interval(other).p10))));
}

TEST_CASE("does the wider of figures and residual count, and less of the figures where runs were fitted?") {
  auto group = certain();
  spread(group.device.efficiency.gemm.at(Dtype::bf16), 0.2);
  const double figures = std::log(interval(group).p90);
  group.stack.residual.range = Interval<double>{0.5, 2};
  CHECK(std::log(interval(group).p90) == Approx(std::pow(std::pow(figures, 4) + std::pow(std::log(2), 4), 0.25)));
  group.stack.residual.range.reset();
  group.device.efficiency.sustained.grade = Evidence::scaled;
  CHECK(std::log(interval(group).p90) == Approx(0.6 * figures));
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
  const double central = step_time(group), width = std::log(result.p90 / result.p10);

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
  CHECK(quantile(sample, 0.1) == Approx(std::log(result.p10)).margin(0.1 * width));
  CHECK(quantile(sample, 0.9) == Approx(std::log(result.p90)).margin(0.1 * width));
}

}  // namespace chipmix::uncertainty
