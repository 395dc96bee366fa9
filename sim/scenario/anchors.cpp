#include "scenario/anchors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/normal.hpp"
#include "practice/contradiction.hpp"

namespace chipmix::scenario {
namespace {

/// The site of each group that the run uses.
std::vector<practice::Site> sites_of(const Run& run, const hardware::Cluster& cluster) {
  std::vector<practice::Site> sites;
  double ranks = 0;
  for (std::size_t i = 0; i < run.used.size(); ++i) ranks += run.used[i] * cluster.groups[i].device.ranks;
  for (std::size_t i = 0; i < run.used.size(); ++i) {
    const hardware::NodeGroup& group = cluster.groups[i];
    if (run.used[i] > 0)
      sites.push_back({group.stack.id, group.device.id, group.scale_out.id, run.used[i] * group.device.ranks / ranks});
  }
  return sites;
}

/// Whether what was measured is this step: the same plan on the same cluster, not one like it.
bool is_same_step(const Anchor& anchor, const Run& run, const practice::PredictedStep& step) {
  constexpr double rounding = 1e-9;
  const auto same_site = [](const practice::Site& a, const practice::Site& b) {
    return a.stack == b.stack && a.device == b.device && a.network == b.network && a.share == b.share;
  };
  return anchor.facts.devices == run.devices &&
         std::abs(run.estimate.step_time.value() / anchor.predicted - 1) < rounding &&
         std::equal(anchor.step.sites.begin(), anchor.step.sites.end(), step.sites.begin(), step.sites.end(),
                    same_site) &&
         anchor.step.accounts == step.accounts;
}

void narrow(uncertainty::StepInterval& interval, double left) {
  interval.p10 = std::pow(interval.p10, left);
  interval.p90 = std::pow(interval.p90, left);
  for (uncertainty::Factor& cause : interval.causes)
    cause.p10 = std::pow(cause.p10, left), cause.p90 = std::pow(cause.p90, left);
}

}  // namespace

practice::PredictedStep predicted_step(const Run& run, const hardware::Cluster& cluster) {
  practice::PredictedStep step;
  step.sites = sites_of(run, cluster);
  for (const auto& entry : run.estimate.time.entries())
    step.accounts[entry.account] += entry.amount / run.estimate.step_time;
  step.deviation = std::log(run.interval.p90 / run.interval.p10) / (2 * z90);
  return step;
}

Anchor anchor_of(const Run& run, const Scenario& scenario, const Option& option, double seconds, std::string name) {
  Anchor anchor{std::move(name), seconds, run.estimate.step_time.value(), predicted_step(run, *option.cluster), {}};
  anchor.facts.is_moe = scenario.job.model.moe.has_value();
  anchor.facts.is_routing_known = scenario.job.is_routing_known || scenario.job.expert_imbalance > 1;
  anchor.facts.is_searched = false;
  anchor.facts.devices = run.devices;
  return anchor;
}

practice::Carried Anchors::carried(const practice::PredictedStep& step) const {
  std::vector<practice::PredictedStep> measured;
  for (const Anchor& anchor : list_) measured.push_back(anchor.step);
  practice::Carried carried = practice::carried(kinship(), measured, step);
  carried.left = std::sqrt(1 - std::pow(carried.correlation / contradiction(), 2));
  return carried;
}

double Anchors::contradiction() const {
  std::vector<practice::PredictedStep> measured;
  std::vector<double> errors;
  for (std::size_t i = 0; i < list_.size(); ++i) {
    measured.push_back(list_[i].step);
    errors.push_back(off(i, practice::Practice::tuned) / list_[i].step.deviation);
  }
  return practice::contradiction(kinship(), measured, errors);
}

double Anchors::off(std::size_t index, practice::Practice practice) const {
  const Anchor& anchor = list_[index];
  const practice::Account expected(belief_, practice, anchor.facts);
  return std::log(anchor.seconds / (anchor.predicted * expected.factor(practice::Scope::steady)));
}

double Anchors::surprise(std::size_t index, practice::Practice practice) const {
  return std::clamp(off(index, practice), -most(index), most(index));
}

bool Anchors::is_far_off(std::size_t index, practice::Practice practice) const {
  return std::abs(off(index, practice)) > most(index);
}

void anchor(Run& run, std::shared_ptr<const Anchors> anchors, const hardware::Cluster& cluster) {
  const practice::PredictedStep step = predicted_step(run, cluster);
  run.anchored = Anchored{anchors, anchors->carried(step)};
  for (std::size_t i = 0; i < anchors->list().size(); ++i)
    if (is_same_step(anchors->list()[i], run, step)) run.anchored->itself.push_back(i);
  narrow(run.interval, run.anchored->carried.left);
}

practice::Anchoring anchoring(Run& run, practice::Practice practice) {
  Anchored& anchored = *run.anchored;
  double shift = 0;
  std::string source = "measured: ";
  for (std::size_t i = 0; i < anchored.carried.gains.size(); ++i) {
    shift += anchored.carried.gains[i] * anchored.on->surprise(i, practice);
    source += (i == 0 ? "" : "; ") + anchored.on->list()[i].name;
  }
  if (!anchored.itself.empty()) {
    shift = 0;
    for (const std::size_t i : anchored.itself) shift += anchored.on->off(i, practice) / anchored.itself.size();
  }
  anchored.factor = std::exp(shift);
  return {anchored.factor, anchored.carried.left, std::move(source)};
}

}  // namespace chipmix::scenario
