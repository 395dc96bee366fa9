#include "sweep/plan_memo.hpp"

namespace chipmix::sweep {

Sought PlanMemo::find(const std::string& key, const std::function<Sought()>& search) {
  std::promise<Sought> promise;
  std::unique_lock lock(guard_);
  if (const auto found = known_.find(key); found != known_.end()) {
    const std::shared_future<Sought> other = found->second;
    lock.unlock();
    return other.get();
  }
  const bool is_kept = known_.size() < most_kept;
  if (is_kept) known_.emplace(key, promise.get_future().share());
  lock.unlock();
  if (!is_kept) return search();
  try {
    Sought sought = search();
    promise.set_value(sought);
    return sought;
  } catch (...) {
    promise.set_exception(std::current_exception());
    lock.lock();
    known_.erase(key);
    throw;
  }
}

}  // namespace chipmix::sweep
