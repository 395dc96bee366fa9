// Looks a config.json's values up under any of the spellings that its families use, and notes which were looked up.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "io/value.hpp"

namespace chipmix::workload {

using Spellings = std::vector<std::string_view>;

/// An object whose keys are read. Copies share the note of what was read. Some families put attention and MLP into
/// objects of their own ("attn_config", "ffn_config"): their keys are found as if they stood outside.
class Keys {
 public:
  Keys(const io::Value& object) : object_(object), read_(std::make_shared<std::set<std::string, std::less<>>>()) {}

  const io::Value& object() const { return object_; }
  std::optional<io::Value> find(std::string_view key) const;
  /// The keys need no more reading: they are understood, or do not matter here.
  void pass_over(const Spellings& keys) const;
  bool was_read(std::string_view key) const { return read_->find(key) != read_->end(); }

 private:
  io::Value object_;
  std::shared_ptr<std::set<std::string, std::less<>>> read_;
};

/// Objects whose keys belong to the object around them.
const std::vector<std::string_view>& inner_objects();

/// The largest counts read: far above any model, low enough that no product of two overflows.
inline constexpr int most_layers = 10'000;
inline constexpr int most = 20'000'000;

/// The value of the first spelling that is there and not null. Another spelling with another value is a fault.
std::optional<io::Value> find_any(const Keys& config, const Spellings& spellings);

/// Whether one of the keys is there and not null.
bool has_any(const Keys& config, const Spellings& keys);

/// A whole number from `low` to `high`; a list of equal ones (one per layer) reads as one. Absent or null: nothing.
/// Anything else is a fault.
std::optional<int> count(const Keys& config, const Spellings& spellings, int low = 0, int high = most);

/// The same; that it is absent is a fault too, which names all spellings. Returns 0 on a fault.
int required_count(const Keys& config, const Spellings& spellings, int low = 1, int high = most);

bool flag(const Keys& config, const Spellings& spellings, bool otherwise);
std::optional<std::string> text(const Keys& config, const Spellings& spellings);

/// Records the fault at the value of the first key that is there, or at the whole configuration.
void fault(const Keys& config, const Spellings& spellings, std::string message, std::string hint = "");

/// Records a fault at every key that was not read, says something and sounds as if it shaped the model. What was left
/// out (a vision tower) goes to `assumed`.
void refuse_unread(const Keys& config, std::vector<std::string>& assumed);
/// The same of an object that holds the language model in one of its own, `text`.
void refuse_unread_around(const Keys& root, std::string_view text, std::vector<std::string>& assumed);

}  // namespace chipmix::workload
