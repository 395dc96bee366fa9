#include "uncertainty/sensitivity.hpp"

#include <algorithm>
#include <cmath>

#include "engine/analytical/analytical.hpp"
#include "hardware/figures.hpp"
#include "plan/lower.hpp"

namespace chipmix::uncertainty {
namespace {

double step_time(const plan::JobProgram& program, const hardware::Cluster& cluster) {
  return engine::AnalyticalEngine(cluster).step_times(program).total();
}

/// Half-widths of ln(step time), both positive.
struct Spread {
  double up = 0, down = 0;
};

Spread in_quadrature(const std::vector<Swing>& swings) {
  Spread sum;
  for (const Swing& swing : swings) {
    const double a = std::log(swing.at_low), b = std::log(swing.at_high);
    sum.up += std::pow(std::max({0.0, a, b}), 2);
    sum.down += std::pow(std::min({0.0, a, b}), 2);
  }
  return {std::sqrt(sum.up), std::sqrt(sum.down)};
}

/// What remains of the figures' spread where training runs were fitted on the device or its relatives: those fits take
/// up part of each figure's error. Set so that about 80 % of held-out published runs fall inside (docs/accuracy.md).
constexpr double not_absorbed = 0.6;

/// Nothing published stands behind what training keeps of a device's rates.
bool is_datasheet_only(const hardware::Cluster& cluster) {
  return std::any_of(cluster.groups.begin(), cluster.groups.end(), [](const hardware::NodeGroup& group) {
    return group.device.efficiency.sustained.grade == Evidence::assumed;
  });
}

/// A smooth maximum.
double wider(double a, double b) { return std::pow(std::pow(a, 4) + std::pow(b, 4), 0.25); }

}  // namespace

double Swing::width() const { return std::abs(std::log(at_high / at_low)); }

StepInterval step_interval(const workload::TrainingJob& job, const plan::JobPlan& plan,
                           const hardware::Cluster& cluster) {
  plan::Lowering lowering(job);
  const plan::JobProgram program = plan::lower(lowering, plan, cluster);
  const double central = step_time(program, cluster);
  StepInterval interval;
  hardware::Cluster changed = cluster;
  hardware::for_each_figure(changed, job.dtype, [&](const std::string& path, auto& figure) {
    if (!figure.range) return;
    const auto value = figure.value;
    Swing swing{path, figure.source, 1, 1};
    figure.value = figure.range->low;
    swing.at_low = step_time(program, changed) / central;
    figure.value = figure.range->high;
    swing.at_high = step_time(program, changed) / central;
    figure.value = value;
    interval.swings.push_back(std::move(swing));
  });
  Spread figures = in_quadrature(interval.swings);
  if (!is_datasheet_only(cluster)) figures = {figures.up * not_absorbed, figures.down * not_absorbed};
  Spread published;
  for (const hardware::NodeGroup& group : cluster.groups)
    if (const auto& residual = group.stack.residual; residual.range) {
      interval.swings.push_back({"stack.residual", residual.source, residual.range->low, residual.range->high});
      const Spread own = in_quadrature({interval.swings.back()});
      published = {std::max(published.up, own.up), std::max(published.down, own.down)};
    }
  interval.p90 = std::exp(wider(figures.up, published.up));
  interval.p10 = std::exp(-wider(figures.down, published.down));
  std::stable_sort(interval.swings.begin(), interval.swings.end(),
                   [](const Swing& a, const Swing& b) { return a.width() > b.width(); });
  return interval;
}

}  // namespace chipmix::uncertainty
