#include "planner/mix/shares.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "planner/mix/refusal.hpp"

namespace chipmix::planner {
namespace {

/// fp32 weights and momentum of the outer optimizer; see plan/job_plan.cpp.
constexpr double outer_bytes = 8;

std::vector<int> islands_of(const LaneDevices& devices) {
  std::vector<int> islands;
  for (std::size_t island = 0; island < devices.size(); ++island)
    if (devices[island] > 0) islands.push_back(static_cast<int>(island));
  return islands;
}

hardware::Cluster cluster_of(const hardware::Cluster& whole, const LaneDevices& devices) {
  hardware::Cluster cluster = whole;
  for (std::size_t island = 0; island < devices.size(); ++island) cluster.groups[island].devices = devices[island];
  return cluster;
}

int ranks_of(const hardware::Cluster& whole, const LaneDevices& devices) {
  int ranks = 0;
  for (std::size_t island = 0; island < devices.size(); ++island)
    ranks += devices[island] * whole.groups[island].device.ranks;
  return ranks;
}

}  // namespace

SharedBatch::SharedBatch(const workload::TrainingJob& job, const hardware::Cluster& cluster, const SearchSpace& space,
                         const std::vector<LaneDevices>& lanes, int sync_interval)
    : job_(job), cluster_(cluster), sync_interval_(sync_interval), lowering_(job), engine_(cluster) {
  int ranks = 0;
  for (const LaneDevices& devices : lanes) ranks += ranks_of(cluster, devices);
  for (const LaneDevices& devices : lanes) {
    hardware::Cluster own = cluster_of(cluster, devices);
    LaneSearch search(job, own, islands_of(devices), space, ranks - ranks_of(cluster, devices),
                      sync_interval > 1 ? outer_bytes : 0);
    const double rate = search.best_rate();
    lanes_.push_back({std::move(own), std::move(search), rate, islands_of(devices)});
  }
}

std::vector<SharedBatch::Shares> SharedBatch::all_shares() const {
  if (lanes_.size() == 1) return {{job_.global_batch}};
  const int quantum = share_quantum(job_.global_batch);
  std::vector<Shares> list;
  Shares shares;
  const std::function<void(int)> deal = [&](int left) {
    const int others = static_cast<int>(lanes_.size() - shares.size()) - 1;
    if (others == 0) {
      shares.push_back(left);
      list.push_back(shares);
      shares.pop_back();
      return;
    }
    for (int share = quantum; share + others * quantum <= left; share += quantum) {
      shares.push_back(share);
      deal(left - share);
      shares.pop_back();
    }
  };
  if (job_.global_batch >= quantum * static_cast<int>(lanes_.size())) deal(job_.global_batch);
  return list;
}

double SharedBatch::bound(const Shares& shares) const {
  double bound = 0;
  for (std::size_t lane = 0; lane < shares.size(); ++lane) bound = std::max(bound, shares[lane] / lanes_[lane].rate);
  return bound + sync_;
}

std::optional<plan::JobPlan> SharedBatch::join(const Shares& shares, const SearchLimits& effort, double cutoff) {
  std::vector<std::size_t> order(shares.size());
  std::iota(order.begin(), order.end(), 0);
  // Where a time has to be beaten the lane that is the least likely to is asked first: without it no other matters.
  if (cutoff < std::numeric_limits<double>::infinity())
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return shares[a] / lanes_[a].rate > shares[b] / lanes_[b].rate;
    });
  for (std::size_t lane : order) {
    const auto [entry, is_new] = lanes_[lane].answers.try_emplace(shares[lane]);
    if (is_new) entry->second = lanes_[lane].search.search(shares[lane], effort, cutoff);
    if (entry->second.best.empty()) return std::nullopt;
  }
  plan::JobPlan plan;
  plan.sync_interval = sync_interval_;
  for (std::size_t lane = 0; lane < shares.size(); ++lane)
    plan.lanes.push_back(lanes_[lane].answers.at(shares[lane]).best.front().plan);
  return plan;
}

double SharedBatch::step_time(const plan::JobPlan& plan) {
  return engine_.step_times(plan::lower(lowering_, plan, cluster_)).total();
}

std::optional<double> SharedBatch::least_sync() const {
  plan::JobProgram job;
  job.sync_interval = sync_interval_;
  bool is_apart = true;
  for (const Lane& lane : lanes_) {
    plan::Program program;
    for (int island : lane.islands) {
      plan::StageProgram stage;
      stage.node_group = island;
      stage.degrees.data = lane.cluster.groups[island].ranks();
      stage.parameters.dense = 1;
      program.stages.push_back(std::move(stage));
    }
    is_apart = is_apart && lane.islands.size() == 1;
    job.lanes.push_back(std::move(program));
  }
  if (is_apart) job.parameters = workload::count_parameters(job_.model).total;
  return engine_.sync_time(job);
}

void SharedBatch::settle(const Shares& shares, WayResult& result, const SearchLimits& effort) {
  const double cutoff = result.plan ? result.step_time : cutoff_;
  const auto plan = join(shares, effort, cutoff - sync_);
  if (!plan) return;
  const double time = step_time(*plan);
  if (time >= cutoff) return;
  result.plan = plan;
  result.step_time = time;
}

void SharedBatch::refuse(WayResult& result) {
  using estimate::Constraint;
  const auto because = [&](Constraint constraint, std::string reason) {
    result.constraint = constraint;
    result.reason = std::move(reason);
  };
  std::vector<LaneSteps> steps;
  for (Lane& lane : lanes_) {
    if (!lane.search.has_order()) return because(Constraint::layout, unjoined(cluster_, lane.islands));
    if (lane.rate == 0) return because(Constraint::layout, "no legal degrees divide the ranks, layers and heads");
    steps.push_back({lane_name(cluster_, lane.islands), lane.search.quanta()});
  }
  if (!can_share(job_.global_batch, steps)) return because(Constraint::batch, no_share(job_.global_batch, steps));
  for (const Lane& lane : lanes_)
    for (const auto& [sequences, answer] : lane.answers)
      if (answer.best.empty() && !answer.nearest_miss.empty())
        return because(Constraint::memory, "does not fit: " + answer.nearest_miss);
  because(Constraint::nothing_found, "nothing found that is legal, fits and divides the batch");
}

WayResult SharedBatch::plan(const SearchLimits& effort, double cutoff) {
  cutoff_ = cutoff;
  WayResult result;
  const auto sync = least_sync();
  if (!sync) {
    std::vector<int> islands;
    for (const Lane& lane : lanes_) islands.insert(islands.end(), lane.islands.begin(), lane.islands.end());
    result.constraint = estimate::Constraint::layout;
    result.reason = unjoined(cluster_, islands);
    return result;
  }
  sync_ = *sync;
  std::vector<std::pair<double, Shares>> list;
  for (Shares& shares : all_shares()) list.emplace_back(bound(shares), std::move(shares));
  std::stable_sort(list.begin(), list.end(), [](auto& a, auto& b) { return a.first < b.first; });
  for (const auto& [bound, shares] : list) {
    result.bound = bound;
    if (bound >= (result.plan ? result.step_time : cutoff_)) break;
    settle(shares, result, effort);
    if (effort.stop && effort.stop()) {
      result.complete = false;
      break;
    }
  }
  for (const Lane& lane : lanes_)
    for (const auto& [sequences, answer] : lane.answers) {
      result.considered += answer.considered;
      result.evaluated += answer.evaluated;
      result.complete = result.complete && answer.complete;
      if (lanes_.size() == 1 && !answer.complete) result.bound = answer.bound;
    }
  if (!result.plan) refuse(result);
  if (result.complete) result.bound = result.step_time;
  return result;
}

}  // namespace chipmix::planner
