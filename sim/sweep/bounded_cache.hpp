// A memory that does not grow without end.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <utility>

namespace chipmix::sweep {

/// Keeps the first so many values, and the last one. A sweep comes by its values in turns, or leaves them behind: in
/// turns those kept first are found again at every turn, where keeping the latest would find none.
template <class T>
class BoundedCache {
 public:
  explicit BoundedCache(std::size_t most) : most_(most) {}

  const T* find(const std::string& key) const {
    if (key == last_key_ && has_last_) return &last_;
    const auto found = kept_.find(key);
    return found == kept_.end() ? nullptr : &found->second;
  }

  const T& keep(std::string key, T value) {
    if (kept_.size() < most_) return kept_.emplace(std::move(key), std::move(value)).first->second;
    has_last_ = true;
    last_key_ = std::move(key);
    return last_ = std::move(value);
  }

 private:
  std::size_t most_;
  std::unordered_map<std::string, T> kept_;
  bool has_last_ = false;
  std::string last_key_;
  T last_{};
};

}  // namespace chipmix::sweep
