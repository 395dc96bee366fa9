#include "planner/best_list.hpp"

#include <algorithm>
#include <tuple>

namespace chipmix::planner {
namespace {

bool is_faster(const Found& a, const Found& b) {
  return a.step_time != b.step_time ? a.step_time < b.step_time : a.plan < b.plan;
}

bool are_alike(const plan::UniformPlan& a, const plan::UniformPlan& b) {
  const auto key = [](const plan::UniformPlan& plan) {
    return std::tuple(plan.degrees.tensor, plan.pipeline, plan.degrees.context, plan.degrees.expert);
  };
  return key(a) == key(b);
}

}  // namespace

void BestList::insert(const Found& found) {
  if (diverse_) {
    const auto same =
        std::find_if(list_.begin(), list_.end(), [&](const Found& other) { return are_alike(other.plan, found.plan); });
    if (same != list_.end() && !is_faster(found, *same)) return;
    if (same != list_.end()) list_.erase(same);
  }
  list_.insert(std::upper_bound(list_.begin(), list_.end(), found, is_faster), found);
  if (static_cast<int>(list_.size()) > keep_) list_.pop_back();
}

}  // namespace chipmix::planner
