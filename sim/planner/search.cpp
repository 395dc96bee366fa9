#include "planner/search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <numeric>

#include "engine/analytical/analytical.hpp"
#include "laws/memory.hpp"
#include "plan/lower.hpp"

namespace chipmix::planner {
namespace {

class Search {
 public:
  Search(const workload::TrainingJob& job, const hardware::Cluster& cluster, double headroom, int keep,
         const Progress& progress)
      : lowering_(job), engine_(cluster), headroom_(headroom), keep_(keep), progress_(progress) {}

  SearchResult run(const std::vector<plan::UniformPlan>& plans) {
    const auto start = std::chrono::steady_clock::now();
    result_.considered = static_cast<long long>(plans.size());
    bound(plans);
    evaluate(plans);
    result_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return std::move(result_);
  }

 private:
  struct Bounded {
    std::size_t plan = 0;
    double bound = 0;
  };

  const hardware::NodeGroup& group() const { return engine_.cluster().groups.front(); }

  plan::Program lower(const plan::UniformPlan& plan) {
    const auto& job = lowering_.job();
    return lowering_.lower(plan::lay_out(plan, job.model.layers, job.global_batch, 0, group().device.ranks),
                           engine_.cluster());
  }

  /// Neighbouring candidates often differ in settings only; their program is lowered and costed once.
  void take_shape(const plan::UniformPlan& plan) {
    plan::UniformPlan shape = plan;
    shape.recompute = plan::Recompute::none;
    shape.zero = plan::Zero::none;
    if (shape_ != shape) {
      program_ = lower(plan);
      work_ = engine_.work(program_);
      shape_ = shape;
    }
    program_.recompute = plan.recompute;
    program_.zero = plan.zero;
  }

  static engine::StageSettings settings(const plan::UniformPlan& plan) { return {plan.recompute, plan.zero}; }

  void bound(const std::vector<plan::UniformPlan>& plans) {
    for (std::size_t i = 0; i < plans.size(); ++i) {
      if (progress_ && i % 1024 == 0) progress_(0.8 * static_cast<double>(i) / static_cast<double>(plans.size()));
      take_shape(plans[i]);
      if (fits(plans[i])) bounded_.push_back({i, engine::lower_bound(work_, settings(plans[i]))});
    }
    result_.fitting = static_cast<long long>(bounded_.size());
    std::stable_sort(bounded_.begin(), bounded_.end(), [](auto& a, auto& b) { return a.bound < b.bound; });
  }

  /// Of equal neighbouring stages the first holds the most micro-batches, so only that one is looked at.
  bool fits(const plan::UniformPlan& plan) {
    const Bytes capacity = group().device.memory.value / group().device.ranks * (1 - headroom_);
    Bytes worst;
    for (int stage : work_.first_stage) {
      worst = max(worst, laws::stage_peak(program_, stage, group()));
      if (!bounded_.empty() && worst > capacity) return false;
    }
    if (worst <= capacity) return true;
    if (bounded_.empty() && (smallest_ == Bytes{} || worst < smallest_)) remember_miss(worst, plan);
    return false;
  }

  void remember_miss(Bytes worst, const plan::UniformPlan& plan) {
    smallest_ = worst;
    const auto& job = lowering_.job();
    const Bytes capacity = group().device.memory.value / group().device.ranks;
    result_.nearest_miss =
        fmt::format("{} needs {:.1f} GiB on a rank with {:.1f} GiB, {:.0f} % of which is kept free",
                    plan::to_text(plan::lay_out(plan, job.model.layers, job.global_batch, 0, group().device.ranks)),
                    gib(worst), gib(capacity), headroom_ * 100);
  }

  void evaluate(const std::vector<plan::UniformPlan>& plans) {
    for (std::size_t i = 0; i < bounded_.size(); ++i) {
      const bool full = static_cast<int>(result_.best.size()) >= keep_;
      if (full && bounded_[i].bound > result_.best.back().step_time) break;
      if (progress_ && i % 64 == 0)
        progress_(0.8 + 0.2 * static_cast<double>(i) / static_cast<double>(bounded_.size()));
      const plan::UniformPlan& plan = plans[bounded_[i].plan];
      take_shape(plan);
      insert({plan, engine_.step_times(work_, settings(plan)).total()});
      ++result_.evaluated;
    }
    if (progress_) progress_(1);
  }

  void insert(const Found& found) {
    const auto faster = [](const Found& a, const Found& b) {
      return a.step_time != b.step_time ? a.step_time < b.step_time : a.plan < b.plan;
    };
    auto& best = result_.best;
    best.insert(std::upper_bound(best.begin(), best.end(), found, faster), found);
    if (static_cast<int>(best.size()) > keep_) best.pop_back();
  }

  plan::Lowering lowering_;
  engine::AnalyticalEngine engine_;
  double headroom_;
  int keep_;
  const Progress& progress_;
  SearchResult result_;
  std::vector<Bounded> bounded_;
  std::optional<plan::UniformPlan> shape_;  ///< of program_ and work_
  plan::Program program_;
  engine::ProgramWork work_;
  Bytes smallest_;
};

}  // namespace

SearchResult search(const SearchSpace& space, const workload::TrainingJob& job, const hardware::Cluster& cluster,
                    int keep, const Progress& progress) {
  const hardware::NodeGroup& group = cluster.groups.front();
  return Search(job, cluster, space.headroom, keep, progress)
      .run(candidates(fill_defaults(space, job, group), job, group));
}

}  // namespace chipmix::planner
