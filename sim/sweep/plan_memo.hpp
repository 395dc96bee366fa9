// Plans found by search, kept for points at which the same search would be asked again.
#pragma once

#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "estimate/estimate.hpp"
#include "plan/plan.hpp"

namespace chipmix::sweep {

/// What a search came to: a plan, or why there is none.
struct Sought {
  std::optional<plan::UniformPlan> plan;
  std::optional<estimate::Infeasible> reason;
};

/// Shared by threads: who asks for what another one is looking for waits for it.
class PlanMemo {
 public:
  /// What `search` comes to, asked once for each key; an exception is not kept.
  Sought find(const std::string& key, const std::function<Sought()>& search);

 private:
  static constexpr std::size_t most_kept = 100'000;  ///< some hundred bytes each
  std::mutex guard_;
  std::unordered_map<std::string, std::shared_future<Sought>> known_;
};

}  // namespace chipmix::sweep
