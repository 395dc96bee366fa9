// Finding and checking single values of a config.json.
#include "workload/hf_keys.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace chipmix::workload {
namespace {

std::optional<int> checked(const io::Value& value, std::string_view key, int low, int high) {
  const auto number = value.as_integer();
  if (!number) return std::nullopt;
  if (*number >= low && *number <= high) return static_cast<int>(*number);
  value.error(fmt::format("'{}' must be from {} to {}, found {}", key, low, high, *number));
  return std::nullopt;
}

std::optional<int> common(const io::Value& list, std::string_view key, int low, int high) {
  std::optional<int> first;
  for (const io::Value& element : list.as_list()) {
    const auto number = checked(element, key, low, high);
    if (!number) return std::nullopt;
    if (first && *number != *first) {
      element.error(fmt::format("'{}' differs between layers: {} and {}", key, *first, *number),
                    "layers that differ in this are not supported");
      return std::nullopt;
    }
    first = number;
  }
  if (!first) list.error(fmt::format("'{}' is an empty list", key));
  return first;
}

}  // namespace

const std::vector<std::string_view>& inner_objects() {
  static const std::vector<std::string_view> names{"attn_config", "ffn_config"};
  return names;
}

std::optional<io::Value> Keys::find(std::string_view key) const {
  read_->emplace(key);
  if (auto value = object_.find(key); value && !value->is_null()) return value;
  for (const std::string_view name : inner_objects())
    if (const auto inner = object_.find(name); inner && inner->is_object())
      if (auto value = inner->find(key); value && !value->is_null()) return value;
  return std::nullopt;
}

void Keys::pass_over(const Spellings& keys) const { read_->insert(keys.begin(), keys.end()); }

namespace {

/// A list of equal numbers says the same as the number.
bool says_the_same(const io::Value& a, const io::Value& b) {
  return a.is_list() || b.is_list() || a.to_json() == b.to_json();
}

}  // namespace

std::optional<io::Value> find_any(const Keys& config, const Spellings& spellings) {
  std::optional<io::Value> found;
  std::string_view name;
  for (const std::string_view key : spellings) {
    const auto value = config.find(key);
    if (!value) continue;
    if (found && !says_the_same(*found, *value))
      value->error(fmt::format("'{}' and '{}' mean the same and differ: {} and {}", name, key, found->to_json(),
                               value->to_json()));
    if (!found) found = value, name = key;
  }
  return found;
}

bool has_any(const Keys& config, const Spellings& keys) {
  bool has = false;
  for (const std::string_view key : keys) has = config.find(key).has_value() || has;  // every one is read
  return has;
}

std::optional<int> count(const Keys& config, const Spellings& spellings, int low, int high) {
  const auto value = find_any(config, spellings);
  if (!value) return std::nullopt;
  const std::string pointer = value->pointer(), key = pointer.substr(pointer.find_last_of('/') + 1);
  return value->is_list() ? common(*value, key, low, high) : checked(*value, key, low, high);
}

int required_count(const Keys& config, const Spellings& spellings, int low, int high) {
  if (find_any(config, spellings)) return count(config, spellings, low, high).value_or(0);
  config.object().error(fmt::format("missing key '{}'", spellings.front()),
                        spellings.size() > 1 ? fmt::format("accepted spellings: {}", fmt::join(spellings, ", ")) : "");
  return 0;
}

bool flag(const Keys& config, const Spellings& spellings, bool otherwise) {
  const auto value = find_any(config, spellings);
  return value ? value->as_boolean().value_or(otherwise) : otherwise;
}

std::optional<std::string> text(const Keys& config, const Spellings& spellings) {
  const auto value = find_any(config, spellings);
  return value ? value->as_text() : std::nullopt;
}

void fault(const Keys& config, const Spellings& spellings, std::string message, std::string hint) {
  for (const std::string_view key : spellings)
    if (const auto value = config.find(key)) return value->error(std::move(message), std::move(hint));
  config.object().error(std::move(message), std::move(hint));
}

}  // namespace chipmix::workload
