#include "uncertainty/sensitivity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/normal.hpp"
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

Spread swings_in_quadrature(const std::vector<Swing>& swings) {
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
bool is_datasheet_only(const hardware::NodeGroup& group) {
  return group.device.efficiency.sustained.grade == Evidence::assumed;
}

double left_of_figures(const hardware::NodeGroup& group) { return is_datasheet_only(group) ? 1 : not_absorbed; }

double left_of_figures(const hardware::Cluster& cluster) {
  return std::any_of(cluster.groups.begin(), cluster.groups.end(),
                     [](const hardware::NodeGroup& group) { return is_datasheet_only(group); })
             ? 1
             : not_absorbed;
}

// Standard deviations of ln(measured / predicted) beyond what figures and runs of one publisher show, from the errors
// of 701 published runs whose whole project was left out of the fit (docs/accuracy.md, intervals): of a publisher that
// was never seen; of a stack on a die, with n publishers seen; and of a mixture of experts there.
constexpr double between_publishers = 0.05, stack_on_die = 0.06, experts = 0.30;

hardware::Publishers seen_on(const hardware::NodeGroup& group) {
  const hardware::DeviceFamily* family = hardware::device_family(group.device.id);
  const auto found = group.stack.seen.find(family ? family->die : group.device.id);
  return found == group.stack.seen.end() ? hardware::Publishers{} : found->second;
}

/// What publishers of dense runs on the device's very die show beyond what publishers usually do, at least `least` to
/// either side.
Spread beyond_usual(const hardware::DeviceSpec& device, double least) {
  const auto range = device.publisher_spread ? device.publisher_spread->range : std::nullopt;
  const auto beyond = [&](double here) {
    return std::sqrt(std::max(std::pow(least, 2), std::pow(here, 2) - std::pow(between_publishers, 2)));
  };
  return {beyond(range ? range->high : 0), beyond(range ? range->low : 0)};
}

/// Tokens of the busiest rank over the mean, the upper end of natural routing (docs/laws/experts.md).
constexpr double most_imbalance = 1.5;

/// Of the variance within runs of one publisher, the part that two runs of one model on one device have in common.
/// Errors of published runs with their project left out: pairs of one project, model and device at other counts
/// correlate by 0.56 (60 such sets), pairs of one project and stack on other devices by 0.23 (12 sets).
constexpr double common_within = 0.15;

/// Half-widths by cause; one cause of two islands is one error.
class Causes {
 public:
  void add(const std::string& cause, const Spread& spread) {
    if (spread.up == 0 && spread.down == 0) return;
    const auto same = std::find_if(list_.begin(), list_.end(), [&](auto& one) { return one.first == cause; });
    if (same == list_.end()) return list_.emplace_back(cause, spread), void();
    same->second.up += spread.up;
    same->second.down += spread.down;
  }
  Spread all() const {
    Spread sum;
    for (const auto& [cause, spread] : list_) sum = {std::hypot(sum.up, spread.up), std::hypot(sum.down, spread.down)};
    return sum;
  }
  void append_to(std::vector<Factor>& factors) const {
    for (const auto& [cause, spread] : list_) factors.push_back({cause, std::exp(-spread.down), std::exp(spread.up)});
  }

 private:
  std::vector<std::pair<std::string, Spread>> list_;
};

Spread times(const Spread& spread, double factor) { return {spread.up * factor, spread.down * factor}; }
Spread both(double half_width) { return {half_width, half_width}; }

/// Each group's share of the FLOPS that a plan uses.
std::vector<double> weights(const plan::JobPlan& plan, const hardware::Cluster& cluster, Dtype dtype) {
  std::vector<double> list(cluster.groups.size(), 0);
  double sum = 0;
  for (const plan::ParallelPlan& lane : plan.lanes)
    for (const plan::Stage& stage : lane.stages) {
      const hardware::NodeGroup& group = cluster.groups[stage.devices.node_group];
      const double peak = group.device.peak.at(group.dtype.value_or(dtype)).value.value() / group.device.ranks;
      list[stage.devices.node_group] += stage.degrees.ranks() * peak;
      sum += stage.degrees.ranks() * peak;
    }
  for (double& share : list) share /= sum;
  return list;
}

/// What published runs show beyond the figures, of one group that does so much of the work.
void add_unexplained(const hardware::NodeGroup& group, bool is_moe, double weight, const std::string& run,
                     Causes& causes) {
  const hardware::Publishers seen = seen_on(group);
  double of_stack = std::pow(between_publishers, 2);
  if (is_moe) of_stack += std::pow(experts, 2) / (1 + seen.moe);
  const double on_die = stack_on_die / std::sqrt(1.0 + seen.dense + seen.moe);
  const Spread on_device = is_moe ? both(on_die) : beyond_usual(group.device, on_die);
  const auto& range = group.stack.residual.range;
  const Spread within = swings_in_quadrature({{"", "", range ? range->low : 1, range ? range->high : 1}});
  causes.add("stack " + group.stack.id, both(weight * z90 * std::sqrt(of_stack)));
  causes.add(group.stack.id + " on " + group.device.id, times(on_device, weight * z90));
  causes.add("job on " + group.device.id, times(within, weight * std::sqrt(common_within)));
  causes.add("run of " + group.name + " " + run, times(within, weight * std::sqrt(1 - common_within)));
}

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

namespace {

/// Whose figure a path of for_each_figure names: a group's, or, beyond the last, a link's.
std::size_t owner_of(const std::string& path, const hardware::Cluster& cluster) {
  if (cluster.groups.size() == 1) return 0;
  for (std::size_t i = 0; i < cluster.groups.size(); ++i)
    if (path.starts_with(cluster.groups[i].name + ".")) return i;
  return cluster.groups.size();
}

}  // namespace

double Swing::width() const { return std::abs(std::log(at_high / at_low)); }

StepInterval step_interval(const workload::TrainingJob& job, const plan::JobPlan& plan,
                           const hardware::Cluster& cluster) {
  plan::Lowering lowering(job);
  const plan::JobProgram program = plan::lower(lowering, plan, cluster);
  engine::AnalyticalEngine engine(cluster);
  const double central = engine.step_times(program).total();
  const auto relative_time = [&](const hardware::Cluster& changed) {
    engine.use(changed);
    return engine.step_times(program).total() / central;
  };
  StepInterval interval;
  hardware::Cluster changed = cluster;
  std::vector<std::vector<Swing>> of_groups(cluster.groups.size() + 1);  // and of the links between them
  hardware::for_each_figure(changed, job.dtype, [&](const std::string& path, auto& figure) {
    if (!figure.range) return;
    const auto value = figure.value;
    Swing swing{path, figure.source, 1, 1};
    figure.value = figure.range->low;
    swing.at_low = relative_time(changed);
    figure.value = figure.range->high;
    swing.at_high = relative_time(changed);
    figure.value = value;
    of_groups[owner_of(path, cluster)].push_back(swing);
    interval.swings.push_back(std::move(swing));
  });
  Causes figures, published;
  for (std::size_t i = 0; i < cluster.groups.size(); ++i)
    figures.add("figures of " + cluster.groups[i].device.id,
                times(swings_in_quadrature(of_groups[i]), left_of_figures(cluster.groups[i])));
  figures.add("links of " + cluster.name, times(swings_in_quadrature(of_groups.back()), left_of_figures(cluster)));
  if (const auto swing = routing_swing(job, plan, cluster, central)) {
    figures.add("routing of experts", times(swings_in_quadrature({*swing}), left_of_figures(cluster)));
    interval.swings.push_back(*swing);
  }
  const std::vector<double> share = weights(plan, cluster, job.dtype);
  const std::string run = plan::to_text(plan, cluster);
  for (std::size_t i = 0; i < cluster.groups.size(); ++i)
    if (share[i] > 0)
      add_unexplained(cluster.groups[i], job.model.moe.has_value(), share[i],
                      fmt::format("{} x {}: {}", cluster.groups[i].devices, cluster.groups[i].device.id, run),
                      published);
  const Spread rest = published.all();
  interval.swings.push_back({"published runs",
                             "errors of published runs with their project left out (docs/accuracy.md)",
                             std::exp(-rest.down), std::exp(rest.up)});
  figures.append_to(interval.causes);
  published.append_to(interval.causes);
  const auto [low, high] = in_quadrature(interval.causes);
  interval.p10 = low;
  interval.p90 = high;
  std::stable_sort(interval.swings.begin(), interval.swings.end(),
                   [](const Swing& a, const Swing& b) { return a.width() > b.width(); });
  return interval;
}

}  // namespace chipmix::uncertainty
