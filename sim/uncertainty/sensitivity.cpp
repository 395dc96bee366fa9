#include "uncertainty/sensitivity.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "engine/analytical/analytical.hpp"
#include "hardware/device_family.hpp"
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
constexpr double not_absorbed = 0.3;

/// Nothing published stands behind what training keeps of a device's rates.
bool is_datasheet_only(const hardware::Cluster& cluster) {
  return std::any_of(cluster.groups.begin(), cluster.groups.end(), [](const hardware::NodeGroup& group) {
    return group.device.efficiency.sustained.grade == Evidence::assumed;
  });
}

constexpr double z90 = 1.2816;  // standard deviations to either end of the middle 80 % of a normal distribution

// Standard deviations of ln(measured / predicted) beyond what figures and runs of one publisher show, from the errors
// of 701 published runs whose whole project was left out of the fit (docs/accuracy.md, intervals): of a publisher that
// was never seen; of a stack on a die, with n publishers seen; and of a mixture of experts there.
constexpr double between_publishers = 0.06, stack_on_die = 0.10, experts = 0.30;

hardware::Publishers seen_on(const hardware::NodeGroup& group) {
  const hardware::DeviceFamily* family = hardware::device_family(group.device.id);
  const auto found = group.stack.seen.find(family ? family->die : group.device.id);
  return found == group.stack.seen.end() ? hardware::Publishers{} : found->second;
}

/// Tokens of the busiest rank over the mean, the upper end of natural routing (docs/laws/experts.md).
constexpr double most_imbalance = 1.5;

/// Half-width of ln(step time) that no figure explains.
double unexplained(const hardware::NodeGroup& group, bool is_moe) {
  const hardware::Publishers seen = seen_on(group);
  double variance = std::pow(between_publishers, 2) + std::pow(stack_on_die, 2) / (1 + seen.dense + seen.moe);
  if (is_moe) variance += std::pow(experts, 2) / (1 + seen.moe);
  return z90 * std::sqrt(variance);
}

Spread together(const Spread& a, const Spread& b) { return {std::hypot(a.up, b.up), std::hypot(a.down, b.down)}; }

/// Natural routing keeps the busiest rank longer: its share of the published range is what even routing leaves out.
std::optional<Swing> routing_swing(const workload::TrainingJob& job, const plan::JobPlan& plan,
                                   const hardware::Cluster& cluster, double central) {
  const bool is_open = job.model.moe && !job.is_routing_known && job.expert_imbalance < most_imbalance;
  if (!is_open) return std::nullopt;
  workload::TrainingJob uneven = job;
  uneven.expert_imbalance = most_imbalance;
  plan::Lowering lowering(uneven);
  const double slow = step_time(plan::lower(lowering, plan, cluster), cluster) / central;
  return Swing{"job.expert_imbalance", "natural against forced routing, matched pairs of runs (docs/laws/experts.md)",
               1, slow};
}

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
  if (const auto swing = routing_swing(job, plan, cluster, central)) interval.swings.push_back(*swing);
  Spread figures = in_quadrature(interval.swings);
  if (!is_datasheet_only(cluster)) figures = {figures.up * not_absorbed, figures.down * not_absorbed};
  Spread published;
  for (const hardware::NodeGroup& group : cluster.groups) {
    const auto& residual = group.stack.residual;
    const Swing within{"stack.residual", residual.source, residual.range ? residual.range->low : 1,
                       residual.range ? residual.range->high : 1};
    const double rest = unexplained(group, job.model.moe.has_value());
    const Spread own = together(in_quadrature({within}), {rest, rest});
    if (own.up <= published.up) continue;
    published = own;
  }
  interval.swings.push_back({"published runs",
                             "errors of published runs with their project left out (docs/accuracy.md)",
                             std::exp(-published.down), std::exp(published.up)});
  const Spread all = together(figures, published);
  interval.p90 = std::exp(all.up);
  interval.p10 = std::exp(-all.down);
  std::stable_sort(interval.swings.begin(), interval.swings.end(),
                   [](const Swing& a, const Swing& b) { return a.width() > b.width(); });
  return interval;
}

}  // namespace chipmix::uncertainty
